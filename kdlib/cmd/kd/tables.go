package main

import (
	"fmt"
	"path/filepath"

	"distillation/kdlib/recipe"
	"distillation/kdlib/results"

	"github.com/spf13/cobra"
)

// defaultRun is the study whose results come with the project.
var defaultRun = filepath.Join("datasets", "results", recipe.Full.Name)

func tablesCommand() *cobra.Command {
	var dir, out string
	c := &cobra.Command{
		Use:   "tables",
		Short: "Print every table of the paper from a study's results, ours beside the printed numbers",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			run, err := results.Open(dir)
			if err != nil {
				return err
			}
			if out != "" {
				return run.SaveTables(out)
			}
			for _, named := range run.Tables() {
				t, err := named.Make()
				if err != nil {
					return err
				}
				if err := t.WriteText(c.OutOrStdout()); err != nil {
					return err
				}
				fmt.Fprintln(c.OutOrStdout())
			}
			return nil
		},
	}
	c.Flags().StringVar(&dir, "run", defaultRun, "folder of a study's results")
	c.Flags().StringVar(&out, "out", "", "write the tables as CSV files into this folder instead")
	return c
}

func figuresCommand() *cobra.Command {
	var dir, out string
	c := &cobra.Command{
		Use:   "figures",
		Short: "Draw every figure of the paper from a study's results, as SVG files with their tables and sources",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			run, err := results.Open(dir)
			if err != nil {
				return err
			}
			for _, named := range run.Figures() {
				if err := named.Save(out); err != nil {
					return err
				}
				fmt.Fprintln(c.OutOrStdout(), filepath.Join(out, named.File))
			}
			if err := growthFigure(c, out); err != nil {
				return err
			}
			return run.SaveTables(filepath.Join(out, "tables"))
		},
	}
	c.Flags().StringVar(&dir, "run", defaultRun, "folder of a study's results")
	c.Flags().StringVar(&out, "out", "figures", "folder to write to; tables go to its folder tables")
	return c
}
