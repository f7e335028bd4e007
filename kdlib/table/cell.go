package table

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
)

// ReadCell returns one cell of a table that WriteCSV wrote: of the column of that name, the first where several share it, in the one row
// that has all keys among its cells. An unknown column, and keys that fit no row or several, are errors.
func ReadCell(path, column string, keys ...string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	switch {
	case err != nil:
		return "", fmt.Errorf("%s: %w", path, err)
	case len(rows) == 0:
		return "", fmt.Errorf("%s: got no lines, want a table with its columns' names", path)
	}
	at := slices.Index(rows[0], column)
	if at < 0 {
		return "", fmt.Errorf("%s: got column %q, want one of %q", path, column, rows[0])
	}
	var found []string
	for _, row := range rows[1:] {
		if !slices.ContainsFunc(keys, func(key string) bool { return !slices.Contains(row, key) }) {
			found = append(found, row[at])
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("%s: got %d rows with %q, want one", path, len(found), keys)
	}
	return found[0], nil
}
