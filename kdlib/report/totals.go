package report

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// TotalsTable is section 4.1 as the paper puts it: the mean time for one picture, the time for all of them, and what the smaller
// network saves. A total of another number of pictures than the paper's has no difference, since the two do not compare.
func (r *Study) TotalsTable() (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Means and totals, one picture at a time, %dx%d (section 4.1)", r.Recipe.Timing.Size, r.Recipe.Timing.Size),
		Columns: slices.Concat([]table.Column{table.Text("network")}, versus("mean s"), versus("total s"),
			[]table.Column{table.Number("pictures"), table.Number("printed pictures"), table.Number("megapixels"), table.Number("printed megapixels")}),
		Notes: []string{"means and totals leave out the call that compiles, reading, decoding and resizing; a mean counts the slow calls, a median does not",
			"megapixels: the mean size of the pictures before they are resized, where the study has recorded it"},
	}
	var rows []total
	for _, pair := range analysis.Timed {
		s, err := r.Latency(pair.Network, 1)
		if err != nil {
			return t, err
		}
		mean := stat.Mean(s.Inference, nil)
		rows = append(rows, total{pair.Printed, mean, mean * float64(s.Images), s.Images, s.Megapixels, s.PaperInference})
	}
	for _, row := range append(rows, rows[0].less(rows[1])) {
		t.Add(row.cells()...)
	}
	return t, nil
}

// total is a row of TotalsTable.
type total struct {
	name       string
	mean, sum  float64 // seconds
	images     int
	megapixels float64 // of a picture; 0 if not recorded
	printed    paper.Time
}

// less is what the second network saves of the first one's time.
func (a total) less(b total) total {
	d := total{"difference", a.mean - b.mean, a.sum - b.sum, a.images, a.megapixels, a.printed}
	d.printed.SecondsPerImage = printedLess(a.printed.SecondsPerImage, b.printed.SecondsPerImage)
	d.printed.SecondsTotal = printedLess(a.printed.SecondsTotal, b.printed.SecondsTotal)
	return d
}

// printedLess is a difference of printed numbers, with as many decimals.
func printedLess(a, b paper.Printed) paper.Printed {
	d := a.Value - b.Value
	return paper.Printed{Text: table.Fixed(d, a.Decimals()), Value: d}
}

func (a total) cells() []string {
	sums := table.Versus(a.sum, a.printed.SecondsTotal.Text)
	if a.images != a.printed.Images {
		sums[2] = ""
	}
	megapixels := ""
	if a.megapixels > 0 {
		megapixels = fmt.Sprintf("%.3f", a.megapixels) // with as many decimals as the paper
	}
	return slices.Concat([]string{a.name}, table.Versus(a.mean, a.printed.SecondsPerImage.Text), sums,
		[]string{fmt.Sprint(a.images), fmt.Sprint(a.printed.Images), megapixels, fmt.Sprint(a.printed.MeanMegapixels)})
}

// SittingsTable is how many times as long ResNet-50 takes for one picture as ResNet-18 in each of several studies, and in the mean over
// them: the ratio of the median times. The interval of a study is about the calls of its sitting alone. That of the mean, Student's of
// the logarithms, is about sittings. It takes two studies.
func SittingsTable(studies ...*Study) (table.Table, error) {
	t := table.Table{
		Title: "ResNet-50's time for one picture over ResNet-18's, sitting by sitting (section 4.1)",
		Columns: []table.Column{table.Text("study"), table.Number("pictures"), table.Number("ResNet-50 s"), table.Number("ResNet-18 s"), table.Number("ratio"),
			intervalColumn("ratio")},
		Notes: []string{"seconds: medians of one picture at a time; interval of a study: bootstrap of blocks of its calls",
			"mean: the geometric mean of the ratios, with Student's interval over sittings"},
	}
	var slow, fast []float64
	for _, r := range studies {
		a, b, within, err := r.sitting()
		if err != nil {
			return t, err
		}
		t.Add(r.Recipe.Name, fmt.Sprint(b.Images), table.Fixed(analysis.Median(a.Inference), table.Decimals), table.Fixed(analysis.Median(b.Inference), table.Decimals),
			table.Fixed(analysis.Median(a.Inference)/analysis.Median(b.Inference), table.Decimals), intervalCell(within))
		slow, fast = append(slow, math.Log(analysis.Median(a.Inference))), append(fast, math.Log(analysis.Median(b.Inference)))
	}
	i, err := stats.PairedT(slow, fast, stats.Confidence)
	if err != nil {
		return t, err
	}
	t.Add("mean", "", "", "", table.Fixed(math.Exp(stat.Mean(slow, nil)-stat.Mean(fast, nil)), table.Decimals),
		intervalCell(stats.Interval{Low: math.Exp(i.Low), High: math.Exp(i.High)}))
	a, _ := paper.LookupTime(paper.ResNet50)
	b, _ := paper.LookupTime(paper.ResNet18)
	t.Add("paper", fmt.Sprint(a.Images), a.SecondsPerImage.Text, b.SecondsPerImage.Text, table.Fixed(a.SecondsPerImage.Value/b.SecondsPerImage.Value, table.Decimals), "")
	return t, nil
}

// SittingsIn is SittingsTable of the studies in the folders of dir that have a timing on pictures of the paper's size, in the order of
// their names.
func SittingsIn(dir string) (table.Table, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*", folder.TimingFile)) // sorted
	if err != nil {
		return table.Table{}, fmt.Errorf("report: %w", err)
	}
	var studies []*Study
	for _, path := range paths {
		study, err := Open(filepath.Dir(path))
		if err != nil {
			return table.Table{}, err
		}
		if study.Recipe.Timing.Size == recipe.Paper.Timing.Size {
			studies = append(studies, study)
		}
	}
	return SittingsTable(studies...)
}

// sitting holds the times of ResNet-50 and of ResNet-18, and the interval of the ratio of their medians.
func (r *Study) sitting() (slow, fast analysis.Latency, ratio stats.Interval, err error) {
	if slow, err = r.Latency(recipe.ResNet50, 1); err != nil {
		return slow, fast, ratio, err
	}
	if fast, err = r.Latency(recipe.ResNet18, 1); err != nil {
		return slow, fast, ratio, err
	}
	ratio, err = analysis.BootstrapRatio(slow.Inference, fast.Inference)
	return slow, fast, ratio, err
}
