package main

import (
	"distillation/kdlib/chart"
	"distillation/kdlib/report"

	"github.com/spf13/cobra"
)

func stateCommand() *cobra.Command {
	var figure string
	c := &cobra.Command{
		Use:   "state STUDY",
		Short: "Say how far a study is, while it runs here or elsewhere",
		Long: `Prints each model of a study and its timing: done, running (by whom), interrupted, ready to be made, or waiting for another one, and the
epoch of each; from the files of its folder alone, which may be on a cluster's shared disk. With --figure it draws the same as a graph, too.`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			t, err := report.StateTable(args[0])
			if err != nil {
				return err
			}
			if figure != "" {
				graph, height, err := report.StateFigure(args[0])
				if err != nil {
					return err
				}
				if err := chart.Save(graph, figure, chart.Width, height); err != nil {
					return err
				}
			}
			return t.WriteText(c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&figure, "figure", "", "file of the graph, .svg or .png: which model waits for which, and how far each is")
	return c
}
