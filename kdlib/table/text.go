package table

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// columnGap stands between columns of text.
const columnGap = "  "

// WriteText writes the table for a terminal, in columns of equal width.
func (t Table) WriteText(w io.Writer) error {
	_, err := io.WriteString(w, t.String())
	return err
}

// String is the table as WriteText writes it, so that fmt.Println shows one.
func (t Table) String() string {
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "%s\n\n", t.Title)
	}
	widths := t.widths()
	rules := make([]string, len(widths))
	for i, width := range widths {
		rules[i] = strings.Repeat("-", width)
	}
	b.WriteString(t.line(t.names(), widths) + t.line(rules, widths))
	for _, row := range t.Rows {
		shown := slices.Clone(row)
		for i, cell := range row {
			if t.Columns[i].Number && cell == "" {
				shown[i] = unknown
			}
		}
		b.WriteString(t.line(shown, widths))
	}
	if len(t.Notes) > 0 {
		b.WriteString("\n")
	}
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "Note: %s\n", note)
	}
	return b.String()
}

// widths are the numbers of characters of the widest cells.
func (t Table) widths() []int {
	widths := make([]int, len(t.Columns))
	for _, row := range append([][]string{t.names()}, t.Rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	return widths
}

// line pads the cells of a row.
func (t Table) line(row []string, widths []int) string {
	cells := make([]string, len(row))
	for i, cell := range row {
		padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if t.Columns[i].Number {
			cells[i] = padding + cell
		} else {
			cells[i] = cell + padding
		}
	}
	return strings.TrimRight(strings.Join(cells, columnGap), " ") + "\n"
}
