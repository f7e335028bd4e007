package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"

	"github.com/spf13/cobra"
)

// scoring is what the flags of kd score ask for.
type scoring struct {
	split, validation, recalibrate string
	threshold                      float64
	all, mirrored                  bool
	costs                          metrics.Costs
	priced                         bool      // a flag of costs was given
	withhold                       []float64 // two thresholds; none: nothing is withheld
	of                             metrics.Predicted
	further                        []further
}

// The ways of --recalibrate.
const (
	byTemperature = "temperature"
	byIsotonic    = "isotonic"
)

// further is a number that not every call prints: a column, or a line of --all.
type further struct {
	column string
	metrics.Measure
}

// add keeps a number that holds at a threshold; NaN for none.
func (s *scoring) add(column, name string, value, threshold float64) {
	s.further = append(s.further, further{column, metrics.Measure{Name: name, Value: value, Threshold: threshold}})
}

// check refuses wrong values, and flags that leave each other without effect.
func (s *scoring) check(c *cobra.Command) error {
	s.priced = c.Flag("cost-fp").Changed || c.Flag("cost-fn").Changed || c.Flag("prior").Changed
	if !metrics.IsThreshold(s.threshold) {
		return usagef("score: --threshold: got %v, want in [0, 1)", s.threshold)
	}
	if c.Flag("prior").Changed && !(s.costs.Dogs > 0 && s.costs.Dogs < 1) {
		return usagef("score: --prior: got %v, want in (0, 1)", s.costs.Dogs)
	}
	if err := s.costs.Validate(); err != nil {
		return usagef("score: --cost-fp %v --cost-fn %v: %w", s.costs.FalsePositive, s.costs.FalseNegative, err)
	}
	if s.withhold != nil && (len(s.withhold) != 2 || !(s.withhold[0] <= s.withhold[1])) {
		return usagef("score: --withhold: got %v, want LOW,HIGH, the first not above the second", s.withhold)
	}
	if c.Flag("recalibrate").Changed && s.recalibrate != byTemperature && s.recalibrate != byIsotonic {
		return usagef("score: --recalibrate: got %q, want %s or %s", s.recalibrate, byTemperature, byIsotonic)
	}
	if s.validation == "" {
		return without(c, "without --validation, on which it is fitted", "recalibrate")
	}
	if !s.priced && s.recalibrate == "" {
		return without(c, "without a cost or --recalibrate, for which it is read", "validation")
	}
	if s.priced {
		return without(c, "beside --validation and a cost, which choose the threshold", "threshold")
	}
	return nil
}

// run scores a file.
func (s *scoring) run(c *cobra.Command, path string) error {
	table, err := readSplit(path, s.split, s.column(), predictions.ColumnLabel)
	if err != nil {
		return err
	}
	s.of = analysis.Predicted(table)
	if s.validation != "" {
		if err := s.fit(path, table); err != nil {
			return err
		}
	}
	if err := s.measure(table.Labels()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	summary, err := s.of.Summarize(table.Labels(), s.threshold)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if note := summary.ClampedNote(); note != "" {
		fmt.Fprintf(c.ErrOrStderr(), "%s: %s\n", path, note)
	}
	if s.all {
		return s.writeAll(c.OutOrStdout(), path, table.Labels())
	}
	return s.writeSummary(c.OutOrStdout(), summary)
}

// column is the one that has the predictions.
func (s *scoring) column() string {
	if s.mirrored {
		return predictions.ColumnMirrored
	}
	return predictions.ColumnP
}

// fit recalibrates the predictions and chooses the threshold, as asked for, by those of the validation set.
func (s *scoring) fit(path string, table predictions.Table) error {
	validation, err := s.readValidation(path, table)
	if err != nil {
		return err
	}
	there, y := analysis.Predicted(validation), validation.Labels()
	if s.recalibrate != "" {
		by, err := s.fitted(there, y)
		if err != nil {
			return fmt.Errorf("%s: %w", s.validation, err)
		}
		there, s.of = by.Apply(there), by.Apply(s.of)
	}
	if s.priced {
		if s.threshold, _, err = s.costs.BestThreshold(there.P, y); err != nil {
			return fmt.Errorf("%s: %w", s.validation, err)
		}
		s.add("threshold", "threshold of the least cost on validation", s.threshold, s.threshold)
	}
	return nil
}

// fitted is what recalibrates.
func (s *scoring) fitted(there metrics.Predicted, y []float64) (metrics.Recalibrated, error) {
	if s.recalibrate == byIsotonic {
		return metrics.FitIsotonic(there.P, y)
	}
	t, err := metrics.FitTemperature(there, y)
	s.add("temperature", "temperature", float64(t), math.NaN())
	return t, err
}

// readValidation reads the file of --validation: all of it, or its validation set if it has several sets. What is chosen on
// pictures says nothing when it is measured on them.
func (s *scoring) readValidation(path string, measured predictions.Table) (predictions.Table, error) {
	table, splits, err := readSplits(s.validation, s.column(), predictions.ColumnLabel)
	if err != nil {
		return nil, err
	}
	if len(splits) > 1 {
		if !slices.Contains(splits, predictions.Validation) {
			return nil, usagef("%s: --validation: the file has the sets %q, want one set, or %s among them", s.validation, splits, predictions.Validation)
		}
		table = onlySplit(table, predictions.Validation)
	}
	ids := map[string]bool{}
	for _, row := range measured {
		ids[row.ID] = true
	}
	for _, row := range table {
		if row.ID != "" && ids[row.ID] {
			return nil, usagef("%s: --validation: picture %q is among those that are measured in %s, too; want other pictures", s.validation, row.ID, path)
		}
	}
	return table, nil
}

// measure adds what costs and withheld predictions come to.
func (s *scoring) measure(y []float64) error {
	if s.priced {
		priced, err := analysis.Price(s.costs, s.of.P, y, s.threshold)
		if err != nil {
			return err
		}
		s.add("cost", "expected cost", priced.Cost, s.threshold)
		s.add("cost_low", "expected cost, low end of 95 %", priced.Interval.Low, s.threshold)
		s.add("cost_high", "expected cost, high end of 95 %", priced.Interval.High, s.threshold)
	}
	if s.withhold != nil {
		given, err := metrics.Withhold(s.of.P, y, s.withhold[0], s.withhold[1])
		if err != nil {
			return err
		}
		s.add("coverage", "share of predictions that are given", given.Coverage(), math.NaN())
		s.add("accuracy_given", "accuracy of these", given.Accuracy(), math.NaN())
	}
	return nil
}

// writeSummary prints a header and one line.
func (s *scoring) writeSummary(w io.Writer, summary metrics.Summary) error {
	header := []string{"n", "accuracy", "loss", "uncertainty"}
	row := []string{strconv.Itoa(summary.N), number(summary.Accuracy), number(summary.Loss), number(summary.Uncertainty)}
	for _, f := range s.further {
		header, row = append(header, f.column), append(row, number(f.Value))
	}
	return writeCSV(w, header, row)
}

// writeAll prints every measure of the predictions, a line each.
func (s *scoring) writeAll(w io.Writer, path string, y []float64) error {
	classes, err := predictions.ReadClasses(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		classes, err = predictions.CatDog, nil
	}
	if err != nil {
		return err
	}
	measures, err := metrics.Evaluate(s.of, y, s.threshold, classes)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, f := range s.further {
		measures = append(measures, f.Measure)
	}
	rows := [][]string{{"measure", "value", "threshold"}}
	for _, m := range measures {
		rows = append(rows, []string{m.Name, number(m.Value), number(m.Threshold)})
	}
	return writeCSV(w, rows...)
}
