package report

import (
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"

	"gonum.org/v1/plot"
)

// LearningFigure draws a model's loss and accuracy by epoch (figures 2-5).
func (r *Study) LearningFigure(model string) (*plot.Plot, error) {
	past, err := r.History(model)
	if err != nil {
		return nil, err
	}
	best, _ := past.Best()
	return chart.LearningCurves(chart.Learning{
		Title: "Training of the model “" + model + "”", Model: model, Best: best.Number,
		Loss: []chart.Curve{
			{Name: "train", Y: past.Column(func(e history.Epoch) float64 { return e.TrainLoss })},
			{Name: "validation", Y: past.Column(func(e history.Epoch) float64 { return e.ValidationLoss })},
		},
		Accuracy: []chart.Curve{
			{Name: "train", Y: past.Column(func(e history.Epoch) float64 { return e.TrainAccuracy })},
			{Name: "validation", Y: past.Column(func(e history.Epoch) float64 { return e.ValidationAccuracy })},
		},
	})
}

// HistogramFigure draws relative frequencies of the models' predictions on a set in bins of a width that
// divides 1 (figures 6-9). A logarithmic axis shows the rare predictions in the middle.
func (r *Study) HistogramFigure(split predictions.Split, width float64, logarithmic bool, models ...string) (*plot.Plot, error) {
	var series []chart.Series
	for _, model := range models {
		h, err := r.Histogram(model, split, width)
		if err != nil {
			return nil, err
		}
		series = append(series, chart.Series{Name: model, Y: h.Frequencies()})
	}
	return chart.Histograms(chart.Axes{
		Title: fmt.Sprintf("Predictions on the %s set, h = %v", split, width),
		X:     "prediction p, probability of “dog”", Y: "relative frequency", LogY: logarithmic,
	}, series)
}

// PrintedHistogramFigure draws the paper's own relative frequencies on a set (figures 6-8). It leaves out models whose table is
// missing.
func PrintedHistogramFigure(split predictions.Split, logarithmic bool, models ...string) (*plot.Plot, error) {
	var series []chart.Series
	for _, model := range models {
		if printed, ok := paper.HistogramOf(split, model); ok {
			series = append(series, chart.Series{Name: model, Y: printed})
		}
	}
	return chart.Histograms(chart.Axes{
		Title: fmt.Sprintf("The paper's predictions on the %s set, h = %v", split, paper.BinWidth),
		X:     "prediction p, probability of “dog”", Y: "relative frequency", LogY: logarithmic,
	}, series)
}

// TimingFigure draws the median time of each network on one picture, with the paper's as ticks (section 4.1).
func (r *Study) TimingFigure() (*plot.Plot, error) {
	var networks []string
	var series chart.Series
	series.Name = "median"
	for _, pair := range analysis.Timed {
		s, err := r.Latency(pair.Network, 1)
		if err != nil {
			return nil, err
		}
		networks = append(networks, pair.Printed)
		series.Y = append(series.Y, analysis.Median(s.Inference))
		series.Printed = append(series.Printed, s.PaperInference.SecondsPerImage.Value)
	}
	return chart.Bars(chart.Axes{Title: "Time for one picture, one at a time", Y: "seconds"}, networks, []chart.Series{series})
}

// UncertaintyFigure draws the degree of uncertainty (15) of the four models on every set, with the paper's as ticks.
func (r *Study) UncertaintyFigure(threshold float64) (*plot.Plot, error) {
	var groups []string
	for _, split := range folder.Splits {
		groups = append(groups, string(split))
	}
	var series []chart.Series
	for _, model := range r.MainModels() {
		one := chart.Series{Name: model}
		for _, split := range folder.Splits {
			s, err := r.Score(model, split, analysis.GroundTruth, threshold)
			if err != nil {
				return nil, err
			}
			printed, _ := paper.LookupUncertainty(model, split)
			one.Y = append(one.Y, s.Uncertainty)
			one.Printed = append(one.Printed, printed.Uncertainty.Value)
		}
		series = append(series, one)
	}
	return chart.Bars(chart.Axes{Title: "Degree of uncertainty, threshold " + fmt.Sprint(threshold), Y: "unc (15)"}, groups, series)
}

// RecursionFigure draws accuracy and uncertainty on ground-truth labels of a set by generation, both chains.
func (r *Study) RecursionFigure(split predictions.Split) (*plot.Plot, error) {
	var accuracy, uncertainty []chart.Curve
	for _, chain := range []string{paper.Hard, paper.Soft} {
		a, u := chart.Curve{Name: chain}, chart.Curve{Name: chain}
		for generation, model := range r.Chain(chain) {
			s, err := r.Score(model, split, analysis.GroundTruth, distill.Threshold)
			if err != nil {
				return nil, err
			}
			a.X, a.Y = append(a.X, float64(generation)), append(a.Y, s.Accuracy)
			u.X, u.Y = append(u.X, float64(generation)), append(u.Y, s.Uncertainty)
		}
		accuracy, uncertainty = append(accuracy, a), append(uncertainty, u)
	}
	left, err := chart.Lines(chart.Axes{Title: "Accuracy (12)", X: "generation", Y: "accuracy"}, accuracy...)
	if err != nil {
		return nil, err
	}
	right, err := chart.Lines(chart.Axes{Title: "Uncertainty (15)", X: "generation", Y: "unc"}, uncertainty...)
	if err != nil {
		return nil, err
	}
	return chart.Beside(fmt.Sprintf("Recursive distillation on the %s set, ground truth", split), left, right), nil
}
