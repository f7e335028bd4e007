package predictions

import (
	"fmt"
	"io"
	"strconv"

	"distillation/kdlib/internal/csvfile"

	"golang.org/x/text/unicode/norm"
)

// columns of a file, in the order that Write gives them, and those that a file of predictions of any origin needs.
var (
	columns            = []string{"id", "set", "label", "p"}
	probabilityColumns = []string{"id", "p"}
	mirroredColumns    = []string{"id", "set", "label", mirroredColumn}
)

const mirroredColumn = "p_mirrored"

// Read reads a file of predictions. It is strict: a missing or repeated
// column, a value outside its range, a duplicate id, or a file without rows is
// an error that names file, line and value. Columns may come in any order, and
// further columns are ignored.
func Read(path string) (Table, error) {
	return collect(path, func(row csvfile.Row) error { return csvfile.ReadColumns(path, columns, row) }, parseRow)
}

// ReadMirrored reads a file that WriteMirrored wrote, with p_mirrored in the place of p. A file without that column is an error.
func ReadMirrored(path string) (Table, error) {
	return collect(path, func(row csvfile.Row) error { return csvfile.ReadColumns(path, mirroredColumns, row) }, parseRow)
}

// Parse is Read for data that is not in a file. Error messages begin with name.
func Parse(r io.Reader, name string) (Table, error) {
	return collect(name, func(row csvfile.Row) error {
		if err := csvfile.ParseColumns(r, columns, row); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}, parseRow)
}

// ReadProbabilities reads a file of predictions from anywhere. It needs only the columns id and p and ignores all others. Split
// and Label of the rows are empty.
func ReadProbabilities(path string) (Table, error) {
	return collect(path, func(row csvfile.Row) error { return csvfile.ReadColumns(path, probabilityColumns, row) }, parseProbability)
}

// collect makes a table of the rows that each gives.
func collect(name string, each func(csvfile.Row) error, parse func(fields []string) (Row, error)) (Table, error) {
	var table Table
	lines := map[string]int{} // of each id
	err := each(func(line int, fields []string) error {
		row, err := parse(fields)
		if err != nil {
			return err
		}
		if first, seen := lines[row.ID]; seen {
			return fmt.Errorf("id: got %q again, first on line %d, want each id once", row.ID, first)
		}
		lines[row.ID] = line
		table = append(table, row)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("predictions: %w", err)
	}
	if len(table) == 0 {
		return nil, fmt.Errorf("predictions: %s: got a header without rows, want at least one prediction", name)
	}
	return table, nil
}

// parseRow checks the columns of one row.
func parseRow(fields []string) (Row, error) {
	row, err := parseProbability([]string{fields[0], fields[3]})
	if err != nil {
		return Row{}, err
	}
	if row.Split, err = ParseSplit(fields[1]); err != nil {
		return Row{}, fmt.Errorf("set: got %q, want %q, %q or %q", fields[1], Train, Validation, Test)
	}
	row.Label, err = unit("label", fields[2])
	return row, err
}

// parseProbability checks an id and its p.
func parseProbability(fields []string) (Row, error) {
	id := norm.NFC.String(fields[0]) // both forms of a name are one, as in package images
	if err := CheckID(id); err != nil {
		return Row{}, fmt.Errorf("id: %w", err)
	}
	p, err := unit("p", fields[1])
	return Row{ID: id, P: p}, err
}

// unit reads a number in [0, 1] from a column.
func unit(column, text string) (float64, error) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !inUnit(value) {
		return 0, fmt.Errorf("%s: got %q, want a number in [0, 1]", column, text)
	}
	return value, nil
}

// inUnit tells whether a value lies in [0, 1]; NaN does not.
func inUnit(value float64) bool { return value >= 0 && value <= 1 }
