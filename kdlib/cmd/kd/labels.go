package main

import (
	"fmt"
	"io"
	"slices"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report"
	"distillation/kdlib/table"

	"github.com/spf13/cobra"
)

func labelsCommand() *cobra.Command {
	var split, out, without string
	var models []string
	c := &cobra.Command{
		Use:   "labels [STUDY]",
		Short: "List the pictures whose hand label the models doubt, and say what leaving them out does to the results",
		Long: `Lists the hand labels that the models doubt together by confident learning, and whom the students follow where the teacher contradicts
the label. --out writes the doubted labels as CSV: look at these pictures, delete the lines of those that are to stay, and give the
file to "kd data split --without", or here to --without, which prints the results and the paper's claims with and without these
pictures of the test set, side by side. ` + studyPlace,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			run, err := report.Open(studyDir(args))
			if err != nil {
				return err
			}
			if len(models) == 0 {
				models = run.MainModels()
			}
			if without != "" {
				if err := withoutFlags(c); err != nil {
					return err
				}
				return printWithout(c.OutOrStdout(), run, without, models)
			}
			of, err := predictions.ParseSplit(split)
			if err != nil {
				return usage(err)
			}
			if out != "" {
				return writeSuspects(c.OutOrStdout(), run, out, of, models)
			}
			issues, err := run.LabelIssuesTable(of, models...)
			if err != nil {
				return err
			}
			follow, err := run.FollowTable(of, students(models)...)
			return printTables(c.OutOrStdout(), err, issues, follow)
		},
	}
	c.Flags().StringVar(&split, "split", string(predictions.Test), "the set whose labels are doubted: validation or test")
	c.Flags().StringSliceVar(&models, "models", nil, "the models that are asked (default the teacher and its students)")
	c.Flags().StringVar(&out, "out", "", "write the doubted labels as CSV to this file instead")
	c.Flags().StringVar(&without, "without", "", "CSV file whose column id names pictures to leave out of the test set")
	return c
}

func withoutFlags(c *cobra.Command) error {
	return without(c, "with --without, which is about the test set", "split", "out")
}

// students are the models without the teacher.
func students(models []string) []string {
	return slices.DeleteFunc(slices.Clone(models), func(model string) bool { return model == paper.Teacher })
}

// printTables prints tables with a line between, or passes the error on with which they came.
func printTables(w io.Writer, err error, tables ...table.Table) error {
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := t.WriteText(w); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	return nil
}

// printWithout prints the results and claims with and without the pictures of a file.
func printWithout(w io.Writer, run *report.Study, path string, models []string) error {
	rows, err := predictions.ReadColumns(path, predictions.Columns{Needed: []string{predictions.ColumnID}})
	if err != nil {
		return fmt.Errorf("labels: --without: %w", err)
	}
	results, err := run.WithoutTable(rows.IDs(), models...)
	if err != nil {
		return fmt.Errorf("labels: --without: %s: %w", path, err)
	}
	claims, err := run.ClaimsWithoutTable(rows.IDs())
	return printTables(w, err, results, claims)
}

var suspectColumns = []string{predictions.ColumnID, predictions.ColumnSplit, predictions.ColumnLabel, "quality", "models_against"}

// writeSuspects writes the labels that the models doubt.
func writeSuspects(w io.Writer, run *report.Study, path string, split predictions.Split, models []string) error {
	suspects, err := run.Suspects(split, models...)
	if err != nil {
		return err
	}
	if err := makeFolder(path); err != nil {
		return err
	}
	err = csvfile.Write(path, suspectColumns, len(suspects), func(i int) []string {
		s := suspects[i]
		return []string{s.ID, string(split), number(s.Label), table.Fixed(s.Quality, table.Decimals), fmt.Sprint(s.Against())}
	})
	if err != nil {
		return fmt.Errorf("labels: --out: %w", err)
	}
	fmt.Fprintf(w, "%s: %d labels\n", path, len(suspects))
	return nil
}
