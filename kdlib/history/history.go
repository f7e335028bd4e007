// Package history keeps what a training run measured after each epoch: the curves of figures 2-5.
package history

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"

	"distillation/kdlib/internal/csvfile"
)

// Epoch holds the measurements of one epoch. Losses are means by (2) on the labels that the run was
// trained on, accuracies fractions by (12) in [0, 1].
type Epoch struct {
	Number             int     // 1 is the first
	TrainLoss          float64 // mean over the epoch's batches, weights moving, pictures augmented (as Keras reports it)
	TrainAccuracy      float64
	ValidationLoss     float64 // after the epoch, without augmentation
	ValidationAccuracy float64
	Seconds            float64 // wall clock of the whole epoch
}

// History lists the epochs of a run, in order from number 1.
type History []Epoch

var header = []string{"epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds"}

// Best returns the epoch whose weights are the result of the run: highest validation accuracy; on a
// tie the lower validation loss, then the earlier one. ok is false for an empty history.
func (h History) Best() (best Epoch, ok bool) {
	for i, e := range h {
		if i == 0 || better(e, best) {
			best = e
		}
	}
	return best, len(h) > 0
}

func better(a, b Epoch) bool {
	if a.ValidationAccuracy != b.ValidationAccuracy {
		return a.ValidationAccuracy > b.ValidationAccuracy
	}
	return a.ValidationLoss < b.ValidationLoss
}

// Column returns one measurement of every epoch, for a plot.
func (h History) Column(get func(Epoch) float64) []float64 {
	values := make([]float64, len(h))
	for i, e := range h {
		values[i] = get(e)
	}
	return values
}

// Write stores the history as CSV, whole or not at all.
func (h History) Write(path string) error {
	err := csvfile.Write(path, header, len(h), func(i int) []string {
		e := h[i]
		row := []string{strconv.Itoa(e.Number)}
		for _, v := range []float64{e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy, e.Seconds} {
			row = append(row, strconv.FormatFloat(v, 'g', -1, 64))
		}
		return row
	})
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// Read reads what Write wrote. A malformed row is an error that names file, line and value.
func Read(path string) (History, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.FieldsPerRecord = len(header)
	first, err := r.Read()
	if err != nil || first[0] != header[0] {
		return nil, fmt.Errorf("history: %s: line 1: got columns %v, want %v", path, first, header)
	}
	var h History
	for {
		row, err := r.Read()
		if err == io.EOF {
			return h, nil
		}
		if err != nil {
			return nil, fmt.Errorf("history: %s: %w", path, err)
		}
		line, _ := r.FieldPos(0)
		e, err := parse(row)
		if err != nil {
			return nil, fmt.Errorf("history: %s: line %d: %w", path, line, err)
		}
		if e.Number != len(h)+1 {
			return nil, fmt.Errorf("history: %s: line %d: got epoch %d, want %d", path, line, e.Number, len(h)+1)
		}
		h = append(h, e)
	}
}

func parse(row []string) (Epoch, error) {
	var v [6]float64
	for i, text := range row {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || f < 0 {
			return Epoch{}, fmt.Errorf("%s: got %q, want a number of at least 0", header[i], text)
		}
		v[i] = f
	}
	return Epoch{int(v[0]), v[1], v[2], v[3], v[4], v[5]}, nil
}
