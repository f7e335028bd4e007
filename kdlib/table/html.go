package table

import (
	"fmt"
	"html"
	"strings"
)

// Styles stand in the elements, because a notebook keeps no style sheet; colours
// are inherited or half transparent, to be readable in light and dark themes.
const (
	tableStyle   = "border-collapse:collapse;margin:0.5em 0;font-variant-numeric:tabular-nums"
	captionStyle = "caption-side:top;text-align:left;font-weight:bold;padding:0.3em 0;color:inherit"
	headStyle    = "padding:0.3em 0.55em;border-bottom:2px solid rgba(128,128,128,0.7)"
	cellStyle    = "padding:0.25em 0.55em;border-bottom:1px solid rgba(128,128,128,0.25)"
	noteStyle    = "margin:0.2em 0;font-size:90%;opacity:0.8"
)

// HTML is the table as an HTML fragment without scripts, every text escaped.
func (t Table) HTML() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<div><table style=%q>", tableStyle)
	if t.Title != "" {
		fmt.Fprintf(&b, "<caption style=%q>%s</caption>", captionStyle, html.EscapeString(t.Title))
	}
	b.WriteString("<thead><tr>")
	for _, c := range t.Columns {
		fmt.Fprintf(&b, `<th scope="col" style="%s;%s">%s</th>`, headStyle, c.align(), html.EscapeString(c.Name))
	}
	b.WriteString("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		b.WriteString("<tr>")
		for i, cell := range row {
			fmt.Fprintf(&b, `<td style="%s;%s">%s</td>`, cellStyle, t.Columns[i].align(), html.EscapeString(t.Columns[i].typeset(cell)))
		}
		b.WriteString("</tr>\n")
	}
	b.WriteString("</tbody></table>")
	for _, note := range t.Notes {
		fmt.Fprintf(&b, "<p style=%q>Note: %s</p>", noteStyle, html.EscapeString(note))
	}
	b.WriteString("</div>")
	return b.String()
}

func (c Column) align() string {
	if c.Number {
		return "text-align:right;white-space:nowrap"
	}
	return "text-align:left"
}
