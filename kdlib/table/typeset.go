package table

import "regexp"

// negative is the hyphen before a number, at the beginning, after a space or after
// a parenthesis; that of "1e-05" or "--lr" is none.
var negative = regexp.MustCompile(`(^|[ (\[])-([0-9]|Inf)`)

// unknown stands for a number that there is not.
const unknown = "–"

// typeset is a cell as readers of HTML and Markdown see it, not as programs read it
// in CSV: numbers with a true minus sign, as wide as the plus sign, also within
// text, and an unknown number as a dash.
func (c Column) typeset(cell string) string {
	if c.Number && cell == "" {
		return unknown
	}
	return negative.ReplaceAllString(cell, "${1}−${2}")
}
