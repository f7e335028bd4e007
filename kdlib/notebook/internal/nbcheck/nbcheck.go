// Package nbcheck finds what is wrong with a notebook that is to be committed:
// it must be executed without errors, small, readable without the network, the
// same on every machine, and its cells thin.
package nbcheck

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits of a notebook.
const (
	MaxBytes    = 1_600_000 // of the file, pictures and the predictions of the live page inside
	MaxLines    = 25        // that are not empty, of a code cell: two networks and their study take so many
	MedianLines = 6         // of all code cells
	Kernel      = "gonb"    // name of the kernel spec
)

// notebook is what is checked of nbformat 4.
type notebook struct {
	Cells    []cell
	Metadata struct {
		Kernelspec struct{ Name string }
	}
	Nbformat      int
	NbformatMinor int `json:"nbformat_minor"`
}

type cell struct {
	ID             string
	CellType       string `json:"cell_type"`
	Source         text
	ExecutionCount *int `json:"execution_count"`
	Outputs        []output
}

type output struct {
	OutputType string `json:"output_type"`
	Name       string // of a stream
	Text       text   // of a stream
	Data       map[string]json.RawMessage
}

// text is a string that nbformat may split into lines.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// Faults lists what is wrong with a notebook's file, a line each.
func Faults(data []byte) []string {
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil {
		return []string{"not a notebook: " + err.Error()}
	}
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if nb.Nbformat != 4 || nb.NbformatMinor < 5 {
		fault("nbformat %d.%d, want 4.5 or a later 4", nb.Nbformat, nb.NbformatMinor)
	}
	if nb.Metadata.Kernelspec.Name != Kernel {
		fault("kernel %q, want %q", nb.Metadata.Kernelspec.Name, Kernel)
	}
	if len(data) > MaxBytes {
		fault("%d bytes, want at most %d", len(data), MaxBytes)
	}
	ids := map[string]bool{}
	var lengths []int
	for i, c := range nb.Cells {
		if c.ID == "" || ids[c.ID] {
			fault("cell %d: id %q is empty or there twice", i, c.ID)
		}
		ids[c.ID] = true
		for _, f := range c.faults() {
			fault("cell %d (%.40q): %s", i, string(c.Source), f)
		}
		if c.CellType == "code" {
			lengths = append(lengths, lines(string(c.Source)))
		}
	}
	if slices.Sort(lengths); len(lengths) == 0 || lengths[len(lengths)/2] > MedianLines {
		fault("code cells of %v lines, want a median of at most %d", lengths, MedianLines)
	}
	return faults
}

var (
	loop = regexp.MustCompile(`(?m)^\s*for\b`)
	// machinePath are folders that differ from machine to machine.
	machinePath = regexp.MustCompile(`/(work|root|tmp|home|Users)/`)
	// embedded is the content of a picture, which may hold any letters.
	embedded = regexp.MustCompile(`data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+`)
	// fetched is what a browser would load from the network. A script may stand in the page, but not come from elsewhere
	// or open connections.
	fetched = regexp.MustCompile(`(?i)<script[^>]*\bsrc|\b(src|href)\s*=\s*\\?["']?\s*(https?:)?//|@import|url\(\s*["']?https?:|\b(fetch|import|importScripts|WebSocket|EventSource|XMLHttpRequest)\(`)
)

func (c cell) faults() []string {
	var faults []string
	if path := machinePath.FindString(string(c.Source)); path != "" {
		faults = append(faults, "source names the machine's folder "+path)
	}
	if c.CellType != "code" {
		return faults
	}
	if n := lines(string(c.Source)); n > MaxLines {
		faults = append(faults, fmt.Sprintf("%d lines, want at most %d", n, MaxLines))
	}
	if loop.MatchString(string(c.Source)) {
		faults = append(faults, "a loop: it belongs in kdlib")
	}
	if c.ExecutionCount == nil {
		faults = append(faults, "not executed")
	}
	for _, o := range c.Outputs {
		faults = append(faults, o.faults()...)
	}
	return faults
}

func (o output) faults() []string {
	var faults []string
	if o.OutputType == "error" || o.Name == "stderr" {
		faults = append(faults, "output "+o.OutputType+" "+o.Name+": "+string(o.Text))
	}
	content := string(o.Text)
	for _, data := range o.Data {
		content += string(data)
	}
	content = embedded.ReplaceAllString(content, "")
	if path := machinePath.FindString(content); path != "" {
		faults = append(faults, "output names the machine's folder "+path)
	}
	if address := fetched.FindString(content); address != "" {
		faults = append(faults, "output loads from the network: "+address)
	}
	return faults
}

// imports is a cell's list of what it uses, which is no work of the cell's.
var imports = regexp.MustCompile(`(?m)^import (\((?s:.*?)^\)|".*")$`)

// lines counts the lines that are not empty, but for imports.
func lines(source string) int {
	n := 0
	for line := range strings.Lines(imports.ReplaceAllString(source, "")) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}
