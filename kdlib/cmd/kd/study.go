package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/images"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/tracking"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"

	"github.com/spf13/cobra"
)

// cacheDir holds decoded pictures, shared between commands; it may be deleted at any time.
const cacheDir = "datasets/cache"

// studyFlags are what a study was asked for.
type studyFlags struct {
	study.Study
	config, preset string
	tensorboard    string   // folder of event files
	sweep          []string // OPTION=VALUE,VALUE,...
	show, plan     bool
	layout         images.Layout
	teacher        ownTeacher
}

func studyCommand() *cobra.Command {
	var s studyFlags
	c := &cobra.Command{
		Use:   "study",
		Short: "Run a whole experiment: teacher, three students, recursive chains, timing",
		Long: `Runs an experiment from one recipe: a preset or a JSON file (--show prints one to start from). With --teacher it is the preset
own: one's own pictures and a teacher that is given, as a file of its predictions or as a network.
Interrupt it at any time: the same command goes on from the last finished epoch.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			report := newReporter(c.ErrOrStderr())
			defer report.clear()
			news, err := s.choose(c)
			if err != nil {
				return err
			}
			s.forgetReductions(report)
			if s.show || s.plan {
				return s.print(c)
			}
			return s.run(c, news, report)
		},
	}
	flags := c.Flags()
	flags.StringVar(&s.config, "config", "", "recipe as a JSON file")
	flags.StringVar(&s.preset, "preset", recipe.Reduced.Name, "named recipe: "+strings.Join(append(recipe.PresetNames(), recipe.OwnName), ", "))
	flags.BoolVar(&s.show, "show", false, "print the recipe as JSON and do nothing")
	flags.BoolVar(&s.plan, "plan", false, "print the parts that --only takes, and the files that each needs and makes, as JSON and do nothing")
	flags.StringVar(&s.Pictures, "pictures", "", "folder, zip or tar of the pictures")
	flags.StringVar(&s.Dir, "dir", "", "folder of the results (default datasets/runs/NAME)")
	flags.StringVar(&s.CacheDir, "cache", cacheDir, "folder of decoded pictures")
	flags.StringVar(&s.Only, "only", "", "the one model to make, such as classical, and what its labels come from, or timing (default: all); several at once may make one each")
	flags.StringArrayVar(&s.sweep, "sweep", nil, "students more, one for each value of an option of soft or smoothed labels, such as temperature=1,2,4; of several such flags, for each combination")
	flags.StringVar(&s.tensorboard, tensorboardFlag, "", "folder of event files for TensorBoard, written after each epoch")
	anyTeacherFlag(c, &s.AnyTeacher)
	layoutFlag(c, &s.layout)
	s.teacher.flags(c)
	c.MarkFlagsMutuallyExclusive("config", "preset")
	c.MarkFlagsMutuallyExclusive("config", "teacher")
	c.MarkFlagsMutuallyExclusive("show", "plan")
	return c
}

// print does nothing but print the recipe or the plan.
func (s *studyFlags) print(c *cobra.Command) error {
	flag := "show"
	if s.plan {
		flag = "plan"
	}
	if err := without(c, "beside --"+flag+", which does nothing but print", s.printIgnores()...); err != nil {
		return err
	}
	if s.plan {
		return printJSON(c.OutOrStdout(), (&folder.Study{Recipe: s.Recipe}).Plan())
	}
	return printJSON(c.OutOrStdout(), s.Recipe)
}

// choose takes the recipe that is asked for; news is a line of what it will do, of the preset own.
func (s *studyFlags) choose(c *cobra.Command) (news string, err error) {
	if c.Flags().Changed("teacher") && !c.Flags().Changed("preset") {
		s.preset = recipe.OwnName
	}
	if err := s.teacher.check(c, s.preset); err != nil {
		return "", err
	}
	if s.preset == recipe.OwnName {
		s.Recipe, news, err = s.teacher.study(s.Pictures, s.layout)
	} else {
		s.Recipe, err = chosen(s.config, s.preset)
	}
	if err != nil {
		return "", err
	}
	if s.layout != images.AnyLayout {
		s.Recipe.Data.Layout = s.layout
	}
	if err := s.addSweep(); err != nil {
		return "", usage(err)
	}
	if s.Recipe.Given == (recipe.Given{}) {
		return news, without(c, "without a teacher that is given", anyTeacher)
	}
	return news, nil
}

// addSweep adds the students of --sweep.
func (s *studyFlags) addSweep() error {
	if len(s.sweep) == 0 {
		return nil
	}
	over := map[string][]float64{}
	for _, text := range s.sweep {
		option, list, _ := strings.Cut(text, "=")
		if over[option] != nil {
			return fmt.Errorf("study: --sweep: got %s twice, want all its values in one", option)
		}
		for _, value := range strings.Split(list, ",") {
			number, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return fmt.Errorf("study: --sweep: got %q, want OPTION=VALUE,VALUE,..., such as temperature=1,2,4", text)
			}
			over[option] = append(over[option], number)
		}
	}
	var err error
	s.Recipe, err = s.Recipe.Sweep(over)
	return err
}

// printIgnores are flags that do nothing beside --show and --plan; the preset own counts the pictures.
func (s *studyFlags) printIgnores() []string {
	names := []string{"dir", "cache", "only", tensorboardFlag, anyTeacher}
	if s.preset != recipe.OwnName {
		names = append(names, "pictures")
	}
	return names
}

// forgetReductions drops what an older version said of a recipe.
func (s *studyFlags) forgetReductions(report *reporter) {
	if s.Recipe.Reductions != nil {
		report.Say("%s: its \"reductions\" are not taken over: how a study departs from the paper follows from its values; words of your own go into \"notes\"", s.config)
		s.Recipe.Reductions = nil
	}
}

func (s *studyFlags) run(c *cobra.Command, news string, report *reporter) error {
	if s.Dir == "" {
		s.Dir = filepath.Join("datasets", "runs", s.Recipe.Name)
	}
	if s.Pictures == "" {
		return errNoPictures
	}
	b, err := backend.New()
	if err != nil {
		return err
	}
	s.Report = report
	if news != "" {
		report.Say("%s", news)
	}
	follow(&s.Study, s.tensorboard)
	resumable.Store(true)
	if err := s.Run(c.Context(), b); err != nil {
		return goesOn(err)
	}
	if s.tensorboard != "" { // the predictions, too
		if _, err := tracking.TensorBoard(&folder.Study{Dir: s.Dir, Recipe: s.Recipe}, s.tensorboard); err != nil {
			return err
		}
	}
	if s.Only == folder.Timing {
		report.Say("the timing is in %s", filepath.Join(s.Dir, folder.TimingFile))
		return nil
	}
	if s.Only != "" {
		report.Say("%s is in %s; the same command without --only makes the rest", s.Only, filepath.Join(s.Dir, s.Only))
		return nil
	}
	report.Say("the results are in %s; their tables: kd tables %s", s.Dir, s.Dir)
	return nil
}

var errNoPictures = usage(errors.New("study: --pictures is missing: a folder, zip or tar of pictures (`kd data synth` draws some)"))

const anyTeacher = "any-teacher"

func anyTeacherFlag(c *cobra.Command, to *bool) {
	c.Flags().BoolVar(to, anyTeacher, false, "go on with a teacher that is wrong on most training pictures")
}

func chosen(config, preset string) (recipe.Study, error) {
	if config != "" {
		return recipe.Read(config)
	}
	s, err := recipe.Preset(preset)
	if err != nil {
		return s, usagef("%w, or %s with --teacher", err, recipe.OwnName)
	}
	return s, nil
}

func goesOn(err error) error {
	if errors.Is(err, context.Canceled) {
		return errGoesOn
	}
	return err
}
