package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/study/lab"
	"distillation/kdlib/study/paired"
	"distillation/kdlib/table"

	"github.com/gomlx/compute"
	"github.com/spf13/cobra"
)

// labFolder holds the laboratory's results that come with the project, and its features.
var labFolder = filepath.Join("datasets", "results", "lab")

// The copies of some of these pictures.
var labCopies = filepath.Join(labFolder, "copies.safetensors")

// The features of the pictures of the study full: sums at the ends of three early blocks of its teacher.
var (
	labFeatures = filepath.Join(labFolder, "features.safetensors")
	labValues   = []string{"/_blocks.2/Add_output_0", "/_blocks.4/Add_output_0", "/_blocks.6/Add_output_0"}
)

// labSource are the flags of features.
type labSource struct {
	network         recipe.ONNX
	values          []string
	pictures, cache string
	study, out      string
	batch           int
}

func labFeaturesCommand() *cobra.Command {
	s := labSource{network: recipe.Full.Given.ONNX}
	c := &cobra.Command{
		Use:   "features",
		Short: "Compute what a network in an ONNX file finds in each picture, for the laboratory's students",
		Long: `Lets a network of any kind look at every picture of a study's split and keeps the means of values inside it, standardised on the
training set, as safetensors in half precision. --value names the outputs of nodes inside the network, as viewers of ONNX files show them.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return s.run(c) },
	}
	s.flags(c, labFeatures)
	return c
}

// flags are those of a network that looks at pictures.
func (s *labSource) flags(c *cobra.Command, out string) {
	f := c.Flags()
	f.StringVar(&s.network.File, "onnx", s.network.File, "ONNX file")
	f.StringVar(&s.network.Layout, onnxDetails[0], "", onnxLayout)
	f.StringVar(&s.network.Values, onnxDetails[1], "", onnxValues)
	f.Var(wholeNumber(&s.network.Size, 0, whole(0, recipe.MaxSize)), "size", "width and height of the pictures that it takes (default: as the file says)")
	f.StringSliceVar(&s.values, "value", labValues, "value inside the network")
	f.StringVar(&s.pictures, "pictures", "", "folder, zip or tar of the pictures")
	f.StringVar(&s.cache, "cache", cacheDir, "folder of decoded pictures")
	f.StringVar(&s.study, "study", defaultRun, "folder of the study whose split is taken")
	f.StringVar(&s.out, "out", out, "file to write")
	f.Var(wholeNumber(&s.batch, recipe.Paper.Student.Batch, counts), "batch", "pictures at a time")
	_ = c.MarkFlagRequired("pictures") // fails only for a flag that does not exist
}

func (s *labSource) run(c *cobra.Command) error {
	if err := s.network.Validate(); err != nil {
		return usage(err)
	}
	return s.looking(c, "features", func(e lab.Extraction, b compute.Backend, report *reporter) error {
		features, err := e.Run(c.Context(), b)
		if err != nil {
			return err
		}
		if err := features.Write(s.out); err != nil {
			return err
		}
		report.Say("%s: %d features of each of %d pictures, by %s", s.out, features.Width, len(e.Pictures.Manifest), strings.Join(s.values, ", "))
		return nil
	})
}

// looking does what wants the pictures, and the folder of the file to write.
func (s *labSource) looking(c *cobra.Command, what string, do func(lab.Extraction, compute.Backend, *reporter) error) error {
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	b, err := backend.New()
	if err != nil {
		return err
	}
	e, err := s.open(c, b, report, what)
	if err != nil {
		return err
	}
	defer e.Pictures.Close()
	if err := makeFolder(s.out); err != nil {
		return err
	}
	return do(e, b, report)
}

// open opens the pictures at the size of the network.
func (s *labSource) open(c *cobra.Command, b compute.Backend, report *reporter, what string) (lab.Extraction, error) {
	e := lab.Extraction{Network: s.network, Values: s.values, Batch: s.batch, Progress: progress(report, what)}
	size, err := e.Size(b)
	if err != nil {
		return e, err
	}
	options := study.CollectionOptions{Pictures: s.pictures, CacheDir: s.cache, Manifest: filepath.Join(s.study, folder.ManifestFile),
		Data: recipe.Data{Size: size}, Report: report, ReadOnly: true}
	e.Pictures, err = study.OpenCollection(c.Context(), options)
	return e, err
}

// copySource are the flags of copies.
type copySource struct {
	labSource
	features string
	how      lab.CopyOptions
}

func labCopiesCommand() *cobra.Command {
	s := copySource{labSource: labSource{network: recipe.Full.Given.ONNX}, how: lab.CopyOptions{Augment: recipe.Paper.Student.Augment}}
	c := &cobra.Command{
		Use:   "copies",
		Short: "Show augmented copies of training pictures to the teacher, for the laboratory's experiment patience",
		Long: `Draws some training pictures and augments each several times. Keeps what the teacher's network finds in these copies, on the scale of
the pictures' own features, and its answers on them. The network is checked by its answers and features on the pictures themselves.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error { return s.run(c) },
	}
	s.flags(c, labCopies)
	f := c.Flags()
	f.StringVar(&s.features, "features", labFeatures, "features of the pictures, as kd lab features writes them")
	f.Var(wholeNumber(&s.how.Pictures, 2000, whole(2, recipe.MaxPictures)), "n", "training pictures, half of them of class 1")
	f.Var(wholeNumber(&s.how.Each, 8, whole(1, 1000)), "each", "copies of a picture")
	f.BoolVar(&s.how.Augment.Flip, "flip", s.how.Augment.Flip, "flip pictures at random")
	f.Var(decimal(&s.how.Augment.Shift, s.how.Augment.Shift, shares), "shift", "shift pictures at random by up to this part of their size")
	f.Uint64Var(&s.how.Seed, "seed", 1, "draws the pictures and what is done to them")
	return c
}

func (s *copySource) run(c *cobra.Command) error {
	if err := errors.Join(s.network.Validate(), s.how.Validate()); err != nil {
		return usage(err)
	}
	return s.looking(c, "copies", func(e lab.Extraction, b compute.Backend, report *reporter) error {
		l, err := lab.Open(b, s.features, s.study)
		if err != nil {
			return err
		}
		defer l.Close()
		copies, err := e.Copies(c.Context(), l, s.how)
		if err != nil {
			return err
		}
		if err := copies.Write(s.out); err != nil {
			return err
		}
		report.Say("%s: %d copies of each of %d pictures", s.out, copies.Each, len(copies.Of))
		return nil
	})
}

// experiment are the flags of an experiment.
type experiment struct {
	features, study, out string
	seeds, looks, epochs int
	first                uint64
	copies               string
	copied               *lab.Copies // nil where no experiment asks for them
}

func labCommand() *cobra.Command {
	var e experiment
	c := &cobra.Command{
		Use:   "lab NAME...",
		Short: "The laboratory: questions about labels, decided in minutes by many small students",
		Long: `Runs experiments on features of the pictures: kinds of students that differ in their labels alone, each from several seeds, all
seeds at once. Prints what the differences within the seeds say, and writes a row of measurements a student. Without NAME the
experiments are listed. With --looks it adds as many seeds again and again until an experiment's first question is decided.`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return e.list(c)
			}
			var asked []lab.Experiment
			for _, name := range args {
				found, err := lab.Find(name)
				if err != nil {
					return usage(err)
				}
				asked = append(asked, found)
			}
			return e.all(c, asked)
		},
	}
	f := c.Flags()
	f.StringVar(&e.features, "features", labFeatures, "features of the pictures, as kd lab features writes them")
	f.StringVar(&e.copies, "copies", labCopies, "augmented copies of training pictures, as kd lab copies writes them, for the experiment patience")
	f.StringVar(&e.study, "study", defaultRun, "folder of the study with split and teacher")
	f.StringVar(&e.out, "dir", filepath.Join("datasets", "runs", "lab"), "folder of the results, which come into a folder NAME in it")
	f.Var(wholeNumber(&e.seeds, 20, whole(2, 1000)), "seeds", "students of each kind")
	f.Uint64Var(&e.first, "first-seed", 1, "seed of the first; the others follow")
	f.Var(wholeNumber(&e.epochs, lab.Usual(lab.Seeds(1, 1)).Training.Epochs, epochCounts), "epochs", "of every student; patience has a quarter and four times as many, too")
	f.Var(wholeNumber(&e.looks, 1, whole(1, 50)), "looks", "look so often at most, with so many seeds more each time, until the first question is decided (O'Brien-Fleming)")
	c.AddCommand(labFeaturesCommand(), labCopiesCommand())
	return c
}

// list prints the experiments; without a name no flag has an effect.
func (e *experiment) list(c *cobra.Command) error {
	if err := without(c, "without NAME, which only lists the experiments", "features", "copies", "study", "dir", "seeds", "first-seed", "epochs", "looks"); err != nil {
		return err
	}
	for _, one := range lab.Experiments() {
		fmt.Fprintf(c.OutOrStdout(), "%-11s claim: %s\n%-11s prediction: %s\n", one.Name, one.Claim, "", one.Prediction)
	}
	return nil
}

// all runs experiments one after the other. What several of them train is trained once.
func (e *experiment) all(c *cobra.Command, asked []lab.Experiment) error {
	wanted := slices.ContainsFunc(asked, func(one lab.Experiment) bool { return one.Copies })
	if !wanted {
		if err := without(c, "without an experiment that sees copies of pictures", "copies"); err != nil {
			return err
		}
	}
	if info, err := os.Stat(e.out); err == nil && !info.IsDir() {
		return fmt.Errorf("lab: --dir: %s is a file, want a folder", e.out)
	}
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	b, err := backend.New()
	if err != nil {
		return err
	}
	l, err := lab.Open(b, e.features, e.study)
	if err != nil {
		return err
	}
	defer l.Close()
	if wanted {
		if e.copied, err = lab.ReadCopies(e.copies); err != nil {
			return err
		}
	}
	for _, one := range asked {
		if err := e.run(c, one, l, report); err != nil {
			return err
		}
	}
	return nil
}

func (e *experiment) run(c *cobra.Command, asked lab.Experiment, l *lab.Lab, report *reporter) error {
	record, err := lab.NewRecord(filepath.Join(e.out, asked.Name), asked, l)
	if err != nil {
		return err
	}
	students := lab.Usual(lab.Seeds(e.first, e.seeds))
	students.Training.Epochs = e.epochs
	options := lab.Options{Students: students, Copies: e.copied, Keep: record.Keep, Progress: func(what string, done, total int) {
		if done == total {
			report.Say("%s: %s: trained", asked.Name, what)
		}
	}}
	var rows paired.Rows
	var looks []lab.Looked
	if e.looks == 1 {
		rows, err = asked.Run(c.Context(), l, options)
	} else {
		looks, rows, err = asked.Look(c.Context(), l, options, e.looks)
	}
	if err != nil {
		return err
	}
	if err := record.Write(rows, looks); err != nil {
		return err
	}
	report.Say("%s: the results are in %s", asked.Name, record.Dir)
	return e.print(c, asked, rows, looks)
}

func (e *experiment) print(c *cobra.Command, asked lab.Experiment, rows paired.Rows, looks []lab.Looked) error {
	differences, err := asked.Compare(rows)
	if err != nil {
		return err
	}
	tables := []table.Table{paired.Table(asked.Claim, differences)}
	spreads, err := asked.Spread(rows)
	if err != nil {
		return err
	}
	if len(spreads) > 0 {
		tables = append(tables, paired.SpreadTable("Kinds of one seed against seeds of one kind", spreads))
	}
	if len(looks) > 0 {
		tables = append(tables, lab.LooksTable(looks))
	}
	for _, t := range tables {
		if err := t.WriteText(c.OutOrStdout()); err != nil {
			return err
		}
		fmt.Fprintln(c.OutOrStdout())
	}
	return nil
}
