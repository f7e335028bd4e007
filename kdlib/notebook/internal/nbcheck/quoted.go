package nbcheck

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/table"
)

// A quotation of a result is a link to the table that holds it, whose title tells row and column:
//
//	The soft student reaches [0.871](../figures/tables/3_scores.csv "soft / test / hand / without / accuracy").
//
// All but the last part are cells of the row, the last one is the name of the column. Where columns share a name, the first
// counts.
var quotation = regexp.MustCompile(`\[([^\][]+)\]\(([^() ]+\.csv) "([^"]+)"\)`)

// bare finds numbers that look measured, by their three or more decimals.
var bare = regexp.MustCompile(`\d+\.\d{3,}`)

// block finds what is no prose: code, formulas, and the tables that a program writes between two marks.
var block = regexp.MustCompile("(?s)```.*?```|`[^`]*`|<!-- tables of.*?: begin -->.*?: end -->|\\$[^$]*\\$")

// QuoteFaults lists what is wrong with the numbers in a text in markdown that lies in a folder: quotations that the tables
// do not hold, and numbers of three or more decimals that are neither quoted nor known.
func QuoteFaults(text, folder string, known []string) []string {
	var faults []string
	text = block.ReplaceAllString(text, "")
	for _, q := range quotation.FindAllStringSubmatch(text, -1) {
		if err := checkQuotation(q[1], filepath.Join(folder, q[2]), strings.Split(q[3], " / ")); err != nil {
			faults = append(faults, fmt.Sprintf("%s: %v", q[0], err))
		}
	}
	for _, number := range bare.FindAllString(quotation.ReplaceAllString(text, ""), -1) {
		if !slices.Contains(known, number) {
			faults = append(faults, fmt.Sprintf("%s: neither quoted from a table nor a known number", number))
		}
	}
	return faults
}

func checkQuotation(said, path string, place []string) error {
	last := len(place) - 1
	found, err := table.ReadCell(path, place[last], place[:last]...)
	if err != nil {
		return err
	}
	if !sameValue(said, found) {
		return fmt.Errorf("the table has %q", found)
	}
	return nil
}

// sameValue says whether a text is a cell, or the cell's number rounded, as it is or in percent.
func sameValue(said, cell string) bool {
	if said == cell {
		return true
	}
	value, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return false
	}
	number, percent := strings.CutSuffix(said, " %")
	if percent {
		value *= 100
	}
	_, decimals, _ := strings.Cut(number, ".")
	return strings.TrimPrefix(strconv.FormatFloat(value, 'f', len(decimals), 64), "-") == strings.TrimPrefix(number, "-") &&
		strings.HasPrefix(number, "-") == (value < 0)
}
