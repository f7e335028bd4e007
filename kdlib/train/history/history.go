// Package history keeps what a training run measured after each epoch: the curves of figures 2-5.
package history

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"distillation/kdlib/internal/csvfile"
)

// Epoch holds the measurements of one epoch. Losses are means by (2) on the labels that the run was trained on. Accuracies are
// fractions by (12), in [0, 1].
type Epoch struct {
	Number             int     // 1 is the first
	TrainLoss          float64 // mean over the epoch's batches, weights moving, pictures augmented (as Keras reports it)
	TrainAccuracy      float64
	ValidationLoss     float64 // after the epoch, without augmentation
	ValidationAccuracy float64
	Seconds            float64 // wall clock of the whole epoch
	Size               int     `json:",omitzero"` // width and height of the pictures of a run that has several sizes; 0 of others
}

// Step is a training step that was made.
type Step struct {
	Epoch, Epochs int     // of the run; 1 is the first
	Number, Steps int     // of the epoch; 1 is the first
	MeanLoss      float64 // over the epoch's steps so far
}

// File is the name of a run's history in its folder.
const File = "history.csv"

// History lists the epochs of a run, in order from number 1.
type History []Epoch

// header are the columns of a run on pictures of one size; with more sizes there is one column more, the last.
var (
	header   = []string{"epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds"}
	withSize = append(header[:len(header):len(header)], "size")
)

// Best returns the epoch with the highest validation accuracy, on a tie with the lower validation loss, then the earlier one. It is one
// of those on pictures of the last epoch's size, on which the network predicts. ok is false for an empty history.
func (h History) Best() (best Epoch, ok bool) {
	for i, e := range h {
		if i == 0 || e.Size != best.Size || better(e, best) {
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
	columns := header
	if h.sizes() {
		columns = withSize
	}
	err := csvfile.Write(path, columns, len(h), func(i int) []string {
		row := []string{strconv.Itoa(h[i].Number)}
		for _, v := range h[i].measured() {
			row = append(row, strconv.FormatFloat(v, 'g', -1, 64))
		}
		return append(row, strconv.Itoa(h[i].Size))[:len(columns)]
	})
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	return nil
}

// sizes says whether the epochs tell the size of their pictures.
func (h History) sizes() bool { return len(h) > 0 && h[0].Size != 0 }

// Read reads what Write wrote. An error names file, line and value of a malformed row.
func Read(path string) (History, error) {
	var h History
	if err := csvfile.ReadOneOf(path, [][]string{header, withSize}, h.add); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return h, nil
}

// add appends the epoch of a row.
func (h *History) add(_ int, row []string) error {
	e, err := parse(row)
	if err == nil {
		err = e.check(len(*h) + 1)
	}
	if err != nil {
		return err
	}
	*h = append(*h, e)
	return nil
}

// Parse reads a history from JSON, as encoding/json writes it. Its epochs follow the same rules as those of Read.
func Parse(text []byte) (History, error) {
	var h History
	if err := json.Unmarshal(text, &h); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	for i, e := range h {
		if err := e.check(i + 1); err != nil {
			return nil, fmt.Errorf("history: epoch %d: %w", i+1, err)
		}
		if (e.Size == 0) != !h.sizes() {
			return nil, fmt.Errorf("history: epoch %d: %s: got %d, want one of every epoch or of none", i+1, withSize[len(header)], e.Size)
		}
	}
	return h, nil
}

// check finds what no run measures. number is the epoch's place in its history.
func (e Epoch) check(number int) error {
	if e.Number != number {
		return fmt.Errorf("got epoch %d, want %d", e.Number, number)
	}
	for i, v := range e.measured() {
		if !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: got %v, want a finite number of at least 0", header[i+1], v)
		}
	}
	if e.Size < 0 {
		return fmt.Errorf("%s: got %d, want at least 1", withSize[len(header)], e.Size)
	}
	return nil
}

// measured are the columns after the first.
func (e Epoch) measured() [5]float64 {
	return [...]float64{e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy, e.Seconds}
}

func parse(row []string) (Epoch, error) {
	number, err := strconv.Atoi(row[0])
	if err != nil {
		return Epoch{}, fmt.Errorf("%s: got %q, want a whole number", header[0], row[0])
	}
	e := Epoch{Number: number}
	if len(row) > len(header) {
		if e.Size, err = strconv.Atoi(row[len(header)]); err != nil || e.Size < 1 {
			return Epoch{}, fmt.Errorf("%s: got %q, want a whole number of at least 1", withSize[len(header)], row[len(header)])
		}
	}
	var v [5]float64
	for i, text := range row[1:len(header)] {
		if v[i], err = strconv.ParseFloat(text, 64); err != nil {
			return Epoch{}, fmt.Errorf("%s: got %q, want a number", header[i+1], text)
		}
	}
	e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy, e.Seconds = v[0], v[1], v[2], v[3], v[4]
	return e, nil
}
