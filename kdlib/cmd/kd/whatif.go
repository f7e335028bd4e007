package main

import (
	"bytes"
	"fmt"

	"distillation/kdlib/predictions"
	"distillation/kdlib/report/live"
	"distillation/kdlib/study/analysis"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

func reportCommand() *cobra.Command {
	var out string
	var names []string
	c := &cobra.Command{
		Use:   "report --out FILE.html [STUDY [STUDY]]",
		Short: "Write a study's live what-if page as one HTML file that needs no network",
		Long: `Writes a page with controls for threshold, bins, models, set and labels; histogram, scores, ROC and precision-recall
curves follow. ` + studyPlace + ` Two stand on one page if they have the same pictures.`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			size, err := writeReport(out, args, names)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d KB\n", out, size/1000)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "the file to write (required)")
	c.Flags().StringSliceVar(&names, "split", []string{string(predictions.Validation), string(predictions.Test)}, "the sets to show")
	_ = c.MarkFlagRequired("out") // the flag is there
	return c
}

// writeReport writes the page and returns its size in bytes.
func writeReport(path string, studies, names []string) (size int, err error) {
	var splits []predictions.Split
	for _, name := range names {
		split, err := predictions.ParseSplit(name)
		if err != nil {
			return 0, usage(err)
		}
		splits = append(splits, split)
	}
	page, err := livePage(studies, splits)
	if err != nil {
		return 0, err
	}
	var b bytes.Buffer
	if err := page.WriteDocument(&b); err != nil {
		return 0, err
	}
	if err := makeFolder(path); err != nil {
		return 0, err
	}
	return b.Len(), renameio.WriteFile(path, b.Bytes(), 0o644)
}

// livePage is that of a study, or of two.
func livePage(studies []string, splits []predictions.Split) (*live.Page, error) {
	if len(studies) < 2 {
		run, err := analysis.Open(studyDir(studies))
		if err != nil {
			return nil, err
		}
		return live.New(run, splits...)
	}
	a, err := analysis.Open(studies[0])
	if err != nil {
		return nil, err
	}
	b, err := analysis.Open(studies[1])
	if err != nil {
		return nil, err
	}
	return live.Beside(a, b, splits...)
}
