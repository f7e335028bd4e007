package main

import (
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"

	"github.com/spf13/cobra"
)

func histCommand() *cobra.Command {
	var width float64
	var split string
	c := &cobra.Command{
		Use:   "hist FILE",
		Short: "Relative frequencies of the predictions in a file, as CSV (section 4.2)",
		Long: `Counts the column p of a prediction file in bins [low, high) of equal width on
[0, 1], the last bin closed, and prints bin_low,bin_high,count,relative_frequency.
The width may be any decimal that divides 1. The file needs the column p, and set if it holds several sets.`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			table, err := readSplit(args[0], split, predictions.ColumnP)
			if err != nil {
				return err
			}
			h, err := metrics.NewHistogram(table.P(), width)
			if err != nil {
				return usage(err)
			}
			return h.WriteCSV(c.OutOrStdout())
		},
	}
	splitFlag(c, &split)
	c.Flags().Var(decimal(&width, paper.BinWidth, binWidths), "bin-width", "width of a bin")
	return c
}
