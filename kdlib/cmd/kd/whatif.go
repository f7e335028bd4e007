package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"distillation/kdlib/images/synth"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report/live"
	"distillation/kdlib/study"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"

	"github.com/google/renameio/v2"
	"github.com/spf13/cobra"
)

// whatIf says what the live page of a study has in it, and where it is written.
type whatIf struct {
	out      string
	names    []string // of its sets
	pictures string   // folder, zip or tar; "": names alone
	cacheDir string
	passOn   bool // the user may pass the pictures on
}

func reportCommand() *cobra.Command {
	var p whatIf
	c := &cobra.Command{
		Use:   "report --out FILE.html [STUDY [STUDY]]",
		Short: "Write a study's live what-if page as one HTML file that needs no network",
		Long: `Writes a page with controls for threshold, bins, models, set and labels; histogram, scores, ROC and precision-recall
curves follow. A click on a bar, a curve or a count names its pictures, and shows them if --pictures puts thumbnails of them into the
file: some 1.5 KB each, their sum is said first. Whoever gets the file gets these. Unless the faces are drawn (kd data synth), that is
refused, until --pass-on says that you may pass the pictures on. ` + studyPlace + `
Two stand on one page if they have the same pictures.`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			if p.pictures == "" {
				if err := without(c, "without --pictures", "pass-on", "cache"); err != nil {
					return err
				}
			}
			size, err := p.write(c.Context(), args, newReporter(c.ErrOrStderr()))
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %d KB\n", p.out, size/1000)
			return nil
		},
	}
	c.Flags().StringVar(&p.out, "out", "", "the file to write (required)")
	c.Flags().StringSliceVar(&p.names, "split", []string{string(predictions.Validation), string(predictions.Test)}, "the sets to show")
	c.Flags().StringVar(&p.pictures, "pictures", "", "the study's pictures (folder, zip or tar), to put thumbnails into the file")
	c.Flags().StringVar(&p.cacheDir, "cache", cacheDir, "folder of decoded pictures")
	c.Flags().BoolVar(&p.passOn, "pass-on", false, "these pictures may be passed on, in this file")
	_ = c.MarkFlagRequired("out") // the flag is there
	return c
}

// write writes the page and returns its size in bytes.
func (p whatIf) write(ctx context.Context, studies []string, report *reporter) (size int, err error) {
	var splits []predictions.Split
	for _, name := range p.names {
		split, err := predictions.ParseSplit(name)
		if err != nil {
			return 0, usage(err)
		}
		splits = append(splits, split)
	}
	made, run, err := livePage(studies, splits)
	if err != nil {
		return 0, err
	}
	if p.pictures != "" {
		if err := p.addPictures(ctx, made, run, report); err != nil {
			return 0, err
		}
	}
	var b bytes.Buffer
	if err := made.WriteDocument(&b); err != nil {
		return 0, err
	}
	if err := makeFolder(p.out); err != nil {
		return 0, err
	}
	return b.Len(), renameio.WriteFile(p.out, b.Bytes(), 0o644)
}

// addPictures puts thumbnails into the page, if they may be passed on.
func (p whatIf) addPictures(ctx context.Context, made *live.Page, run *analysis.Study, report *reporter) error {
	defer report.clear()
	if _, err := synth.ReadTruth(p.pictures); err != nil && !p.passOn {
		return usagef("report: --pictures: got %s, which are no drawn faces: whoever gets %s would get these pictures; with --pass-on you say that you may pass them on",
			p.pictures, p.out)
	}
	manifest := filepath.Join(run.Dir, folder.ManifestFile)
	if _, err := os.Stat(manifest); err != nil {
		return fmt.Errorf("report: --pictures: %w", err) // else one would be drawn
	}
	collection, err := study.OpenCollection(ctx, study.CollectionOptions{
		Pictures: p.pictures, CacheDir: p.cacheDir, Manifest: manifest, Data: run.Recipe.Data, Report: report, ReadOnly: true})
	if err != nil {
		return err
	}
	defer collection.Close()
	pictures, bytes, err := made.PicturesSize(collection.Cache)
	if err != nil {
		return err
	}
	report.Say("%s: %d thumbnails, about %d KB", p.out, pictures, bytes/1000)
	return made.AddPictures(collection.Cache)
}

// livePage is that of a study, or of two, and the first of them.
func livePage(studies []string, splits []predictions.Split) (*live.Page, *analysis.Study, error) {
	if len(studies) < 2 {
		studies = []string{studyDir(studies)}
	}
	var runs []*analysis.Study
	for _, dir := range studies {
		run, err := analysis.Open(dir)
		if err != nil {
			return nil, nil, err
		}
		runs = append(runs, run)
	}
	if len(runs) == 1 {
		page, err := live.New(runs[0], splits...)
		return page, runs[0], err
	}
	page, err := live.Beside(runs[0], runs[1], splits...)
	return page, runs[0], err
}
