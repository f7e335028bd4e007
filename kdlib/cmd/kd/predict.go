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

	"github.com/gomlx/compute"
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
			chosen, err := pred.ParseSet(set)
			if err != nil {
				return err
			}
			report := newReporter(c.ErrOrStderr())
			pictures, model, err := openBoth(c, from, dir, report)
			if err != nil {
				return err
			}
			defer pictures.Close()
			defer model.Finalize()
			return interrupted(pictures.Answer(c.Context(), model, chosen, recipe.Paper.Student.Batch, fit.Draw{}, out, progress(report, "answers")), report)
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

func openBoth(c *cobra.Command, from source, dir string, report *reporter) (*study.Collection, *fit.Model, error) {
	pictures, err := from.open(c, report)
	if err != nil {
		return nil, nil, err
	}
	var b compute.Backend
	if b, err = backend.New(); err == nil {
		var model *fit.Model
		if model, err = fit.Best(b, dir); err == nil {
			return pictures, model, nil
		}
	}
	pictures.Close()
	return nil, nil, err
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
			chosen, err := pred.ParseSet(set)
			if err != nil {
				return err
			}
			report := newReporter(c.ErrOrStderr())
			pictures, model, err := openBoth(c, from, dir, report)
			if err != nil {
				return err
			}
			defer pictures.Close()
			defer model.Finalize()
			fmt.Fprintln(c.OutOrStdout(), "repetition,n,loss,accuracy,uncertainty")
			for i := range max(repetitions, 1) {
				draw := fit.Draw{Augment: augment, Seed: study.EvaluationSeed(seed), Pass: i}
				s, err := evaluate(c, pictures, model, chosen, draw, report)
				if err != nil {
					return interrupted(err, report)
				}
				fmt.Fprintf(c.OutOrStdout(), "%d,%d,%s,%s,%s\n", i, s.N, number(s.Loss), number(s.Accuracy), number(s.Uncertainty))
			}
			return nil
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
	y := make([]float64, len(data.Examples))
	for i, e := range data.Examples {
		y[i] = float64(e.Label)
	}
	return score.Of(p, y, label.Threshold)
}
