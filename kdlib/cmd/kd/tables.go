package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"distillation/kdlib/metrics"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/table"

	"github.com/spf13/cobra"
)

// defaultRun is the study whose results come with the project.
var defaultRun = filepath.Join("datasets", "results", recipe.Full.Name)

const studyPlace = "STUDY is the folder of a study's results; without it those that come with the project are taken."

// studyDir is the argument STUDY.
func studyDir(args []string) string {
	if len(args) == 1 {
		return args[0]
	}
	return defaultRun
}

// sittings is the table of the times of all the studies that come with the project.
func sittings() report.NamedTable {
	return report.NamedTable{File: "4.1_sittings.csv", Make: func() (table.Table, error) { return report.SittingsIn(filepath.Dir(defaultRun)) }}
}

func tablesCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "tables [STUDY [STUDY]]",
		Short: "Print every table of the paper from a study's results, ours beside the printed numbers",
		Long:  studyPlace + " Of two STUDIES: what their recipes differ in, and their models side by side.",
		Args:  cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			tables, err := tablesOf(args)
			if err != nil {
				return err
			}
			for _, named := range tables {
				if out != "" {
					if err := named.Save(out); err != nil {
						return err
					}
					continue
				}
				t, err := named.Make()
				if err := printTables(c.OutOrStdout(), err, t); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "write the tables as CSV files into this folder instead")
	return c
}

// tablesOf are those of a study, or of two side by side.
func tablesOf(studies []string) ([]report.NamedTable, error) {
	if len(studies) < 2 {
		run, err := report.Open(studyDir(studies))
		if err != nil {
			return nil, err
		}
		return run.Tables(), nil
	}
	a, err := report.Open(studies[0])
	if err != nil {
		return nil, err
	}
	b, err := report.Open(studies[1])
	if err != nil {
		return nil, err
	}
	return report.Beside(a, b), nil
}

func figuresCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "figures [STUDY]",
		Short: "Draw every figure of the paper from a study's results, as SVG files with their tables and sources",
		Long: studyPlace + `
The figures of a STUDY go to its folder figures, those that come with the project to theirs, unless --out says otherwise.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			run, err := report.Open(studyDir(args))
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(append(args, "figures")...)
			}
			for _, named := range run.Figures() {
				err := named.Save(out)
				if errors.Is(err, metrics.ErrOneClass) {
					fmt.Fprintf(c.ErrOrStderr(), "%s: left out: %v\n", named.File, err)
					continue
				}
				if err != nil {
					return err
				}
				fmt.Fprintln(c.OutOrStdout(), filepath.Join(out, named.File))
			}
			if err := growthFigure(c, out); err != nil {
				return err
			}
			if len(args) == 0 {
				if err := sittings().Save(filepath.Join(out, "tables")); err != nil {
					return err
				}
			}
			return run.SaveTables(filepath.Join(out, "tables"))
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder to write to; tables go to its folder tables (default STUDY/figures; without STUDY, figures)")
	return c
}
