package paper

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/predictions"
)

//go:embed *.csv
var files embed.FS

// Results are the losses and accuracies of sections 3.1 and 3.2.
func Results() []Result { return slices.Clone(results()) }

// Timing is the table of section 4.1.
func Timing() []Time { return slices.Clone(timing()) }

// Histograms are the tables of section 4.2, drawn in figures 6 to 8.
func Histograms() []Frequency { return slices.Clone(histograms()) }

// Uncertainty is the table of section 4.3.
func Uncertainty() []Uncertain { return slices.Clone(uncertainty()) }

// Recursive are the tables of section 4.4.
func Recursive() []Generation { return slices.Clone(recursive()) }

var (
	results = table("results.csv", "model,set,labels,augmentation,loss,accuracy", func(r *record) Result {
		return Result{r.text(0), r.set(1), r.text(2), r.text(3), r.printed(4), r.printed(5)}
	})
	timing = table("timing.csv", "network,seconds_per_image,seconds_total,images,mean_megapixels,machine", func(r *record) Time {
		return Time{r.text(0), r.printed(1), r.printed(2), r.count(3), r.printed(4).Value, r.text(5)}
	})
	histograms = table("histograms.csv", "set,model,bin_low,bin_high,relative_frequency", func(r *record) Frequency {
		return Frequency{r.set(0), r.text(1), r.printed(2).Value, r.printed(3).Value, r.printed(4)}
	})
	uncertainty = table("uncertainty.csv", "model,set,accuracy,uncertainty", func(r *record) Uncertain {
		return Uncertain{r.text(0), r.set(1), r.printed(2), r.printed(3)}
	})
	recursive = table("recursive.csv", "chain,generation,set,accuracy,uncertainty", func(r *record) Generation {
		return Generation{r.text(0), r.count(1), r.set(2), r.printed(3), r.printed(4)}
	})
)

// table reads an embedded file when it is first asked for. The files are part
// of the program, so a malformed one is the programmer's mistake: it panics.
func table[T any](name, header string, row func(*record) T) func() []T {
	return sync.OnceValue(func() []T {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(fmt.Errorf("paper: %w", err))
		}
		var rows []T
		err = csvfile.Parse(bytes.NewReader(text), strings.Split(header, ","), func(_ int, fields []string) error {
			r := record{fields: fields}
			rows = append(rows, row(&r))
			return r.err
		})
		if err != nil {
			panic(fmt.Errorf("paper: %s: %w", name, err))
		}
		return rows
	})
}

// record reads typed fields of a line and keeps the first error.
type record struct {
	fields []string
	err    error
}

func (r *record) text(i int) string { return r.fields[i] }

func (r *record) set(i int) predictions.Split {
	split, err := predictions.ParseSplit(r.fields[i])
	r.keep(err)
	return split
}

func (r *record) count(i int) int {
	n, err := strconv.Atoi(r.fields[i])
	r.keep(err)
	return n
}

func (r *record) printed(i int) Printed {
	value, err := strconv.ParseFloat(r.fields[i], 64)
	r.keep(err)
	return Printed{Text: r.fields[i], Value: value}
}

func (r *record) keep(err error) {
	if r.err == nil {
		r.err = err
	}
}
