package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"distillation/kdlib/predictions"
	"distillation/kdlib/report/tracking"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"

	"github.com/spf13/cobra"
)

const tensorboardFlag = "tensorboard"

func exportTensorBoardCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "tensorboard [STUDY]",
		Short: "Write the trainings of a study as event files for TensorBoard",
		Long: studyPlace + `
Each model becomes a run of TensorBoard's: its curves by epoch, which say on which labels they are, its recipe, what was measured on the
test set, and histograms of its predictions. While a study runs elsewhere, the same command adds what is new; kd study --tensorboard
FOLDER and kd train --tensorboard FOLDER do it after each epoch.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			run, err := folder.Open(studyDir(args))
			if err != nil {
				return err
			}
			written, err := tracking.TensorBoard(run, out)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: %s; to see them: tensorboard --logdir %s\n", out, strings.Join(written, ", "), out)
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder to write to, the --logdir of TensorBoard")
	_ = c.MarkFlagRequired("out") // fails only for a flag that does not exist
	return c
}

// followed tells TensorBoard of each epoch, too.
type followed struct {
	study.Reporter
	write  func(model string) error
	failed bool
}

// Epoch tells of an epoch that is stored. A file that cannot be written stops no training.
func (f *followed) Epoch(model string, epochs int, e history.Epoch) {
	f.Reporter.Epoch(model, epochs, e)
	if err := f.write(model); err != nil && !f.failed {
		f.failed = true
		f.Say("TensorBoard's files are not written: %v", err)
	}
}

// follow makes the reporter of a study write into a folder of TensorBoard's; none: nothing changes.
func follow(s *study.Study, dir string) {
	if dir == "" {
		return
	}
	run := &folder.Study{Dir: s.Dir, Recipe: s.Recipe}
	s.Report = &followed{Reporter: s.Report, write: func(model string) error {
		r, err := tracking.Of(run, model)
		if err != nil {
			return err
		}
		return r.WriteTensorBoard(filepath.Join(dir, model))
	}}
}

// reporter tells TensorBoard of each epoch, too, where that is wanted.
func (o trainOptions) reporter(report *reporter) study.Reporter {
	if o.tensorboard == "" {
		return report
	}
	return &followed{Reporter: report, write: func(string) error { return o.follow(nil) }}
}

// follow writes TensorBoard's event file as far as the run is. The run began when its recipe was written.
func (o trainOptions) follow(predicted map[predictions.Split]predictions.Table) error {
	info, err := os.Stat(filepath.Join(o.dir, train.ConfigFile))
	if err != nil {
		return err
	}
	past, err := history.Read(filepath.Join(o.dir, history.File))
	if err != nil {
		return err
	}
	r := tracking.Run{Name: filepath.Base(o.dir), Started: info.ModTime(), Recipe: o.recipe, Labels: tracking.LabelsOf("", nil), Past: past, Predictions: predicted}
	if o.labels != nil {
		r.Labels = tracking.LabelsOf(o.labels.Teacher, o.labels.Rule)
	}
	return r.WriteTensorBoard(filepath.Join(o.tensorboard, r.Name))
}

// finish adds the predictions to TensorBoard's event file.
func (o trainOptions) finish() (err error) {
	if o.tensorboard == "" {
		return nil
	}
	predicted := map[predictions.Split]predictions.Table{}
	for _, split := range folder.Splits {
		if predicted[split], err = predictions.Read(filepath.Join(o.dir, string(split)+".csv")); err != nil {
			return err
		}
	}
	return o.follow(predicted)
}

func exportMLflowCommand() *cobra.Command {
	var to tracking.MLflow
	c := &cobra.Command{
		Use:   "mlflow [STUDY]",
		Short: "Send the trainings of a study to a server of MLflow's",
		Long: studyPlace + `
Each finished model becomes a run of an experiment: its recipe as parameters, its curves by epoch, which say on which labels they are, and
what was measured on the test set. A model that is there already is left alone.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			run, err := folder.Open(studyDir(args))
			if err != nil {
				return err
			}
			to.Experiment = cmp.Or(to.Experiment, run.Recipe.Name)
			sent, err := to.Send(c.Context(), run)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: experiment %s: %d runs sent: %s\n", to.URL, to.Experiment, len(sent), strings.Join(sent, ", "))
			return nil
		},
	}
	c.Flags().StringVar(&to.URL, "to", "", "address of the server, such as http://127.0.0.1:5000")
	c.Flags().StringVar(&to.Experiment, "experiment", "", "name of the experiment (default: that of the study's recipe)")
	_ = c.MarkFlagRequired("to") // fails only for a flag that does not exist
	return c
}
