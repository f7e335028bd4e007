package images

import (
	"fmt"
	"slices"
	"strconv"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/predictions"

	"golang.org/x/text/unicode/norm"
)

// An Entry says which set a picture belongs to.
type Entry struct {
	ID    string
	Split predictions.Split
	Label int    // ground truth: 0 cat, 1 dog
	Class string // the label's name; "" for cat and dog
}

// A Manifest is a split: which pictures, in which set, with which label.
type Manifest []Entry

// manifestHeader is the first line of a manifest's CSV; one of other classes than cats and dogs has their names, too.
var (
	manifestHeader = []string{"id", "set", "label"}
	namedHeader    = append(slices.Clip(manifestHeader), "class")
)

// Classes returns the names of the labels 0 and 1, or "" for a label whose name the entries do not tell.
func (m Manifest) Classes() (classes [2]string) {
	for _, e := range m {
		classes[e.Label] = e.Class
	}
	return classes
}

// Of returns the entries of one set, in order.
func (m Manifest) Of(split predictions.Split) Manifest {
	var of Manifest
	for _, e := range m {
		if e.Split == split {
			of = append(of, e)
		}
	}
	return of
}

// IDs returns the entries' IDs, in order.
func (m Manifest) IDs() []string {
	ids := make([]string, len(m))
	for i, e := range m {
		ids[i] = e.ID
	}
	return ids
}

// Write writes the CSV id,set,label, of other classes than cats and dogs id,set,label,class, whole or not at all.
func (m Manifest) Write(path string) error {
	header := manifestHeader
	if m.Classes() != [2]string{} {
		header = namedHeader
	}
	err := csvfile.Write(path, header, len(m), func(i int) []string {
		return []string{m[i].ID, string(m[i].Split), strconv.Itoa(m[i].Label), m[i].Class}[:len(header)]
	})
	if err != nil {
		return fmt.Errorf("images: %w", err)
	}
	return nil
}

// ReadManifest reads what Write wrote. It is strict: errors name file, line and value of another header, an empty or double ID,
// an unknown set, a label other than 0 and 1, or two names of a label. A file without entries is an error too.
func ReadManifest(path string) (Manifest, error) {
	var m Manifest
	if err := csvfile.ReadOneOf(path, [][]string{manifestHeader, namedHeader}, m.adder()); err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	if len(m) == 0 {
		return nil, fmt.Errorf("images: %s: got no entries after the header, want at least one", path)
	}
	return m, nil
}

// adder appends the entry of each row, and refuses an ID that it has met.
func (m *Manifest) adder() csvfile.Row {
	lines := map[string]int{} // of each ID
	var classes [2]string
	return func(line int, record []string) error {
		e, err := parseEntry(record)
		if err != nil {
			return err
		}
		if before, met := lines[e.ID]; met {
			return fmt.Errorf("id %q stands in line %d already", e.ID, before)
		}
		if class := &classes[e.Label]; *class == "" {
			*class = e.Class
		} else if *class != e.Class {
			return fmt.Errorf("class: got %q of the label %d, which was %q before", e.Class, e.Label, *class)
		}
		lines[e.ID] = line
		*m = append(*m, e)
		return nil
	}
}

func parseEntry(record []string) (Entry, error) {
	e := Entry{ID: norm.NFC.String(record[0])}
	if len(record) > len(manifestHeader) {
		if e.Class = norm.NFC.String(record[3]); predictions.CheckID(e.Class) != nil {
			return e, fmt.Errorf("class: %w", predictions.CheckID(e.Class))
		}
	}
	if err := predictions.CheckID(e.ID); err != nil {
		return e, fmt.Errorf("id: %w", err)
	}
	var err error
	if e.Split, err = predictions.ParseSplit(record[1]); err != nil {
		return e, err
	}
	switch record[2] {
	case "0":
	case "1":
		e.Label = 1
	default:
		return e, fmt.Errorf("label %q, want 0 or 1", record[2])
	}
	return e, nil
}
