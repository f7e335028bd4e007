// Package paired compares kinds of students that were trained from the same seeds: a row of measurements a student, differences
// within a seed with intervals over the seeds, what so many seeds could have seen, and how far seeds lie apart by themselves.
package paired

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"distillation/kdlib/distill"
	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"

	"gonum.org/v1/gonum/stat"
)

// Row holds what one student does on the test set. Labels are the ground truth.
type Row struct {
	Point  string // the setting of the experiment, such as "300 labels"
	Model  string // the kind of student
	Seed   uint64
	Values Values
}

// Values are one for each of Measures, in their order.
type Values [len(names)]float64

// names of the measures, in the order of Values.
var names = [...]string{Accuracy, Loss, Unc, ECE, Correlation, Divergence, DogDoubt, BestEpoch}

// The measures of a student.
const (
	Accuracy    = "accuracy"    // (12)
	Loss        = "loss"        // (2)
	Unc         = "unc"         // (15)
	ECE         = "ece"         // metrics.ECE in bins of 0.05
	Correlation = "correlation" // rank correlation over the pictures of the student's doubt (15) with its teacher's
	Divergence  = "divergence"  // mean of KL(teacher || student) in nats
	DogDoubt    = "dog_doubt"   // unc of the pictures of dogs less unc of those of cats
	BestEpoch   = "best_epoch"  // whose weights predict
)

// Measures are their names.
func Measures() []string { return slices.Clone(names[:]) }

// calibrationWidth is that of the bins of ECE.
const calibrationWidth = 0.05

// Of returns a measure of a row. It panics for a name that is none of Measures.
func (r Row) Of(measure string) float64 { return r.Values[mustPlace(measure)] }

func mustPlace(measure string) int {
	i := slices.Index(names[:], measure)
	if i < 0 {
		panic(fmt.Errorf("paired: measure: got %q, want one of %q", measure, names))
	}
	return i
}

// Measure measures a student's predictions on a set beside its teacher's on the same pictures.
func Measure(student, teacher predictions.Table, bestEpoch int) (v Values, err error) {
	if !slices.Equal(student.IDs(), teacher.IDs()) {
		return v, errors.New("paired: got predictions of student and teacher on other pictures, or in another order")
	}
	p, q, y := student.P(), teacher.P(), student.Labels()
	s, err := metrics.Summarize(p, y, distill.Threshold)
	if err != nil {
		return v, err
	}
	bins, err := metrics.CalibrationCurve(p, y, calibrationWidth)
	if err != nil {
		return v, err
	}
	correlation, err := stats.Spearman(metrics.Doubts(p, distill.Threshold), metrics.Doubts(q, distill.Threshold))
	if err != nil {
		return v, err
	}
	cross, err1 := metrics.LogLoss(p, q)
	own, err2 := metrics.LogLoss(q, q)
	return Values{s.Accuracy, s.Loss, s.Uncertainty, metrics.ECE(bins), correlation, cross - own, dogDoubt(p, y), float64(bestEpoch)}, errors.Join(err1, err2)
}

func dogDoubt(p, y []float64) float64 {
	var sum, n [2]float64
	for i, d := range metrics.Doubts(p, distill.Threshold) {
		class := distill.Class(y[i], distill.Threshold)
		sum[class], n[class] = sum[class]+d, n[class]+1
	}
	return sum[1]/n[1] - sum[0]/n[0]
}

// Rows are the students of an experiment.
type Rows []Row

var rowColumns = append([]string{"point", "model", "seed"}, names[:]...)

// Write writes the rows as CSV, whole or not at all, with seven digits that count.
func (r Rows) Write(path string) error {
	err := csvfile.Write(path, rowColumns, len(r), func(i int) []string {
		row := []string{r[i].Point, r[i].Model, strconv.FormatUint(r[i].Seed, 10)}
		for _, v := range r[i].Values {
			row = append(row, strconv.FormatFloat(v, 'g', 7, 64))
		}
		return row
	})
	if err != nil {
		return fmt.Errorf("paired: %w", err)
	}
	return nil
}

// Read reads what Write wrote. A row that is there twice is an error, and so is a number that is not finite.
func Read(path string) (Rows, error) {
	var all Rows
	seen := map[Row]int{}
	err := csvfile.Read(path, rowColumns, func(line int, fields []string) error {
		r := Row{Point: fields[0], Model: fields[1]}
		var err error
		if r.Seed, err = strconv.ParseUint(fields[2], 10, 64); err != nil {
			return fmt.Errorf("seed: got %q, want a whole number", fields[2])
		}
		if before, twice := seen[r]; twice {
			return fmt.Errorf("seed %d of %s at %q stands in line %d already", r.Seed, r.Model, r.Point, before)
		}
		seen[r] = line
		for i, text := range fields[3:] {
			if r.Values[i], err = strconv.ParseFloat(text, 64); err != nil || math.IsNaN(r.Values[i]-r.Values[i]) {
				return fmt.Errorf("%s: got %q, want a finite number", names[i], text)
			}
		}
		all = append(all, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("paired: %w", err)
	}
	return all, nil
}

// Points are the settings, in the order of the rows.
func (r Rows) Points() []string { return r.distinct(func(row Row) string { return row.Point }) }

// At are the rows of a setting.
func (r Rows) At(point string) (at Rows) {
	for _, row := range r {
		if row.Point == point {
			at = append(at, row)
		}
	}
	return at
}

// Models are the kinds of students, in the order of the rows.
func (r Rows) Models() []string { return r.distinct(func(row Row) string { return row.Model }) }

func (r Rows) distinct(of func(Row) string) (all []string) {
	for _, row := range r {
		if v := of(row); !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// Mean is the mean over the seeds of a measure of a kind of students at a setting; NaN where there are none.
func (r Rows) Mean(point, model, measure string) float64 {
	return stat.Mean(bySeed(r.Over(point, model, measure)), nil)
}

// Over are a measure of a kind of students at a setting, by seed.
func (r Rows) Over(point, model, measure string) map[uint64]float64 {
	values := map[uint64]float64{}
	for _, row := range r {
		if row.Point == point && row.Model == model {
			values[row.Seed] = row.Of(measure)
		}
	}
	return values
}
