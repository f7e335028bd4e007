package predictions

import (
	"fmt"
	"slices"
	"strconv"

	"distillation/kdlib/internal/csvfile"
)

// Write writes a file of predictions whole: a reader sees the old file or the new one, never a part. Numbers have the fewest
// digits that read back as the same float64. The column logit is there if the rows have one. If Read would refuse a row, Write
// returns an error and writes nothing.
func Write(path string, t Table) error { return write(path, t, nil) }

// WriteMirrored is Write with the column p_mirrored, a number for each row.
func WriteMirrored(path string, t Table, mirrored []float64) error {
	if len(mirrored) != len(t) {
		return fmt.Errorf("predictions: %s: %s: got %d numbers for %d rows, want as many", path, ColumnMirrored, len(mirrored), len(t))
	}
	for i, p := range mirrored {
		if !inUnit(p) {
			return fmt.Errorf("predictions: %s: row %d: got %s %v, want a number in [0, 1]", path, i, ColumnMirrored, p)
		}
	}
	return write(path, t, mirrored)
}

// write leaves the last columns out where there are none.
func write(path string, t Table, mirrored []float64) error {
	if err := t.check(path); err != nil {
		return err
	}
	header := columns
	if t.hasLogits() {
		header = append(slices.Clone(header), ColumnLogit)
	}
	if mirrored != nil {
		header = append(slices.Clone(header), ColumnMirrored)
	}
	err := csvfile.Write(path, header, len(t), func(i int) []string {
		row := []string{t[i].ID, string(t[i].Split), shortest(t[i].Label), shortest(t[i].P)}
		if t[i].HasLogit {
			row = append(row, shortest(t[i].Logit))
		}
		if mirrored != nil {
			row = append(row, shortest(mirrored[i]))
		}
		return row
	})
	if err != nil {
		return fmt.Errorf("predictions: %w", err)
	}
	return nil
}

func shortest(value float64) string { return strconv.FormatFloat(value, 'g', -1, 64) }

// check applies Read's rules to rows in memory.
func (t Table) check(path string) error {
	if len(t) == 0 {
		return fmt.Errorf("predictions: %s: got no rows, want at least one prediction", path)
	}
	rows := make(map[string]int, len(t))
	for i, row := range t {
		if err := CheckID(row.ID); err != nil {
			return fmt.Errorf("predictions: %s: row %d: id: %w", path, i, err)
		}
		if first, seen := rows[row.ID]; seen {
			return fmt.Errorf("predictions: %s: row %d: id: got %q again, first in row %d, want each id once", path, i, row.ID, first)
		}
		rows[row.ID] = i
		if _, err := ParseSplit(string(row.Split)); err != nil {
			return fmt.Errorf("predictions: %s: row %d: set: got %q, want %q, %q or %q", path, i, row.Split, Train, Validation, Test)
		}
		if !inUnit(row.Label) || !inUnit(row.P) {
			return fmt.Errorf("predictions: %s: row %d: got label %v and p %v, want numbers in [0, 1]", path, i, row.Label, row.P)
		}
		if row.HasLogit != t[0].HasLogit || row.HasLogit && !isLogit(row.Logit, row.P) {
			return fmt.Errorf("predictions: %s: row %d: got logit %v (known: %v) and p %v, want p as its sigmoid, in every row or in none",
				path, i, row.Logit, row.HasLogit, row.P)
		}
	}
	return nil
}
