package predictions

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/internal/csvfile"

	"golang.org/x/text/unicode/norm"
)

// The columns of a file.
const (
	ColumnID    = "id"
	ColumnSplit = "set"
	ColumnLabel = "label"
	ColumnP     = "p"
	ColumnLogit = "logit" // of networks, see Row.Logit

	ColumnMirrored = "p_mirrored" // of WriteMirrored
)

// columns that each file of Write has, in their order, and WriteMirrored before its own.
var columns = []string{ColumnID, ColumnSplit, ColumnLabel, ColumnP}

// allColumns are what Read reads.
var allColumns = Columns{Needed: columns, Welcome: []string{ColumnLogit}}

// Columns says what to read of a file; all others are ignored.
type Columns struct {
	Needed  []string // an error where one is missing
	Welcome []string // read where they are there; else the rows' fields stay zero
}

// Read reads a file of predictions. It is strict: a missing or repeated
// column, a value outside its range, a duplicate id, a logit whose sigmoid is not p, or a file without rows is
// an error that names file, line and value. Columns may come in any order, and
// further columns are ignored. Files of other programs may be compressed by gzip, in UTF-16, and with semicolons or tabs in the place
// of commas.
func Read(path string) (Table, error) { return ReadColumns(path, allColumns) }

// ReadMirrored reads a file that WriteMirrored wrote, with p_mirrored in the place of p. A file without that column is an error.
func ReadMirrored(path string) (Table, error) {
	return ReadColumns(path, Columns{Needed: []string{ColumnID, ColumnSplit, ColumnLabel, ColumnMirrored}})
}

// Parse is Read for data that is not in a file. Error messages begin with name.
func Parse(r io.Reader, name string) (Table, error) {
	c := collector{of: allColumns, lines: map[string]int{}}
	err := csvfile.ParseColumns(r, c.pick, c.add)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return c.done(name, err)
}

// ReadColumns is Read for files that lack columns which are not asked for.
func ReadColumns(path string, of Columns) (Table, error) {
	c := collector{of: of, lines: map[string]int{}}
	return c.done(path, csvfile.ReadColumns(path, c.pick, c.add))
}

// ReadProbabilities reads a file of predictions from anywhere. It needs only the columns id and p, takes a logit, and ignores all
// others. Split and Label of the rows are empty.
func ReadProbabilities(path string) (Table, error) {
	return ReadColumns(path, Columns{Needed: []string{ColumnID, ColumnP}, Welcome: []string{ColumnLogit}})
}

// A collector makes a table of rows.
type collector struct {
	of      Columns
	columns []string // that are read
	table   Table
	lines   map[string]int // of each id
}

func (c *collector) pick(header []string) []string {
	c.columns = slices.Clone(c.of.Needed)
	for _, column := range c.of.Welcome {
		if column == ColumnLogit && !slices.Contains(c.of.Needed, ColumnP) {
			continue // it is that of p, not of p_mirrored
		}
		if slices.Contains(header, column) {
			c.columns = append(c.columns, column)
		}
	}
	return c.columns
}

func (c *collector) add(line int, fields []string) error {
	var row Row
	for i, column := range c.columns {
		if err := row.set(column, fields[i]); err != nil {
			return fmt.Errorf("%s: %w", column, err)
		}
	}
	if slices.Contains(c.columns, ColumnID) {
		if first, seen := c.lines[row.ID]; seen {
			return fmt.Errorf("id: got %q again, first on line %d, want each id once", row.ID, first)
		}
		c.lines[row.ID] = line
	}
	if len(c.table) > 0 && row.HasLogit != c.table[0].HasLogit {
		return errors.New("logit: want a number in every row or in none")
	}
	c.table = append(c.table, row)
	return nil
}

func (c *collector) done(name string, err error) (Table, error) {
	if err != nil {
		return nil, fmt.Errorf("predictions: %w", err)
	}
	if len(c.table) == 0 {
		return nil, fmt.Errorf("predictions: %s: got a header without rows, want at least one prediction", name)
	}
	return c.table, nil
}

// set reads the field of a column.
func (row *Row) set(column, text string) (err error) {
	switch column {
	case ColumnID:
		row.ID = norm.NFC.String(text) // both forms of a name are one, as in package images
		return CheckID(row.ID)
	case ColumnSplit:
		if row.Split, err = ParseSplit(text); err != nil {
			return fmt.Errorf("got %q, want %q, %q or %q", text, Train, Validation, Test)
		}
	case ColumnLabel:
		row.Label, err = unit(text)
	case ColumnP, ColumnMirrored:
		row.P, err = unit(text)
	case ColumnLogit:
		return row.setLogit(text)
	default:
		return fmt.Errorf("got a column of that name, want one of %q", columns)
	}
	return err
}

// setLogit reads a logit of the row's p, which the columns before it have; "" is none.
func (row *Row) setLogit(text string) error {
	if text == "" {
		return nil
	}
	z, err := strconv.ParseFloat(text, 64)
	if err != nil || !isLogit(z, row.P) {
		return fmt.Errorf("got %q, want a finite number whose sigmoid is p, %v", text, row.P)
	}
	row.Logit, row.HasLogit = z, true
	return nil
}

// isLogit tells whether p is the sigmoid of z, as far as a p of three digits can be.
func isLogit(z, p float64) bool {
	const tolerance = 1e-3
	return math.Abs(z) <= math.MaxFloat64 && math.Abs(1/(1+math.Exp(-z))-p) <= tolerance
}

// unit reads a number in [0, 1].
func unit(text string) (float64, error) {
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil && strings.Contains(text, ","):
		return 0, fmt.Errorf("got %q, want a number in [0, 1], with a point before its decimals", text)
	case err != nil || !inUnit(value):
		return 0, fmt.Errorf("got %q, want a number in [0, 1]", text)
	}
	return value, nil
}

// inUnit tells whether a value lies in [0, 1]; NaN does not.
func inUnit(value float64) bool { return value >= 0 && value <= 1 }
