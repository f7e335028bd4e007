package main

import (
	"distillation/kdlib/report"

	"github.com/spf13/cobra"
)

func stateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "state STUDY",
		Short: "Say how far a study is, while it runs here or elsewhere",
		Long: `Prints each model of a study and its timing: done, running (by whom), interrupted, ready to be made, or waiting for another one, and the
epoch of each; from the files of its folder alone, which may be on a cluster's shared disk.`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			t, err := report.StateTable(args[0])
			if err != nil {
				return err
			}
			return t.WriteText(c.OutOrStdout())
		},
	}
}
