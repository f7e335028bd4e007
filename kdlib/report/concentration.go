package report

import (
	"slices"

	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/floats"
)

// ConcentrationTable tells how the predictions of the four models gather at the ends (section 4.2): the share in [0, 0.05) and
// [0.95, 1] together, and the fullest of the bins between.
func (r *Study) ConcentrationTable() (table.Table, error) {
	return r.ofHistograms(table.Table{
		Title: "Predictions in the two outermost bins, and the fullest bin between them (section 4.2)",
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("set")},
			versus("outermost"), versus("fullest inner bin")),
	}, func(f []float64) []float64 {
		last := len(f) - 1
		return []float64{f[0] + f[last], slices.Max(f[1:last])}
	})
}

// DoubtByClassTable tells on which side the unsure predictions lie (section 4.2). It gives the share in [0.05, 0.5) and the
// share in [0.5, 0.95). By (13) the first are cats and the second dogs, except that 0.5 itself is a cat.
func (r *Study) DoubtByClassTable() (table.Table, error) {
	return r.ofHistograms(table.Table{
		Title: "Predictions between the outermost bins, by side (section 4.2)",
		Columns: slices.Concat([]table.Column{table.Text("model"), table.Text("set")},
			versus("[0.05, 0.5)"), versus("[0.5, 0.95)")),
	}, func(f []float64) []float64 {
		last, half := len(f)-1, len(f)/2
		return []float64{floats.Sum(f[1:half]), floats.Sum(f[half:last])}
	})
}

// ofHistograms fills a table with quantities of relative frequencies at the paper's width, ours beside the
// printed ones.
func (r *Study) ofHistograms(t table.Table, quantities func(frequencies []float64) []float64) (table.Table, error) {
	for _, split := range folder.Splits {
		for _, model := range r.MainModels() {
			h, err := r.Histogram(model, split, paper.BinWidth)
			if err != nil {
				return t, err
			}
			t.Add(slices.Concat([]string{model, string(split)}, besidePrinted(model, split, h, quantities))...)
		}
	}
	return t, nil
}

func besidePrinted(model string, split predictions.Split, h metrics.Histogram, quantities func([]float64) []float64) []string {
	printed, known := paper.HistogramOf(split, model)
	var cells []string
	for i, ours := range quantities(h.Frequencies()) {
		text := ""
		if known {
			text = table.Fixed(quantities(printed)[i], table.Decimals)
		}
		cells = append(cells, table.Versus(ours, text)...)
	}
	return cells
}
