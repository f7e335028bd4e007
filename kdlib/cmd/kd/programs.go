package main

import (
	"context"
	"fmt"

	"distillation/kdlib/backend"
	"distillation/kdlib/backend/programs"
	"distillation/kdlib/bench"
	"distillation/kdlib/optimizer/compare"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
	"github.com/spf13/cobra"
)

func programsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "programs",
		Short: "Say where compiled programs are kept, and how many they are",
		Long: `What XLA compiles for a CPU is kept in a folder, and loaded by later commands and notebook cells. The folder is the one that
` + programs.Variable + ` names, else ` + programs.Dir + ` of this checkout; ` + programs.Variable + `=` + programs.Off + ` turns it off. Remove it whenever you like.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			folder := backend.Programs()
			if folder == "" {
				fmt.Fprintln(c.OutOrStdout(), programs.Off)
				return nil
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", folder, programs.In(folder, programs.Limit))
			return nil
		},
	}
	c.AddCommand(&cobra.Command{
		Use:   "fill",
		Short: "Compile what the notebooks use, unless it is kept",
		Args:  noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			b, err := backend.New()
			if err != nil {
				return err
			}
			return fill(c.Context(), b)
		},
	})
	return c
}

// fill makes a backend compile the programs of the notebooks: training and predictions on drawn faces (00, 14), the two networks
// that 05 times, and the walks of 11.
func fill(ctx context.Context, b compute.Backend) error {
	pool := train.NewPool(b)
	defer pool.Close()
	student := recipe.Demo.Student
	student.Batch = 16
	if err := pool.Prepare(student, recipe.Demo.Data.Size); err != nil {
		return err
	}
	for _, network := range []string{recipe.ResNet18, recipe.ResNet50} {
		if err := ctx.Err(); err != nil {
			return err
		}
		step := bench.Step{Network: network, Batch: 1, Size: recipe.Paper.Data.Size, Mode: bench.Forward, Steps: 1}
		if _, err := step.RunContext(ctx, b); err != nil {
			return err
		}
	}
	_, err := compare.Walk(b, 1e-3, 1)
	return err
}
