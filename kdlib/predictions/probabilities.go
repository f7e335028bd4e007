package predictions

import (
	"encoding/csv"
	"fmt"
	"io"

	"distillation/kdlib/internal/csvfile"
)

// WriteProbabilities writes the columns id and p, which are all that there is of pictures without labels, as ReadProbabilities
// reads them; the file is written whole.
func WriteProbabilities(path string, t Table) error {
	err := csvfile.Write(path, []string{ColumnID, ColumnP}, len(t), t.probability)
	if err != nil {
		return fmt.Errorf("predictions: %w", err)
	}
	return nil
}

// PrintProbabilities is WriteProbabilities for what is not a file.
func PrintProbabilities(w io.Writer, t Table) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{ColumnID, ColumnP}) // out.Error below keeps the first error
	for i := range t {
		_ = out.Write(t.probability(i))
	}
	out.Flush()
	return out.Error()
}

func (t Table) probability(i int) []string { return []string{t[i].ID, shortest(t[i].P)} }
