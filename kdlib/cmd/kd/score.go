package main

import (
	"encoding/csv"
	"io"
	"math"
	"slices"
	"strconv"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"

	"github.com/spf13/cobra"
)

func scoreCommand() *cobra.Command {
	var s scoring
	c := &cobra.Command{
		Use:   "score FILE",
		Short: "Accuracy (12), loss (2), uncertainty (15) and more of the predictions in a file, as CSV",
		Long: `Prints n,accuracy,loss,uncertainty of a prediction file against its column label. The file needs the columns p and label, and
set if it holds several sets. A prediction is "dog" when p is strictly greater than the threshold.
With --all prints measure,value,threshold, a line each: precision, recall and F1 of each class, the areas below the ROC, the
precision-recall and the risk-coverage curve, Brier score, calibration error, and the thresholds with the best accuracy, F1 and
Youden's J of this file (choose one on the validation set, not on the test set). What a set of one class does not have is left empty.

--cost-fp, --cost-fn and --prior add the expected cost of a prediction, with its bootstrap interval of 95 %. With --validation, the
predictions of the same model on other pictures, the threshold is the one that costs least there. --recalibrate changes the
predictions by what is fitted on those pictures. --withhold adds the share of predictions that are given, and their accuracy.`,
		Args: oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			if err := s.check(c); err != nil {
				return err
			}
			return s.run(c, args[0])
		},
	}
	splitFlag(c, &s.split)
	c.Flags().Float64Var(&s.threshold, "threshold", distill.Threshold, "th of (11) and (13)")
	c.Flags().BoolVar(&s.mirrored, "mirrored", false, "of the column p_mirrored, the mean with the prediction on the mirror image")
	c.Flags().BoolVar(&s.all, "all", false, "every measure, a line each")
	c.Flags().Float64Var(&s.costs.FalsePositive, "cost-fp", 1, "what it costs to call a cat a dog (label 0 predicted as 1)")
	c.Flags().Float64Var(&s.costs.FalseNegative, "cost-fn", 1, "what it costs to call a dog a cat (label 1 predicted as 0)")
	c.Flags().Float64Var(&s.costs.Dogs, "prior", 0, "the share of dogs (label 1) where the model will be used, in (0, 1) (default that of the file)")
	c.Flags().StringVar(&s.validation, "validation", "", "predictions on the validation set, to choose the threshold and to recalibrate")
	c.Flags().StringVar(&s.recalibrate, "recalibrate", "", "temperature or isotonic, fitted on --validation")
	c.Flags().Float64SliceVar(&s.withhold, "withhold", nil, "LOW,HIGH: predictions above LOW and up to HIGH are not given")
	return c
}

func writeCSV(w io.Writer, rows ...[]string) error {
	out := csv.NewWriter(w)
	_ = out.WriteAll(rows) // out.Error has its error
	return out.Error()
}

func splitFlag(c *cobra.Command, split *string) {
	c.Flags().StringVar(split, "split", "", "the rows that count, of a file with several sets: train, validation or test")
}

// readSplit reads columns of the predictions of one set. Without a name the file must have one set only: numbers on a train and a test
// set together say nothing about either.
func readSplit(path, name string, needed ...string) (predictions.Table, error) {
	table, splits, err := readSplits(path, needed...)
	if err != nil {
		return nil, err
	}
	if name == "" {
		if len(splits) > 1 {
			return nil, usagef("%s: --split is missing: the file has the sets %q, want one of them", path, splits)
		}
		return table, nil
	}
	split, err := predictions.ParseSplit(name)
	if err != nil {
		return nil, usage(err)
	}
	switch {
	case splits[0] == "":
		return nil, usagef("%s: --split: got %s, but the file has no column %q", path, split, predictions.ColumnSplit)
	case !slices.Contains(splits, split):
		return nil, usagef("%s: --split: got %s, but the file has the sets %q", path, split, splits)
	}
	return onlySplit(table, split), nil
}

// readSplits reads columns of predictions, and tells which sets they are of.
func readSplits(path string, needed ...string) (table predictions.Table, splits []predictions.Split, err error) {
	if err := folder.CheckFile(path); err != nil {
		return nil, nil, err
	}
	table, err = predictions.ReadColumns(path, predictions.Columns{Needed: needed, Welcome: []string{predictions.ColumnID, predictions.ColumnSplit, predictions.ColumnLogit}})
	for _, row := range table {
		if !slices.Contains(splits, row.Split) {
			splits = append(splits, row.Split)
		}
	}
	return table, splits, err
}

func onlySplit(table predictions.Table, split predictions.Split) predictions.Table {
	return slices.DeleteFunc(table, func(row predictions.Row) bool { return row.Split != split })
}

// number prints all digits that a float64 needs and no more; "" where there is no number.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
