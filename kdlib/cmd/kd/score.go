package main

import (
	"encoding/csv"
	"fmt"
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
	c := &cobra.Command{
		Use:   "score FILE",
		Short: "Accuracy (12), loss (2) and uncertainty (15) of the predictions in a file, as CSV",
		Long: `Prints n,accuracy,loss,uncertainty of a prediction file against its column label.
A prediction is "dog" when p is strictly greater than the threshold.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !metrics.IsThreshold(threshold) {
				return fmt.Errorf("score: --threshold: got %v, want in [0, 1)", threshold)
			}
			table, err := readSplit(args[0], split)
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
			w := csv.NewWriter(c.OutOrStdout())
			_ = w.Write([]string{"n", "accuracy", "loss", "uncertainty"}) // w.Error below keeps the first error
			_ = w.Write([]string{strconv.Itoa(s.N), number(s.Accuracy), number(s.Loss), number(s.Uncertainty)})
			w.Flush()
			return w.Error()
		},
	}
	splitFlag(c, &split)
	c.Flags().Float64Var(&threshold, "threshold", distill.Threshold, "th of (11) and (13)")
	return c
}

func splitFlag(c *cobra.Command, split *string) {
	c.Flags().StringVar(split, "split", "", "the rows that count, of a file with several sets: train, validation or test")
}

// readSplit reads the predictions of one set. Without a name the file must have one set only: numbers on a train and a test set
// together say nothing about either.
func readSplit(path, name string) (predictions.Table, error) {
	if err := folder.CheckFile(path); err != nil {
		return nil, err
	}
	table, err := predictions.Read(path)
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
			return nil, fmt.Errorf("%s: --split is missing: the file has the sets %q, want one of them", path, splits)
		}
		return table, nil
	}
	split, err := predictions.ParseSplit(name)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(splits, split) {
		return nil, fmt.Errorf("%s: --split: got %s, but the file has the sets %q", path, split, splits)
	}
	return slices.DeleteFunc(table, func(row predictions.Row) bool { return row.Split != split }), nil
}

// number prints all digits that a float64 needs and no more.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
