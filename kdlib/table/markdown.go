package table

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the columns and rows as a Markdown table, without title and notes.
// Minus signs are set as in HTML.
func (t Table) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	rule := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		rule[i] = "---"
		if c.Number {
			rule[i] = "---:"
		}
	}
	escape := strings.NewReplacer("|", `\|`, "\n", " ")
	for i, row := range append([][]string{t.names(), rule}, t.Rows...) {
		b.WriteString("|")
		for k, cell := range row {
			if i > 1 {
				cell = t.Columns[k].typeset(cell)
			}
			if i != 1 {
				cell = escape.Replace(cell)
			}
			fmt.Fprintf(&b, " %s |", cell)
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
