package chart_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"distillation/kdlib/chart"
	"distillation/kdlib/optimizer/reference"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"

	"gonum.org/v1/plot"
)

// must is for figures of known data.
func must(p *plot.Plot, err error) *plot.Plot {
	if err != nil {
		panic(err)
	}
	return p
}

// figures are drawn from the paper's printed numbers and from formulas, one of each kind.
var figures = map[string]func() *plot.Plot{
	"histograms":     func() *plot.Plot { return must(figure7(false)) },
	"histograms_log": func() *plot.Plot { return must(figure7(true)) },
	"outlines":       func() *plot.Plot { return must(outlines()) },
	"learning":       func() *plot.Plot { return must(learning()) },
	"schedule":       func() *plot.Plot { return must(stepSizes()) },
	"generations":    func() *plot.Plot { return must(generations()) },
	"uncertainty":    func() *plot.Plot { return must(uncertainty()) },
	"timing":         func() *plot.Plot { return must(timing()) },
	"calibration":    func() *plot.Plot { return must(calibration()) },
	"square":         func() *plot.Plot { return must(square()) },
	"graph":          func() *plot.Plot { return must(graph()) },
}

func figure7(log bool) (*plot.Plot, error) {
	var series []chart.Series
	for _, model := range []string{paper.Teacher, paper.Classical, paper.Hard, paper.Soft} {
		f, _ := paper.HistogramOf(predictions.Validation, model)
		s := chart.Series{Name: model, Y: f}
		if log { // ours and printed, as if ours were a tenth off
			s.Printed = f
			s.Y = make([]float64, len(f))
			for i := range f {
				s.Y[i] = f[i] * (0.9 + 0.2*float64(i%2))
			}
		}
		series = append(series, s)
	}
	return chart.Histograms(chart.Axes{Title: "Predictions on the validation set (figure 7)",
		X: "prediction p, probability of “dog”", Y: "relative frequency", LogY: log}, series)
}

// outlines are 100 bins, too many for bars.
func outlines() (*plot.Plot, error) {
	var series []chart.Series
	for k, model := range []string{"hard", "soft"} {
		s := chart.Series{Name: model}
		for i := range 100 {
			x := float64(i)/99 - 0.5
			s.Y = append(s.Y, 0.001+0.2*math.Pow(2*x, 8+8*float64(k)))
		}
		series = append(series, s)
	}
	return chart.Histograms(chart.Axes{Title: "Predictions, h = 0.01", X: "prediction p", Y: "relative frequency", LogY: true}, series)
}

func learning() (*plot.Plot, error) {
	curve := func(name string, from, to, rate, noise float64, seed uint64) chart.Curve {
		r := rand.New(rand.NewPCG(seed, 1))
		c := chart.Curve{Name: name}
		for e := range 100 {
			c.Y = append(c.Y, to+(from-to)*math.Exp(-float64(e)/rate)+noise*r.Float64())
		}
		return c
	}
	return chart.LearningCurves(chart.Learning{
		Title: "Student on hard labels (figure 4)", Model: "hard", Best: 47,
		Loss:     []chart.Curve{curve("train", 0.7, 0.05, 20, 0.01, 1), curve("validation", 0.75, 0.18, 15, 0.05, 2)},
		Accuracy: []chart.Curve{curve("train", 0.55, 0.98, 18, 0.005, 3), curve("validation", 0.53, 0.94, 15, 0.02, 4)},
	})
}

func stepSizes() (*plot.Plot, error) {
	student, teacher := chart.Curve{Name: "student: d = 0"}, chart.Curve{Name: "teacher: d = 0.01"}
	for t := 1; t <= 10000; t += 1 + t/20 {
		student.X, student.Y = append(student.X, float64(t)), append(student.Y, reference.KerasStepSize(t, 1, 0))
		teacher.X, teacher.Y = append(teacher.X, float64(t)), append(teacher.Y, reference.KerasStepSize(t, 1, 0.01))
	}
	return chart.Lines(chart.Axes{Title: "Step size of Adam, formula (9)", X: "step t", Y: "step size as a share of its start", LogX: true}, student, teacher)
}

func generations() (*plot.Plot, error) {
	var series []chart.Series
	for k := range 7 {
		s := chart.Series{Name: fmt.Sprint("soft-", k)}
		for i := range 20 {
			x := math.Abs(float64(i)-9.5) / 9.5
			s.Y = append(s.Y, 0.45*math.Pow(x, 30/float64(k+1))+0.003*float64(k+1))
		}
		series = append(series, s)
	}
	return chart.Histograms(chart.Axes{Title: "Generations of the soft chain (figure 9)", X: "prediction p, probability of “dog”", Y: "relative frequency"}, series)
}

func uncertainty() (*plot.Plot, error) {
	splits := []predictions.Split{predictions.Train, predictions.Validation, predictions.Test}
	var series []chart.Series
	for _, model := range []string{paper.Teacher, paper.Classical, paper.Hard, paper.Soft} {
		s := chart.Series{Name: model}
		for k, split := range splits {
			u, _ := paper.LookupUncertainty(model, split)
			s.Y = append(s.Y, u.Uncertainty.Value)
			s.Error = append(s.Error, 0.0003*float64(k+1))
		}
		series = append(series, s)
	}
	return chart.Bars(chart.Axes{Title: "Degree of uncertainty (section 4.3)", Y: "unc (15)"}, []string{"train", "validation", "test"}, series)
}

func timing() (*plot.Plot, error) {
	small, _ := paper.LookupTime(paper.ResNet18)
	large, _ := paper.LookupTime(paper.ResNet50)
	return chart.Bars(chart.Axes{Title: "Time for one picture (section 4.1)", Y: "seconds"}, []string{paper.ResNet18, paper.ResNet50},
		[]chart.Series{{Name: "this machine", Y: []float64{0.031, 0.123}, Error: []float64{0.002, 0.006},
			Printed: []float64{small.SecondsPerImage.Value, large.SecondsPerImage.Value}}})
}

func calibration() (*plot.Plot, error) {
	r := rand.New(rand.NewPCG(1, 2))
	points := []chart.Points{{Name: "hard"}, {Name: "soft"}}
	for range 300 {
		truth := r.Float64()
		for k := range points {
			z := math.Log(truth/(1-truth))*(2-float64(k)) + r.NormFloat64()*0.5
			points[k].X, points[k].Y = append(points[k].X, truth), append(points[k].Y, 1/(1+math.Exp(-z)))
		}
	}
	return chart.Calibration(chart.Axes{Title: "Predictions of the students against the truth", X: "true probability of “dog”", Y: "prediction p"}, points...)
}

// square has a curve that goes back, points on the edges and a ring.
func square() (*plot.Plot, error) {
	return chart.Square{
		Axes:      chart.Axes{Title: "Precision and recall", X: "recall", Y: "precision"},
		Reference: chart.Curve{Name: "share of dogs", X: []float64{0, 1}, Y: []float64{0.5, 0.5}},
		Curves: []chart.Curve{
			{Name: "classical", X: []float64{0, 0.4, 0.4, 0.8, 1}, Y: []float64{1, 1, 0.7, 0.75, 0.5}},
			{Name: "soft", X: []float64{0, 0.5, 0.9, 1}, Y: []float64{1, 1, 0.8, 0.5}}},
		Marks:    []chart.Points{{Name: "classical", X: []float64{0.4}, Y: []float64{0.7}}, {Name: "soft", X: []float64{0.9}, Y: []float64{0.8}}},
		MarkName: "threshold 0.5",
	}.Plot()
}

// graph is a study of the paper's with one chain, half made.
func graph() (*plot.Plot, error) {
	return chart.Graph("A study", []string{"done", "running", "waiting"}, []chart.Node{
		{Name: "teacher", Note: "done"}, {Name: "classical", Note: "running 3/12", State: 1}, {Name: "soft", Note: "running 1/12", Needs: []string{"teacher"}, State: 1},
		{Name: "hard", Note: "waiting", Needs: []string{"teacher"}, State: 2}, {Name: "soft-1", Note: "waiting", Needs: []string{"soft"}, State: 2},
	})
}
