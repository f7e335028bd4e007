package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/metrics"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"

	"github.com/gomlx/compute"
	"github.com/spf13/cobra"
)

// allSplits is the value of --split for one file with every set.
const allSplits = "all"

// predicting is what predict was asked for.
type predicting struct {
	from       source
	asked      network
	split, out string
}

func predictCommand() *cobra.Command {
	var p predicting
	c := &cobra.Command{
		Use:   "predict",
		Short: "Write a network's predictions on a set of pictures, or on pictures without labels",
		Long: `Writes the predictions of a network trained here (--model), or of any classifier of cats and dogs in an ONNX
file (--onnx): one input of pictures, one output P(dog) or its logit. Where the file does not say which pictures it
takes and what it gives, flags do.

With --manifest the pictures are those of a split, and --out has the columns id,set,label,p; with --split all it can be the teacher
of a study. Without --manifest all pictures are asked about, whether they have labels or not, also a single one: --out, or the
screen, has the columns id,p. An id is a picture's class and name, cat.0 or left.IMG_7, or without two classes its path.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			if p.from.manifest == "" {
				return p.pictures(c)
			}
			return p.sets(c)
		},
	}
	p.from.flags(c)
	p.asked.flags(c)
	c.Flags().StringVar(&p.split, "split", string(predictions.Test), "train, validation, test or all")
	c.Flags().StringVar(&p.out, "out", "", "file to write: id,set,label,p, and logit where the network tells; without --manifest id,p (default: the screen)")
	return c
}

// sets predicts on sets of a split.
func (p *predicting) sets(c *cobra.Command) error {
	splits, err := parseSplits(p.split)
	if err != nil {
		return usage(err)
	}
	if p.out == "" {
		return usagef("predict: --out is missing: the file to write")
	}
	if err := makeFolder(p.out); err != nil {
		return err
	}
	return withModel(c, p.from, p.asked, func(pictures *study.Collection, model study.Model, report *reporter) error {
		if err := predictions.WriteClasses(filepath.Dir(p.out), pictures.Source.Classes()); err != nil {
			return err
		}
		var all predictions.Table
		var counts []string
		for _, split := range splits {
			rows, err := pictures.Predict(c.Context(), model, split, showing(report, "predictions on "+string(split)))
			if err != nil {
				return err
			}
			all = append(all, rows...)
			counts = append(counts, fmt.Sprintf("%d %s", len(rows), split))
		}
		if err := predictions.Write(p.out, all); err != nil {
			return err
		}
		report.clear()
		fmt.Fprintf(c.OutOrStdout(), "%s: predictions on %s\n", p.out, strings.Join(counts, ", "))
		return nil
	})
}

// pictures predicts on pictures that need no labels.
func (p *predicting) pictures(c *cobra.Command) error {
	if err := without(c, "without --manifest: all pictures are asked about", append(drawFlags, "split")...); err != nil {
		return err
	}
	if p.out != "" {
		if err := makeFolder(p.out); err != nil {
			return err
		}
	}
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	model, err := p.asked.open(c, &p.from, report)
	if err != nil {
		return err
	}
	defer model.Finalize()
	pictures, err := study.OpenPictures(c.Context(), study.CollectionOptions{Pictures: p.from.pictures, CacheDir: p.from.cache, Data: p.from.data, Report: report})
	if err != nil {
		return err
	}
	defer pictures.Close()
	for _, note := range pictures.Source.Notes() {
		report.Say("%s", note)
	}
	rows, err := pictures.Predict(c.Context(), model, showing(report, "predictions"))
	if err != nil {
		return err
	}
	report.clear()
	if p.out == "" {
		return predictions.PrintProbabilities(c.OutOrStdout(), rows)
	}
	if err := predictions.WriteProbabilities(p.out, rows); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "%s: predictions on %d pictures\n", p.out, len(rows))
	return nil
}

func showing(report *reporter, what string) dataset.PredictOptions {
	return dataset.PredictOptions{Batch: recipe.Paper.Student.Batch, Progress: progress(report, what)}
}

func parseSplits(name string) ([]predictions.Split, error) {
	if name == allSplits {
		return folder.Splits, nil
	}
	split, err := predictions.ParseSplit(name)
	return []predictions.Split{split}, err
}

// network are the flags that say which network is asked.
type network struct {
	dir    string
	answer string
	onnx   recipe.ONNX
}

// bestEpoch is the value of --answer for what has no name in a recipe.
const bestEpoch = "best"

func (n *network) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&n.dir, "model", "", "folder of a training run")
	f.StringVar(&n.answer, "answer", "", "the run's weights: best, last or average (default: as its recipe says)")
	f.StringVar(&n.onnx.File, "onnx", "", "ONNX file")
	onnxFlags(c, &n.onnx)
	c.MarkFlagsOneRequired("model", "onnx")
	c.MarkFlagsMutuallyExclusive("model", "onnx")
}

// onnxDetails are the flags that say what an ONNX file does not.
var onnxDetails = []string{"onnx-layout", "onnx-values", "onnx-output"}

// What flags of a file's pictures say.
const (
	onnxLayout = "what it takes: nhwc or nchw (default: by the shape of its input)"
	onnxValues = "what it takes: 0..255, 0..1, -1..1 or imagenet (default: as an export of kd says, and 0..255 if its input is called pixels)"
)

func onnxFlags(c *cobra.Command, to *recipe.ONNX) {
	f := c.Flags()
	f.StringVar(&to.Layout, onnxDetails[0], "", onnxLayout)
	f.StringVar(&to.Values, onnxDetails[1], "", onnxValues)
	f.StringVar(&to.Output, onnxDetails[2], "", "what it gives: logit or probability (default: by the name of its output, the end of its graph and the first values)")
}

// check refuses flags that say nothing of the network.
func (n *network) check(c *cobra.Command) error {
	if n.onnx.File == "" {
		return without(c, "without --onnx", onnxDetails...)
	}
	if err := without(c, "beside --onnx", "answer"); err != nil {
		return err
	}
	return usage(n.onnx.Validate())
}

// trained opens the network of a run.
func (n *network) trained(b compute.Backend) (*train.Model, error) {
	switch n.answer {
	case "":
		return train.Best(b, n.dir)
	case bestEpoch:
		return train.Answering(b, n.dir, "")
	case recipe.LastEpoch, recipe.AverageWeights:
		return train.Answering(b, n.dir, n.answer)
	}
	return nil, usagef("--answer: got %q, want %s, %s or %s", n.answer, bestEpoch, recipe.LastEpoch, recipe.AverageWeights)
}

// model is a network that can be asked and closed.
type model interface {
	study.Model
	Finalize()
}

// open opens the network. It decides the size of the pictures, by its shape or by what it was trained on, unless --size was
// given.
func (n *network) open(c *cobra.Command, from *source, report *reporter) (model, error) {
	if err := n.check(c); err != nil {
		return nil, err
	}
	b, err := backend.New()
	if err != nil {
		return nil, err
	}
	if n.onnx.File == "" {
		m, err := n.trained(b)
		if err != nil {
			return nil, err
		}
		m.Watch = study.Compiling(report)
		from.sizeFor(c, m.Size)
		return m, nil
	}
	if c.Flags().Changed("size") {
		n.onnx.Size = from.data.Size
	}
	m, err := onnx.Open(b, n.onnx)
	if err != nil {
		return nil, err
	}
	from.sizeFor(c, m.Is.Size)
	return m, nil
}

// sizeFor takes the pictures at a network's size, if that is known, unless the user said another.
func (s *source) sizeFor(c *cobra.Command, size int) {
	if size != 0 && !c.Flags().Changed("size") {
		s.data.Size = size
	}
}

// withModel opens a network and pictures, and closes them when fn has asked its questions.
func withModel(c *cobra.Command, from source, asked network, fn func(*study.Collection, study.Model, *reporter) error) error {
	report := newReporter(c.ErrOrStderr())
	defer report.clear()
	model, err := asked.open(c, &from, report)
	if err != nil {
		return err
	}
	defer model.Finalize()
	from.readOnly = true
	pictures, err := from.open(c, report)
	if err != nil {
		return err
	}
	defer pictures.Close()
	if err := compareClasses(classesOf(model), pictures.Source.Classes(), report); err != nil {
		return err
	}
	return fn(pictures, model, report)
}

// classesOf are the classes that a network was trained with, as far as its file tells them.
func classesOf(m model) [2]string {
	switch m := m.(type) {
	case *train.Model:
		return m.Classes
	case *onnx.Model:
		return m.Classes
	}
	return [2]string{}
}

// compareClasses refuses a network that knows the pictures' classes the other way round, and says if it knows others.
func compareClasses(trained, shown [2]string, report *reporter) error {
	same := func(a, b string) bool { return strings.EqualFold(a, b) }
	switch {
	case trained == [2]string{} || same(trained[0], shown[0]) && same(trained[1], shown[1]):
	case same(trained[0], shown[1]) && same(trained[1], shown[0]):
		return fmt.Errorf("the network was trained with 0 = %s, 1 = %s: got pictures with 0 = %s, 1 = %s", trained[0], trained[1], shown[0], shown[1])
	default:
		report.Say("the network was trained with 0 = %s, 1 = %s", trained[0], trained[1])
	}
	return nil
}

func evalCommand() *cobra.Command {
	var from source
	var split string
	var asked network
	var augment images.Augment
	var repetitions int
	var seed uint64
	c := &cobra.Command{
		Use:   "eval",
		Short: "Loss and accuracy of a trained network, with or without augmentation, repeated",
		Long: `Shows the pictures of a set to a network, augmented at random in each repetition when --flip or
--shift is given, and prints repetition,n,loss,accuracy,uncertainty on the ground-truth labels as CSV. A file of predictions that is there already is read by kd score.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			chosen, err := predictions.ParseSplit(split)
			if err != nil {
				return usage(err)
			}
			if err := augment.Validate(); err != nil {
				return usagef("eval: %w", err)
			}
			if repetitions < 1 {
				return usagef("eval: --repetitions: got %d, want at least 1", repetitions)
			}
			if augment == (images.Augment{}) {
				if err := without(c, "without --flip or --shift: every pass is the same", "repetitions", "seed"); err != nil {
					return err
				}
			}
			return withModel(c, from, asked, func(pictures *study.Collection, model study.Model, report *reporter) error {
				fmt.Fprintln(c.OutOrStdout(), "repetition,n,loss,accuracy,uncertainty")
				for i := range repetitions {
					augmentation := dataset.Augmentation{Augment: augment, Seed: study.EvaluationSeed(seed), Pass: i}
					s, err := evaluate(c.Context(), model, pictures.GroundTruth(chosen),
						dataset.PredictOptions{Batch: recipe.Paper.Student.Batch, Augmentation: augmentation, Progress: progress(report, "predictions")})
					if err != nil {
						return err
					}
					report.clear()
					if note := s.ClampedNote(); note != "" {
						report.Say("%s", note)
					}
					fmt.Fprintf(c.OutOrStdout(), "%d,%d,%s,%s,%s\n", i, s.N, number(s.Loss), number(s.Accuracy), number(s.Uncertainty))
				}
				return nil
			})
		},
	}
	from.flags(c)
	needsSplit(c)
	asked.flags(c)
	c.Flags().StringVar(&split, "split", string(predictions.Test), "train, validation or test")
	c.Flags().BoolVar(&augment.Flip, "flip", false, "flip pictures at random")
	c.Flags().Var(decimal(&augment.Shift, 0, shares), "shift", "shift pictures at random by up to this part of their size")
	c.Flags().Var(wholeNumber(&repetitions, 1, counts), "repetitions", "number of passes")
	c.Flags().Uint64Var(&seed, "seed", 1, "seed of the augmentation")
	return c
}

func evaluate(ctx context.Context, model study.Model, data dataset.Data, how dataset.PredictOptions) (metrics.Summary, error) {
	predicted, err := model.Predict(ctx, data, how)
	if err != nil {
		return metrics.Summary{}, err
	}
	return predicted.Summarize(data.Labels(), distill.Threshold)
}
