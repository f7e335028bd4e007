package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"distillation/kdlib/chart"
	"distillation/kdlib/distill"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/plot"
)

// overSeeds are the quantities of a student that a sweep is about, on the test set, by the name that tables give them.
func (r *Study) overSeeds() []struct {
	name string
	of   func(model string) (float64, error)
} {
	return []struct {
		name string
		of   func(model string) (float64, error)
	}{{"accuracy", r.TestAccuracy}, {"unc", r.TestUncertainty}, {"calibration error", r.TestCalibrationError}}
}

// OptionsTable sets the students beside each other by the options of their labels, such as temperatures: accuracy (12), uncertainty (15)
// and calibration error on ground-truth labels of the test set, means over the seeds with their standard deviations. The interval of the
// accuracy is about the choice of pictures, of the first seed.
func (r *Study) OptionsTable() (table.Table, error) {
	t := table.Table{
		Title:   "Students by the options of their labels, test set, ground truth",
		Columns: []table.Column{table.Text("student"), table.Text("labels"), table.Number("seeds")},
	}
	for _, q := range r.overSeeds() {
		t.Columns = append(t.Columns, table.Number(q.name), table.Number("standard deviation"))
	}
	t.Columns = append(t.Columns, intervalColumn("accuracy"))
	for _, student := range r.MainModels()[1:] {
		row := []string{student, r.labelsText(student), fmt.Sprint(len(r.Seeds(student)))}
		for _, q := range r.overSeeds() {
			values, err := r.OverSeeds(student, q.of)
			if err != nil {
				return t, err
			}
			deviation := "" // one seed has none
			if len(values) > 1 {
				deviation = table.Fixed(stat.StdDev(values, nil), table.Decimals)
			}
			row = append(row, table.Fixed(stat.Mean(values, nil), table.Decimals), deviation)
		}
		predicted, err := r.Predictions(student, predictions.Test)
		if err != nil {
			return t, err
		}
		one, err := analysis.WithIntervals([]analysis.Labelled{{Predicted: analysis.Predicted(predicted), Y: predicted.Labels(), Class: analysis.Classes(predicted)}}, distill.Threshold)
		if err != nil {
			return t, err
		}
		t.Add(append(row, intervalCell(one[0].AccuracyInterval))...)
	}
	return t, nil
}

// labelsText is "soft, temperature 2, alpha 0.5" of a student.
func (r *Study) labelsText(student string) string {
	_, rule, ok := r.LabelSource(student)
	if !ok {
		return analysis.GroundTruth
	}
	kind, options := optionsOf(rule)
	parts := []string{kind}
	for _, name := range optionNames(options) {
		parts = append(parts, fmt.Sprintf("%s %v", name, options[name]))
	}
	return strings.Join(parts, ", ")
}

// optionNames are in the order of tables: temperature before alpha.
func optionNames(options map[string]float64) []string {
	names := slices.Sorted(maps.Keys(options))
	slices.Reverse(names)
	return names
}

// optionsOf are the kind of a rule and its options, also those that it does not name since they are usual.
func optionsOf(rule distill.Rule) (kind string, options map[string]float64) {
	rule = distill.Unnamed(rule)
	if soft, ok := rule.(distill.Soft); ok {
		return rule.String(), map[string]float64{"temperature": cmp.Or(soft.Temperature, 1), "alpha": soft.Alpha}
	}
	return rule.String(), distill.Options(rule)
}

// point is a student with one value of an option.
type point struct {
	student string
	value   float64
}

// Sweeps lists the options that students differ in, and in nothing else: temperature, alpha, smoothing.
func (r *Study) Sweeps() (options []string) {
	for _, rule := range r.Recipe.Rules() {
		_, of := optionsOf(rule)
		for _, name := range optionNames(of) {
			if !slices.Contains(options, name) && len(r.along(name)) > 0 {
				options = append(options, name)
			}
		}
	}
	return options
}

// OptionFigure draws accuracy, uncertainty and calibration error on the test set against an option of the labels, a curve for the
// students that differ in this option alone: the mean over the seeds, with the smallest and the largest, dashed. The classical student
// stands beside them as a level.
func (r *Study) OptionFigure(option string) (*plot.Plot, error) {
	lines := r.along(option)
	if len(lines) == 0 {
		return nil, fmt.Errorf("report: %s: got the option %q, which no two students differ in", r.Dir, option)
	}
	var panels []*plot.Plot
	for _, q := range r.overSeeds() {
		var curves []chart.Curve
		for _, name := range slices.Sorted(maps.Keys(lines)) {
			of, err := r.optionCurves(name, lines[name], q.of)
			if err != nil {
				return nil, err
			}
			curves = append(curves, of...)
		}
		level, err := r.OverSeeds(paper.Classical, q.of)
		if err != nil {
			return nil, err
		}
		ends := []float64{slices.Min(curves[0].X), slices.Max(curves[0].X)}
		curves = append(curves, chart.Curve{Name: paper.Classical, X: ends, Y: slices.Repeat([]float64{stat.Mean(level, nil)}, 2)})
		panel, err := chart.Lines(chart.Axes{X: option, Y: q.name}, curves...)
		if err != nil {
			return nil, err
		}
		panels = append(panels, panel)
	}
	return chart.Beside("Students by the "+option+" of their labels, test set", panels...), nil
}

// along groups students by what they have in common beside an option, each group in the order of its values.
func (r *Study) along(option string) map[string][]point {
	lines := map[string][]point{}
	for _, rule := range r.Recipe.Rules() {
		kind, options := optionsOf(rule)
		value, ok := options[option]
		if !ok {
			continue
		}
		name := kind
		for _, other := range optionNames(options) {
			if other != option && options[other] != 0 {
				name += fmt.Sprintf(", %s %v", other, options[other])
			}
		}
		lines[name] = append(lines[name], point{rule.String(), value})
	}
	maps.DeleteFunc(lines, func(_ string, points []point) bool { return len(points) < 2 })
	for _, points := range lines {
		slices.SortFunc(points, func(a, b point) int { return cmp.Compare(a.value, b.value) })
	}
	return lines
}

// optionCurves are the mean and, of several seeds, the smallest and largest of a quantity.
func (r *Study) optionCurves(name string, points []point, of func(model string) (float64, error)) ([]chart.Curve, error) {
	mean := chart.Curve{Name: name}
	var low, high []float64
	for _, p := range points {
		values, err := r.OverSeeds(p.student, of)
		if err != nil {
			return nil, err
		}
		mean.X, mean.Y = append(mean.X, p.value), append(mean.Y, stat.Mean(values, nil))
		low, high = append(low, slices.Min(values)), append(high, slices.Max(values))
	}
	if r.Recipe.Seeds < 2 {
		return []chart.Curve{mean}, nil
	}
	smallest, largest := chart.Curve{Name: "smallest of the seeds", X: mean.X, Y: low, Dashed: true}, chart.Curve{Name: "largest of the seeds", X: mean.X, Y: high, Dashed: true}
	return []chart.Curve{mean, smallest, largest}, nil
}
