package images

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/predictions"
)

// An Entry says which set a picture belongs to.
type Entry struct {
	ID    string
	Set   predictions.Set
	Label int // by hand: 0 cat, 1 dog
}

// A Manifest is a split: which pictures, in which set, with which label.
type Manifest []Entry

// manifestHeader is the first line of a manifest's CSV.
var manifestHeader = []string{"id", "set", "label"}

// Of returns the entries of one set, in order.
func (m Manifest) Of(set predictions.Set) Manifest {
	var of Manifest
	for _, e := range m {
		if e.Set == set {
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

// Write writes the CSV id,set,label, whole or not at all.
func (m Manifest) Write(path string) error {
	err := csvfile.Write(path, manifestHeader, len(m), func(i int) []string {
		return []string{m[i].ID, string(m[i].Set), strconv.Itoa(m[i].Label)}
	})
	if err != nil {
		return fmt.Errorf("images: %w", err)
	}
	return nil
}

// ReadManifest reads what Write wrote. It is strict: another header, an empty
// or double ID, an unknown set, a label other than 0 and 1, or no entries are
// errors that name file, line and value.
func ReadManifest(path string) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	defer f.Close()
	m, err := parseManifest(f)
	if err != nil {
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	return m, nil
}

func parseManifest(r io.Reader) (Manifest, error) {
	c := csv.NewReader(r)
	header, err := c.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("empty file, want the header %q", manifestHeader)
	}
	if err == nil && !slices.Equal(header, manifestHeader) {
		err = fmt.Errorf("line 1: header %q, want %q", header, manifestHeader)
	}
	if err != nil {
		return nil, err
	}
	var m Manifest
	lines := map[string]int{} // of each ID
	for {
		record, err := c.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err // names the line
		}
		line, _ := c.FieldPos(0)
		e, err := parseEntry(record)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if before, ok := lines[e.ID]; ok {
			return nil, fmt.Errorf("line %d: id %q stands in line %d already", line, e.ID, before)
		}
		lines[e.ID] = line
		m = append(m, e)
	}
	if len(m) == 0 {
		return nil, fmt.Errorf("no entries after the header")
	}
	return m, nil
}

func parseEntry(record []string) (Entry, error) {
	e := Entry{ID: record[0]}
	if err := predictions.CheckID(e.ID); err != nil {
		return e, fmt.Errorf("id: %w", err)
	}
	var err error
	if e.Set, err = predictions.ParseSet(record[1]); err != nil {
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
