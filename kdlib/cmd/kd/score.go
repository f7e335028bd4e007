package main

import (
	"encoding/csv"
	"fmt"
	"strconv"

	"distillation/kdlib/label"
	"distillation/kdlib/pred"
	"distillation/kdlib/score"

	"github.com/spf13/cobra"
)

func scoreCommand() *cobra.Command {
	var threshold float64
	c := &cobra.Command{
		Use:   "score FILE",
		Short: "Accuracy (12), loss (2) and uncertainty (15) of the predictions in a file, as CSV",
		Long: `Prints n,accuracy,loss,uncertainty of a prediction file against its column label.
An answer is "dog" when p is strictly greater than the threshold.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if !score.IsThreshold(threshold) {
				return fmt.Errorf("score: --threshold: got %v, want in [0, 1)", threshold)
			}
			table, err := pred.Read(args[0])
			if err != nil {
				return err
			}
			s, err := score.Of(table.P(), table.Labels(), threshold)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			w := csv.NewWriter(c.OutOrStdout())
			_ = w.Write([]string{"n", "accuracy", "loss", "uncertainty"}) // w.Error below keeps the first error
			_ = w.Write([]string{strconv.Itoa(s.N), number(s.Accuracy), number(s.Loss), number(s.Uncertainty)})
			w.Flush()
			return w.Error()
		},
	}
	c.Flags().Float64Var(&threshold, "threshold", label.Threshold, "th of (11) and (13)")
	return c
}

// number prints all digits that a float64 needs and no more.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
