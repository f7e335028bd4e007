package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"slices"
	"strconv"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"

	"github.com/spf13/cobra"
)

func scoreCommand() *cobra.Command {
	var threshold float64
	var split string
	var all, mirrored bool
	c := &cobra.Command{
		Use:   "score FILE",
		Short: "Accuracy (12), loss (2), uncertainty (15) and more of the predictions in a file, as CSV",
		Long: `Prints n,accuracy,loss,uncertainty of a prediction file against its column label. The file needs the columns p and label, and
set if it holds several sets. A prediction is "dog" when p is strictly greater than the threshold.
With --all prints measure,value,threshold, a line each: precision, recall and F1 of each class, the areas below the ROC and the
precision-recall curve, Brier score, calibration error, and the thresholds with the best accuracy, F1 and Youden's J of this
file (choose one on the validation set, not on the test set). What a set of one class does not have is left empty.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !metrics.IsThreshold(threshold) {
				return usagef("score: --threshold: got %v, want in [0, 1)", threshold)
			}
			column := predictions.ColumnP
			if mirrored {
				column = predictions.ColumnMirrored
			}
			table, err := readSplit(args[0], split, column, predictions.ColumnLabel)
			if err != nil {
				return err
			}
			s, err := analysis.Predicted(table).Summarize(table.Labels(), threshold)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if note := s.ClampedNote(); note != "" {
				fmt.Fprintf(c.ErrOrStderr(), "%s: %s\n", args[0], note)
			}
			if all {
				return writeAll(c.OutOrStdout(), args[0], table, threshold)
			}
			return writeCSV(c.OutOrStdout(), []string{"n", "accuracy", "loss", "uncertainty"},
				[]string{strconv.Itoa(s.N), number(s.Accuracy), number(s.Loss), number(s.Uncertainty)})
		},
	}
	splitFlag(c, &split)
	c.Flags().Float64Var(&threshold, "threshold", distill.Threshold, "th of (11) and (13)")
	c.Flags().BoolVar(&mirrored, "mirrored", false, "of the column p_mirrored, the mean with the prediction on the mirror image")
	c.Flags().BoolVar(&all, "all", false, "every measure, a line each")
	return c
}

func writeCSV(w io.Writer, rows ...[]string) error {
	out := csv.NewWriter(w)
	_ = out.WriteAll(rows) // out.Error has its error
	return out.Error()
}

// writeAll prints every measure of predictions.
func writeAll(w io.Writer, path string, table predictions.Table, threshold float64) error {
	classes, err := predictions.ReadClasses(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		classes, err = predictions.CatDog, nil
	}
	if err != nil {
		return err
	}
	measures, err := metrics.Evaluate(analysis.Predicted(table), table.Labels(), threshold, classes)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	rows := [][]string{{"measure", "value", "threshold"}}
	for _, m := range measures {
		rows = append(rows, []string{m.Name, number(m.Value), number(m.Threshold)})
	}
	return writeCSV(w, rows...)
}

func splitFlag(c *cobra.Command, split *string) {
	c.Flags().StringVar(split, "split", "", "the rows that count, of a file with several sets: train, validation or test")
}

// readSplit reads columns of the predictions of one set. Without a name the file must have one set only: numbers on a train and a test
// set together say nothing about either.
func readSplit(path, name string, needed ...string) (predictions.Table, error) {
	if err := folder.CheckFile(path); err != nil {
		return nil, err
	}
	table, err := predictions.ReadColumns(path, predictions.Columns{Needed: needed, Welcome: []string{predictions.ColumnID, predictions.ColumnSplit, predictions.ColumnLogit}})
	if err != nil {
		return nil, err
	}
	var splits []predictions.Split
	for _, row := range table {
		if !slices.Contains(splits, row.Split) {
			splits = append(splits, row.Split)
		}
	}
	if name == "" {
		if len(splits) > 1 {
			return nil, usagef("%s: --split is missing: the file has the sets %q, want one of them", path, splits)
		}
		return table, nil
	}
	split, err := predictions.ParseSplit(name)
	if err != nil {
		return nil, usage(err)
	}
	switch {
	case splits[0] == "":
		return nil, usagef("%s: --split: got %s, but the file has no column %q", path, split, predictions.ColumnSplit)
	case !slices.Contains(splits, split):
		return nil, usagef("%s: --split: got %s, but the file has the sets %q", path, split, splits)
	}
	return slices.DeleteFunc(table, func(row predictions.Row) bool { return row.Split != split }), nil
}

// number prints all digits that a float64 needs and no more; "" where there is no number.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
