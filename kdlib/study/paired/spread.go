package paired

import (
	"maps"
	"math"
	"slices"

	"distillation/kdlib/stats"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// Spread tells how far kinds of students of one seed lie apart, and how far as many seeds of one kind.
type Spread struct {
	Point, Measure string
	Kinds, Seeds   int
	OverKinds      float64 // mean over the seeds of the range, largest less smallest, of the kinds
	OverSeeds      float64 // mean over the kinds of the expected range of as many of their seeds; NaN where there are not as many
	Deviation      float64 // mean over the kinds of the standard deviation over seeds
}

// Spread compares the kinds of a setting. Seeds that not all kinds have are left out.
func (r Rows) Spread(point, measure string) (Spread, error) {
	models := r.At(point).Models()
	s := Spread{Point: point, Measure: measure, Kinds: len(models)}
	byModel := make([]map[uint64]float64, len(models))
	for i, model := range models {
		byModel[i] = r.Over(point, model, measure)
		values := bySeed(byModel[i])
		expected := math.NaN()
		if len(values) >= len(models) {
			var err error
			if expected, err = stats.ExpectedRange(values, len(models)); err != nil {
				return s, err
			}
		}
		s.OverSeeds += expected / float64(len(models))
		s.Deviation += stat.StdDev(values, nil) / float64(len(models))
	}
	for _, seed := range slices.Sorted(maps.Keys(byModel[0])) {
		var values []float64
		for _, of := range byModel {
			if v, has := of[seed]; has {
				values = append(values, v)
			}
		}
		if len(values) == len(models) {
			s.OverKinds += slices.Max(values) - slices.Min(values)
			s.Seeds++
		}
	}
	s.OverKinds /= float64(s.Seeds)
	return s, nil
}

// bySeed are values in the order of their seeds.
func bySeed(of map[uint64]float64) (values []float64) {
	for _, seed := range slices.Sorted(maps.Keys(of)) {
		values = append(values, of[seed])
	}
	return values
}

// SpreadTable shows spreads, a row each.
func SpreadTable(title string, spreads []Spread) table.Table {
	t := table.Table{Title: title, Columns: []table.Column{table.Text("point"), table.Text("measure"), table.Number("kinds"), table.Number("seeds"),
		table.Number("range of the kinds of one seed"), table.Number("range of as many seeds of one kind"), table.Number("deviation over seeds")}}
	for _, s := range spreads {
		overSeeds := ""
		if !math.IsNaN(s.OverSeeds) {
			overSeeds = table.Fixed(s.OverSeeds, table.Decimals)
		}
		t.Add(s.Point, s.Measure, table.Fixed(float64(s.Kinds), 0), table.Fixed(float64(s.Seeds), 0),
			table.Fixed(s.OverKinds, table.Decimals), overSeeds, table.Fixed(s.Deviation, table.Decimals))
	}
	return t
}

// MeansTable shows the mean of every measure over the seeds, a row for each kind of students at each setting.
func (r Rows) MeansTable(title string) table.Table {
	t := table.Table{Title: title, Columns: []table.Column{table.Text("point"), table.Text("model"), table.Number("seeds")}}
	for _, name := range names {
		t.Columns = append(t.Columns, table.Number(name))
	}
	for _, point := range r.Points() {
		for _, model := range r.At(point).Models() {
			cells := []string{point, model, table.Fixed(float64(len(r.Over(point, model, names[0]))), 0)}
			for _, name := range names {
				cells = append(cells, table.Fixed(r.Mean(point, model, name), table.Decimals))
			}
			t.Add(cells...)
		}
	}
	return t
}
