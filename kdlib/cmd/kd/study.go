package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"

	"github.com/spf13/cobra"
)

// cacheDir holds decoded pictures, shared between commands; it may be deleted at any time.
const cacheDir = "datasets/cache"

func studyCommand() *cobra.Command {
	var s study.Study
	var config, preset string
	var show bool
	var layout images.Layout
	c := &cobra.Command{
		Use:   "study",
		Short: "Run a whole experiment: teacher, three students, recursive chains, timing",
		Long: `Runs an experiment from one recipe: a preset or a JSON file (--show prints one to start from).
Interrupt it at any time: the same command goes on from the last finished epoch.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			report := newReporter(c.ErrOrStderr())
			defer report.clear()
			if s.Recipe, err = chosen(config, preset); err != nil {
				return err
			}
			if s.Recipe.Reductions != nil {
				report.Say("%s: its \"reductions\" are not taken over: how a study departs from the paper follows from its values; words of your own go into \"notes\"", config)
				s.Recipe.Reductions = nil
			}
			if layout != images.AnyLayout {
				s.Recipe.Data.Layout = layout
			}
			if s.Recipe.Given == (recipe.Given{}) {
				if err := without(c, "without a teacher that is given", anyTeacher); err != nil {
					return err
				}
			}
			if show {
				if err := without(c, "beside --show, which does nothing but print", "pictures", "dir", "cache", "only", anyTeacher); err != nil {
					return err
				}
				return printJSON(c.OutOrStdout(), s.Recipe)
			}
			if s.Dir == "" {
				s.Dir = filepath.Join("datasets", "runs", s.Recipe.Name)
			}
			if s.Pictures == "" {
				return usage(errors.New("study: --pictures is missing: a folder, zip or tar of pictures (`kd data synth` draws some)"))
			}
			b, err := backend.New()
			if err != nil {
				return err
			}
			s.Report = report
			if err := s.Run(c.Context(), b); err != nil {
				return goesOn(err)
			}
			if s.Only != "" {
				report.Say("%s is in %s; the same command without --only makes the rest", s.Only, filepath.Join(s.Dir, s.Only))
				return nil
			}
			report.Say("the results are in %s; their tables: kd tables %s", s.Dir, s.Dir)
			return nil
		},
	}
	flags := c.Flags()
	flags.StringVar(&config, "config", "", "recipe as a JSON file")
	flags.StringVar(&preset, "preset", recipe.Reduced.Name, "named recipe: "+strings.Join(recipe.PresetNames(), ", "))
	flags.BoolVar(&show, "show", false, "print the recipe as JSON and do nothing")
	flags.StringVar(&s.Pictures, "pictures", "", "folder, zip or tar of the pictures")
	flags.StringVar(&s.Dir, "dir", "", "folder of the results (default datasets/runs/NAME)")
	flags.StringVar(&s.CacheDir, "cache", cacheDir, "folder of decoded pictures")
	flags.StringVar(&s.Only, "only", "", "the one model to make, such as classical, and what its labels come from (default: all, and the timing)")
	anyTeacherFlag(c, &s.AnyTeacher)
	layoutFlag(c, &layout)
	c.MarkFlagsMutuallyExclusive("config", "preset")
	return c
}

const anyTeacher = "any-teacher"

func anyTeacherFlag(c *cobra.Command, to *bool) {
	c.Flags().BoolVar(to, anyTeacher, false, "go on with a teacher that is wrong on most training pictures")
}

func chosen(config, preset string) (recipe.Study, error) {
	if config != "" {
		return recipe.Read(config)
	}
	s, err := recipe.Preset(preset)
	return s, usage(err)
}

func goesOn(err error) error {
	if errors.Is(err, context.Canceled) {
		return errGoesOn
	}
	return err
}
