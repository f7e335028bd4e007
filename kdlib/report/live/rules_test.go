package live

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"

	"github.com/dop251/goja"
)

// study is the smaller one of those that are committed.
const study = "../../../datasets/results/reduced"

// tolerance is for sums of 600 numbers, whose products some processors round once and others twice; areas under
// curves of 120 points agree with scikit-learn's as closely.
const tolerance = 1e-14

// engine is a JavaScript engine that has read rules.js. A call is an expression with the arguments a, b, c.
type engine struct {
	t  testing.TB
	vm *goja.Runtime
}

func newEngine(t testing.TB) engine {
	t.Helper()
	vm := goja.New()
	if _, err := vm.RunScript("rules.js", rulesScript); err != nil {
		t.Fatal(err)
	}
	return engine{t, vm}
}

// call computes an expression; slices of numbers become typed arrays, as in the page.
func (e engine) call(to any, expression string, args ...any) {
	e.t.Helper()
	for i, arg := range args {
		name := string(rune('a' + i))
		if err := e.vm.Set(name, arg); err != nil {
			e.t.Fatal(err)
		}
		if _, ok := arg.([]float64); ok {
			if _, err := e.vm.RunString(name + " = Float64Array.from(" + name + ")"); err != nil {
				e.t.Fatal(err)
			}
		}
	}
	value, err := e.vm.RunString(expression)
	if err != nil {
		e.t.Fatalf("%s: %v", expression, err)
	}
	if err := e.vm.ExportTo(value, to); err != nil {
		e.t.Fatalf("%s: %v", expression, err)
	}
}

func (e engine) number(expression string, args ...any) float64 {
	e.t.Helper()
	var v float64
	e.call(&v, expression, args...)
	return v
}

// edgeValues lie on thresholds and on edges of bins, or next to them.
func edgeValues() []float64 {
	values := []float64{0, 0.5, 1}
	for _, v := range []float64{0.15, 0.3, 0.35, 0.6, 0.7, 0.95} {
		single := float64(float32(v))
		values = append(values, v, math.Nextafter(v, 0), math.Nextafter(v, 1), single)
	}
	return append(values, math.Nextafter(0, 1), math.Nextafter(1, 0))
}

var thresholds = []float64{0, 0.01, 0.15, 0.3, 0.35, 0.5, 0.6, 0.7, 0.95, 0.99}

// sample is something to be measured.
type sample struct {
	name string
	p, y []float64
}

// samples are edge values, labelled alternately, and the predictions of all models of the committed study on ground-truth labels and
// on those that they were trained on.
func samples(t testing.TB) []sample {
	t.Helper()
	edge := sample{name: "edge values", p: edgeValues()}
	for i := range edge.p {
		edge.y = append(edge.y, float64(i%2))
	}
	all := []sample{edge, {"edge values as labels", slices.Repeat([]float64{0.4, 0.6}, len(edge.p))[:len(edge.p)], edge.p}}
	run, err := analysis.Open(study)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range run.Models() {
		for _, split := range Splits {
			table, err := run.Predictions(name, split)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, sample{fmt.Sprint(name, " ", split), table.P(), table.Labels()})
			all = append(all, trainingLabels(t, run, name, split, table)...)
		}
	}
	return all
}

func trainingLabels(t testing.TB, run *analysis.Study, name string, split predictions.Split, table predictions.Table) []sample {
	t.Helper()
	if _, _, ok := run.LabelSource(name); !ok {
		return nil
	}
	labels, err := run.TrainingLabels(name, split)
	if err != nil {
		t.Fatal(err)
	}
	return []sample{{fmt.Sprint(name, " ", split, " training labels"), table.P(), labels}}
}

func TestScoresAreThoseOfScore(t *testing.T) {
	e := newEngine(t)
	for _, s := range samples(t) {
		for _, th := range thresholds {
			accuracy, err := metrics.AccuracyScore(s.p, s.y, th)
			if err != nil {
				t.Fatal(err)
			}
			uncertainty, err := metrics.Uncertainty(s.p, th)
			if err != nil {
				t.Fatal(err)
			}
			if got := e.number("rules.accuracy(a, b, c)", s.p, s.y, th); got != accuracy {
				t.Errorf("%s: accuracy at %v: got %v, want %v", s.name, th, got, accuracy)
			}
			if got := e.number("rules.uncertainty(a, b)", s.p, th); math.Abs(got-uncertainty) > tolerance {
				t.Errorf("%s: uncertainty at %v: got %v, want %v", s.name, th, got, uncertainty)
			}
		}
	}
}

func TestCountsAreThoseOfHist(t *testing.T) {
	e := newEngine(t)
	offered, err := offeredWidths()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples(t) {
		for _, w := range offered {
			want, err := metrics.NewHistogram(s.p, w.Width)
			if err != nil {
				t.Fatal(err)
			}
			var edges []float64
			var counts []int
			e.call(&edges, "rules.edges(a)", w.Bins)
			e.call(&counts, "rules.counts(a, b)", s.p, w.Bins)
			if !slices.Equal(edges, want.Edges) || !slices.Equal(counts, want.Counts) {
				t.Errorf("%s: width %v: got %v, want %v", s.name, w.Width, counts, want.Counts)
			}
		}
	}
}

// Every edge of every width, and its neighbours.
func TestCountsAtAllEdges(t *testing.T) {
	e := newEngine(t)
	for _, width := range widths {
		bins, err := metrics.BinCount(width)
		if err != nil {
			t.Fatal(err)
		}
		var p []float64
		for i := range bins + 1 {
			edge := float64(i) / float64(bins)
			p = append(p, edge, math.Nextafter(edge, 0), math.Nextafter(edge, 1))
		}
		p = slices.DeleteFunc(p, func(v float64) bool { return v > 1 })
		want, err := metrics.NewHistogram(p, width)
		if err != nil {
			t.Fatal(err)
		}
		var counts []int
		if e.call(&counts, "rules.counts(a, b)", p, bins); !slices.Equal(counts, want.Counts) {
			t.Errorf("width %v: got %v, want %v", width, counts, want.Counts)
		}
	}
}

// curveCase is what scikit-learn says.
type curveCase struct {
	Name              string
	P, Y              []float64
	FPR, TPR          []float64
	Recall, Precision []float64
	AUC, AP           float64
	At                []struct {
		Threshold      float64
		TP, FN, FP, TN int
		Precision      float64
		Recall, F1     float64
	}
}

func TestCurvesAreThoseOfScikitLearn(t *testing.T) {
	e := newEngine(t)
	var cases []curveCase
	golden.Read(t, "curves_golden.json", &cases)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			e := engine{t, e.vm}
			var roc struct{ FPR, TPR []float64 }
			var pr struct{ Recall, Precision []float64 }
			e.call(&roc.FPR, "roc = rules.roc(rules.ranking(a, b)); roc.fpr", c.P, c.Y)
			e.call(&roc.TPR, "roc.tpr")
			e.call(&pr.Recall, "pr = rules.precisionRecall(rules.ranking(a, b)); pr.recall", c.P, c.Y)
			e.call(&pr.Precision, "pr.precision")
			sameNumbers(t, "FPR", roc.FPR, c.FPR)
			sameNumbers(t, "TPR", roc.TPR, c.TPR)
			sameNumbers(t, "recall", pr.Recall, c.Recall)
			sameNumbers(t, "precision", pr.Precision, c.Precision)
			sameNumbers(t, "AUC, AP", []float64{e.number("roc.auc"), e.number("pr.ap")}, []float64{c.AUC, c.AP})
			e.atThresholds(c)
		})
	}
}

// atThresholds compares confusion tables and their shares.
func (e engine) atThresholds(c curveCase) {
	e.t.Helper()
	for _, at := range c.At {
		name := fmt.Sprint("at ", at.Threshold, " ")
		e.call(new(any), "table = rules.above(rules.ranking(a, b), c); shares = rules.shares(table)", c.P, c.Y, at.Threshold)
		var counts []int
		e.call(&counts, "[table.tp, table.fn, table.fp, table.tn]")
		if want := []int{at.TP, at.FN, at.FP, at.TN}; !slices.Equal(counts, want) {
			e.t.Errorf("%s: got %v, want %v", name, counts, want)
		}
		sameNumbers(e.t, name+"precision, recall, F1", []float64{e.number("shares.precision"), e.number("shares.recall"), e.number("shares.f1")},
			[]float64{at.Precision, at.Recall, at.F1})
		sameNumbers(e.t, name+"FPR", []float64{e.number("shares.fpr")}, []float64{float64(at.FP) / float64(at.FP+at.TN)})
	}
}

func sameNumbers(t testing.TB, name string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %d numbers, want %d", name, len(got), len(want))
		return
	}
	for i := range got {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Errorf("%s: number %d: got %v, want %v", name, i, got[i], want[i])
		}
	}
}

// The counts and their shares at a threshold, both curves and the areas below them.
func TestCurvesAreThoseOfCurve(t *testing.T) {
	e := newEngine(t)
	for _, s := range samples(t) {
		e.sameCurves(s)
		for _, th := range thresholds {
			c, err := metrics.NewConfusion(s.p, s.y, th)
			if err != nil {
				t.Fatal(err)
			}
			var got []float64
			e.call(&got, "t = rules.above(rules.ranking(a, b), c); s = rules.shares(t); [t.tp, t.fn, t.fp, t.tn, s.precision, s.recall, s.f1, s.fpr]", s.p, s.y, th)
			want := []float64{float64(c.TruePositive), float64(c.FalseNegative), float64(c.FalsePositive), float64(c.TrueNegative),
				metrics.Precision.Of(c), metrics.Recall.Of(c), metrics.F1.Of(c), metrics.FalsePositiveRate.Of(c)}
			if !slices.Equal(got, want) {
				t.Errorf("%s: at %v: got %v, want %v", s.name, th, got, want)
			}
		}
	}
}

func (e engine) sameCurves(s sample) {
	e.t.Helper()
	roc, err1 := metrics.ROC(s.p, s.y)
	pr, err2 := metrics.PrecisionRecall(s.p, s.y)
	if err := errors.Join(err1, err2); err != nil {
		e.t.Fatal(err)
	}
	for _, c := range []struct {
		expression string
		points     []metrics.Point
		area       float64
	}{
		{"c = rules.roc(rules.ranking(a, b)); [c.fpr, c.tpr, [c.auc]]", roc, metrics.AUC(roc)},
		{"c = rules.precisionRecall(rules.ranking(a, b)); [c.recall, c.precision, [c.ap]]", pr, metrics.AveragePrecision(pr)},
	} {
		var got [3][]float64
		e.call(&got, c.expression, s.p, s.y)
		var want [2][]float64
		for _, point := range c.points {
			want[0], want[1] = append(want[0], point.X), append(want[1], point.Y)
		}
		for i := range want {
			sameNumbers(e.t, fmt.Sprint(s.name, " ", c.expression, " coordinates ", i), got[i], want[i])
		}
		sameNumbers(e.t, s.name+" area", got[2], []float64{c.area})
	}
}

// A model whose labels are all the same has no curves.
func TestNoCurveWithoutBothClasses(t *testing.T) {
	e := newEngine(t)
	for _, y := range []float64{0, 1} {
		var sizes []int
		e.call(&sizes, "r = rules.ranking(a, b); [rules.roc(r).fpr.length, rules.precisionRecall(r).recall.length]", []float64{0.2, 0.7}, []float64{y, y})
		if !slices.Equal(sizes, []int{0, 0}) {
			t.Errorf("labels %v: got %v points, want none", y, sizes)
		}
	}
}

// costs that a page may be asked for.
var costs = []metrics.Costs{{FalsePositive: 1, FalseNegative: 1}, {FalsePositive: 1, FalseNegative: 10, Dogs: 0.3}, {FalsePositive: 3, Dogs: 0.999}, {FalseNegative: 2}}

// shareOfInterval is how far the normal interval of a cost may be from the bootstrap's, as a share of its width: the measured differences
// are at most 0.06 where each class has ten wrong predictions or more.
const shareOfInterval = 0.1

func TestCostsAreThoseOfMetrics(t *testing.T) {
	e := newEngine(t)
	for _, s := range samples(t) {
		e.call(new(any), "r = rules.ranking(a, b)", s.p, s.y)
		for _, c := range costs {
			e.call(new(any), "c = { falsePositive: a[0], falseNegative: a[1], dogs: a[2] }", []float64{c.FalsePositive, c.FalseNegative, c.Dogs})
			threshold, least, err := c.BestThreshold(s.p, s.y)
			if err != nil {
				t.Fatal(err)
			}
			sameNumbers(t, fmt.Sprint(s.name, " ", c, ": cheapest"), []float64{e.number("(best = rules.leastCost(r, c)).threshold"), e.number("best.cost")}, []float64{threshold, least})
			for _, th := range thresholds {
				e.sameCost(s, c, th)
			}
		}
	}
}

func (e engine) sameCost(s sample, costs metrics.Costs, th float64) {
	e.t.Helper()
	counts, err := metrics.NewConfusion(s.p, s.y, th)
	if err != nil {
		e.t.Fatal(err)
	}
	name := fmt.Sprint(s.name, " ", costs, " at ", th)
	sameNumbers(e.t, name, []float64{e.number("rules.cost(rules.above(r, a), c)", th)}, []float64{costs.Of(counts)})
	if counts.FalsePositive < 10 || counts.FalseNegative < 10 || th != 0.5 {
		return // a normal interval says little of few
	}
	priced, err := analysis.Price(costs, s.p, s.y, th)
	if err != nil {
		e.t.Fatal(err)
	}
	want := (priced.Interval.High - priced.Interval.Low) / 2
	if got := e.number("rules.costError(rules.above(r, a), c)", th); math.Abs(got-want) > shareOfInterval*2*want {
		e.t.Errorf("%s: interval of %v: got ± %v, want ± %v", name, priced.Cost, got, want)
	}
}

func TestWithheldAreThoseOfMetrics(t *testing.T) {
	e := newEngine(t)
	for _, s := range samples(t) {
		e.call(new(any), "r = rules.ranking(a, b)", s.p, s.y)
		for _, band := range [][2]float64{{0.5, 0.5}, {0.2, 0.8}, {0, 1}, {0.3, 0.35}} {
			want, err := metrics.Withhold(s.p, s.y, band[0], band[1])
			if err != nil {
				t.Fatal(err)
			}
			got := []float64{e.number("(given = rules.answered(r, a[0], a[1])).coverage", band[:]), e.number("given.accuracy")}
			if want.N() == 0 {
				if got[0] != 0 || !math.IsNaN(got[1]) {
					t.Errorf("%s %v: got %v, want no answer and none right", s.name, band, got)
				}
				continue
			}
			sameNumbers(t, fmt.Sprint(s.name, band), got, []float64{want.Coverage(), want.Accuracy()})
		}
	}
}
