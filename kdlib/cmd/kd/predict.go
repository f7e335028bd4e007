package main

import (
	"fmt"

	"distillation/kdlib/backend"
	"distillation/kdlib/catdog"
	"distillation/kdlib/fit"
	"distillation/kdlib/label"
	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
	"distillation/kdlib/score"
	"distillation/kdlib/study"

	"github.com/spf13/cobra"
)

func predictCommand() *cobra.Command {
	var from source
	var dir, set, out string
	c := &cobra.Command{
		Use:   "predict",
		Short: "Write a trained network's answers on a set of pictures",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return ask(c, from, dir, set, func(pictures *study.Collection, model *fit.Model, set pred.Set, report *reporter) error {
				return pictures.Answer(c.Context(), model, set, recipe.Paper.Student.Batch, fit.Draw{}, out, progress(report, "answers"))
			})
		},
	}
	from.flags(c)
	c.Flags().StringVar(&dir, "model", "", "folder of a training run")
	c.Flags().StringVar(&set, "set", string(pred.Test), "train, validation or test")
	c.Flags().StringVar(&out, "out", "", "file to write: id,set,label,p")
	_ = c.MarkFlagRequired("model") // fails only for a flag that does not exist
	_ = c.MarkFlagRequired("out")
	return c
}

// ask opens pictures and a trained network, and closes them when fn has asked its questions about a set.
func ask(c *cobra.Command, from source, dir, set string, fn func(*study.Collection, *fit.Model, pred.Set, *reporter) error) error {
	chosen, err := pred.ParseSet(set)
	if err != nil {
		return err
	}
	report := newReporter(c.ErrOrStderr())
	pictures, err := from.open(c, report)
	if err != nil {
		return err
	}
	defer pictures.Close()
	b, err := backend.New()
	if err != nil {
		return err
	}
	model, err := fit.Best(b, dir)
	if err != nil {
		return err
	}
	defer model.Finalize()
	return interrupted(fn(pictures, model, chosen, report), report)
}

func evalCommand() *cobra.Command {
	var from source
	var dir, set string
	var augment catdog.Augment
	var repetitions int
	var seed uint64
	c := &cobra.Command{
		Use:   "eval",
		Short: "Loss and accuracy of a trained network, with or without augmentation, repeated",
		Long: `Shows the pictures of a set to a network, moved at random in each repetition when --flip or
--shift is given, and prints repetition,n,loss,accuracy,uncertainty on the hand labels as CSV.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return ask(c, from, dir, set, func(pictures *study.Collection, model *fit.Model, set pred.Set, report *reporter) error {
				fmt.Fprintln(c.OutOrStdout(), "repetition,n,loss,accuracy,uncertainty")
				for i := range max(repetitions, 1) {
					draw := fit.Draw{Augment: augment, Seed: study.EvaluationSeed(seed), Pass: i}
					s, err := evaluate(c, pictures, model, set, draw, report)
					if err != nil {
						return err
					}
					fmt.Fprintf(c.OutOrStdout(), "%d,%d,%s,%s,%s\n", i, s.N, number(s.Loss), number(s.Accuracy), number(s.Uncertainty))
				}
				return nil
			})
		},
	}
	from.flags(c)
	c.Flags().StringVar(&dir, "model", "", "folder of a training run")
	c.Flags().StringVar(&set, "set", string(pred.Test), "train, validation or test")
	c.Flags().BoolVar(&augment.Flip, "flip", false, "flip pictures at random")
	c.Flags().Float64Var(&augment.Shift, "shift", 0, "shift pictures at random by up to this part of their size")
	c.Flags().IntVar(&repetitions, "repetitions", 1, "number of passes")
	c.Flags().Uint64Var(&seed, "seed", 1, "seed of the moves")
	_ = c.MarkFlagRequired("model") // fails only for a flag that does not exist
	return c
}

func evaluate(c *cobra.Command, pictures *study.Collection, model *fit.Model, set pred.Set, draw fit.Draw, report *reporter) (score.Summary, error) {
	data := pictures.ByHand(set)
	p, err := model.Predict(c.Context(), data, recipe.Paper.Student.Batch, draw, progress(report, "answers"))
	if err != nil {
		return score.Summary{}, err
	}
	report.clear()
	return score.Of(p, data.Labels(), label.Threshold)
}
