// Package table holds tables of text, such as "ours | printed | difference",
// and writes them as CSV, as aligned text for a terminal, and as HTML for a
// notebook.
package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"distillation/kdlib/internal/csvfile"
)

// Table is a title, rows of cells under named columns, and notes below. A note may tell where the printed numbers contradict
// each other.
type Table struct {
	Title   string
	Columns []Column
	Rows    [][]string // one cell a column; numbers as CSV has them; "" for unknown
	Notes   []string
}

// Column names a column. Numbers are set flush right, text flush left.
type Column struct {
	Name   string
	Number bool
}

// Text is a column of text.
func Text(name string) Column { return Column{Name: name} }

// Number is a column of numbers.
func Number(name string) Column { return Column{Name: name, Number: true} }

// Add appends a row. It panics if there are not as many cells as columns.
func (t *Table) Add(cells ...string) {
	if len(cells) != len(t.Columns) {
		panic(fmt.Errorf("table: %s: row %d: got %d cells, want %d", t.Title, len(t.Rows), len(cells), len(t.Columns)))
	}
	t.Rows = append(t.Rows, cells)
}

// Decimals is how many decimals the paper prints.
const Decimals = 5

// Fixed writes a number with this many decimals, and never as "-0".
func Fixed(value float64, decimals int) string {
	text := strconv.FormatFloat(value, 'f', decimals, 64)
	if strings.HasPrefix(text, "-") && strings.Trim(text, "-0.") == "" {
		return text[1:]
	}
	return text
}

// Signed is Fixed with a plus sign if the written number is greater than 0.
func Signed(value float64, decimals int) string {
	text := Fixed(value, decimals)
	if value > 0 && !math.IsInf(value, 1) && strings.Trim(text, "0.") != "" {
		return "+" + text
	}
	return text
}

// Versus are the three cells "ours | printed | difference" with the paper's five decimals. The difference is ours minus
// printed. If the paper has no number, printed is "" and the difference is empty too. Versus panics if printed is no number.
func Versus(ours float64, printed string) []string {
	if printed == "" {
		return []string{Fixed(ours, Decimals), "", ""}
	}
	value, err := strconv.ParseFloat(printed, 64)
	if err != nil {
		panic(fmt.Errorf("table: printed: got %q, want a number", printed))
	}
	return []string{Fixed(ours, Decimals), printed, Signed(ours-value, Decimals)}
}

// WriteCSV writes the columns' names and the rows, without title and notes.
func (t Table) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write(t.names())
	for _, row := range t.Rows {
		out.Write(row)
	}
	out.Flush()
	if err := out.Error(); err != nil { // the first error of any Write
		return fmt.Errorf("table: %s: %w", t.Title, err)
	}
	return nil
}

// SaveCSV writes what WriteCSV writes to a file, whole or not at all.
func (t Table) SaveCSV(path string) error {
	if err := csvfile.Write(path, t.names(), len(t.Rows), func(i int) []string { return t.Rows[i] }); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	return nil
}

func (t Table) names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}
