package predictions

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"distillation/kdlib/internal/csvfile"

	"golang.org/x/text/unicode/norm"
)

// columns of a file, in the order that Write gives them, and those that a file of predictions of any origin needs.
var (
	columns            = []string{"id", "set", "label", "p"}
	probabilityColumns = []string{"id", "p"}
)

// logitColumn is that of networks, see Row.Logit.
const logitColumn = "logit"

// Read reads a file of predictions. It is strict: a missing or repeated
// column, a value outside its range, a duplicate id, a logit whose sigmoid is not p, or a file without rows is
// an error that names file, line and value. Columns may come in any order, and
// further columns are ignored.
func Read(path string) (Table, error) {
	return collect(path, func(row csvfile.Row) error { return csvfile.ReadColumns(path, columns, row, logitColumn) }, parseRow)
}

// Parse is Read for what is not a file; name stands in the error messages.
func Parse(r io.Reader, name string) (Table, error) {
	return collect(name, func(row csvfile.Row) error {
		if err := csvfile.ParseColumns(r, columns, row, logitColumn); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}, parseRow)
}

// ReadProbabilities reads a file of predictions of any origin: of Read's columns it needs id and p alone, takes a logit, and ignores
// the others.
// Split and Label of the rows are empty.
func ReadProbabilities(path string) (Table, error) {
	return collect(path, func(row csvfile.Row) error { return csvfile.ReadColumns(path, probabilityColumns, row, logitColumn) }, parseProbability)
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
		if len(table) > 0 && row.HasLogit != table[0].HasLogit {
			return errors.New("logit: want a number in every row or in none")
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
	row, err := parseProbability([]string{fields[0], fields[3], fields[4]})
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
	if err != nil || fields[2] == "" {
		return Row{ID: id, P: p}, err
	}
	z, err := strconv.ParseFloat(fields[2], 64)
	if err != nil || !isLogit(z, p) {
		return Row{}, fmt.Errorf("logit: got %q, want a finite number whose sigmoid is p, %v", fields[2], p)
	}
	return Row{ID: id, P: p, Logit: z, HasLogit: true}, nil
}

// isLogit tells whether p is the sigmoid of z, as far as a p of three digits can be.
func isLogit(z, p float64) bool {
	const tolerance = 1e-3
	return math.Abs(z) <= math.MaxFloat64 && math.Abs(1/(1+math.Exp(-z))-p) <= tolerance
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
