package results

import (
	"fmt"
	"slices"
	"strings"

	"distillation/kdlib/hist"
	"distillation/kdlib/interval"
	"distillation/kdlib/paper"
	"distillation/kdlib/pred"
	"distillation/kdlib/recipe"
	"distillation/kdlib/table"

	"gonum.org/v1/gonum/stat"
)

// HistogramTable is a table of section 4.2: relative frequencies of the models' answers on a set in bins
// of a width that divides 1. The printed numbers stand beside ours at the paper's width.
func (r *Run) HistogramTable(set pred.Set, width float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("Relative frequencies of predictions on the %s set, h = %v (section 4.2)", set, width),
		Columns: []table.Column{table.Text("bin")},
	}
	var columns [][]string
	for _, model := range models {
		h, err := r.histogram(model, set, width)
		if err != nil {
			return t, err
		}
		if len(columns) == 0 {
			columns = append(columns, bins(h))
		}
		printed, known := paper.HistogramOf(set, model)
		if width != paper.BinWidth || !known {
			t.Columns = append(t.Columns, table.Number(model))
			columns = append(columns, cells(h.Frequencies()))
			continue
		}
		t.Columns = append(t.Columns, table.Number(model), table.Number("printed"), table.Number("difference"), intervalColumn(model))
		wilson, err := wilsonCells(h)
		if err != nil {
			return t, err
		}
		columns = append(columns, cells(h.Frequencies()), cells(printed), differences(h.Frequencies(), printed), wilson)
	}
	for i := range columns[0] {
		var row []string
		for _, column := range columns {
			row = append(row, column[i])
		}
		t.Add(row...)
	}
	return t, nil
}

func (r *Run) histogram(model string, set pred.Set, width float64) (hist.Histogram, error) {
	answers, err := r.Predictions(model, set)
	if err != nil {
		return hist.Histogram{}, err
	}
	return hist.New(answers.P(), width)
}

func bins(h hist.Histogram) []string {
	names := make([]string, len(h.Counts))
	for i := range names {
		closing := ")"
		if i == len(names)-1 {
			closing = "]"
		}
		names[i] = fmt.Sprintf("[%v, %v%s", h.Edges[i], h.Edges[i+1], closing)
	}
	return names
}

func cells(values []float64) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = table.Fixed(v, table.Decimals)
	}
	return out
}

// wilsonCells are the intervals of relative frequencies.
func wilsonCells(h hist.Histogram) ([]string, error) {
	out := make([]string, len(h.Counts))
	for i, count := range h.Counts {
		wilson, err := interval.Wilson(count, h.Total, interval.Confidence)
		if err != nil {
			return nil, err
		}
		out[i] = intervalCell(wilson)
	}
	return out, nil
}

func differences(ours, printed []float64) []string {
	out := make([]string, len(ours))
	for i := range ours {
		out[i] = table.Signed(ours[i]-printed[i], table.Decimals)
	}
	return out
}

// printedBest is the best epoch that section 3.2 names, or "".
func printedBest(model string) string {
	if epoch, known := paper.BestEpoch(model); known {
		return fmt.Sprint(epoch)
	}
	return ""
}

// TrainingTable tells how each model was trained and which epoch did best.
func (r *Run) TrainingTable(models ...string) (table.Table, error) {
	t := table.Table{
		Title: "Training runs (figures 2-5)",
		Columns: []table.Column{table.Text("model"), table.Number("epochs"), table.Number("best epoch"), table.Number("printed"),
			table.Number("validation accuracy"), table.Number("validation loss"), table.Number("minutes")},
	}
	for _, model := range models {
		if r.Given(model) {
			row, err := r.givenTraining(model)
			if err != nil {
				return t, err
			}
			t.Add(row...)
			continue
		}
		past, err := r.History(model)
		if err != nil {
			return t, err
		}
		best, ok := past.Best()
		if !ok {
			return t, fmt.Errorf("results: %s: its history is empty", model)
		}
		seconds := 0.0
		for _, e := range past {
			seconds += e.Seconds
		}
		t.Add(model, fmt.Sprint(len(past)), fmt.Sprint(best.Number), printedBest(model), table.Fixed(best.ValidationAccuracy, table.Decimals),
			table.Fixed(best.ValidationLoss, table.Decimals), table.Fixed(seconds/60, 1))
	}
	return t, nil
}

// timed pairs our networks with the paper's names, the slower first.
var timed = []struct{ network, printed string }{{recipe.ResNet50, paper.ResNet50}, {recipe.ResNet18, paper.ResNet18}}

// Spent is the time of one network on a picture, in seconds: that of a call over its number of pictures.
type Spent struct {
	Images      int
	Prepare     []float64 // reading, decoding, resizing; ascending
	Answer      []float64 // the network; ascending
	First       float64   // the whole call that compiled the program
	PaperAnswer paper.Time
}

// Spent returns the measurements of section 4.1 for a network (recipe.ResNet18 or recipe.ResNet50) and a number of
// pictures at a time; the paper's has 1.
func (r *Run) Spent(network string, batch int) (Spent, error) {
	calls, err := r.Timing()
	if err != nil {
		return Spent{}, err
	}
	var s Spent
	for _, c := range calls {
		switch {
		case c.Network != network || c.Batch != batch:
		case c.Number == 0:
			s.First = c.Answer
		default:
			s.Prepare = append(s.Prepare, c.Prepare/float64(batch))
			s.Answer = append(s.Answer, c.Answer/float64(batch))
		}
	}
	if len(s.Answer) == 0 {
		return s, fmt.Errorf("results: %s holds no timing of %s on %d pictures at a time", r.Dir, network, batch)
	}
	s.Images = len(s.Answer) * batch
	slices.Sort(s.Prepare)
	slices.Sort(s.Answer)
	for _, pair := range timed {
		if pair.network == network {
			s.PaperAnswer, _ = paper.LookupTime(pair.printed)
		}
	}
	return s, nil
}

// Median of ascending values: half of them are not above it.
func Median(ascending []float64) float64 { return stat.Quantile(0.5, stat.Empirical, ascending, nil) }

// bootstrapMedian is the interval of the median of ascending values.
func bootstrapMedian(ascending []float64) (interval.Interval, error) {
	return bootstrapOne(make([]int, len(ascending)), func(rows []int) float64 { return medianOf(ascending, rows) })
}

// bootstrapRatio is the interval of the ratio of two medians, of ascending values that were drawn apart.
func bootstrapRatio(above, below []float64) (interval.Interval, error) {
	all := slices.Concat(above, below)
	sample := make([]int, len(all))
	for i := range above {
		sample[i] = 1 // a draw has as many of each
	}
	return bootstrapOne(sample, func(rows []int) float64 {
		return medianOf(all, rows[:len(above)]) / medianOf(all, rows[len(above):])
	})
}

func medianOf(values []float64, ascendingRows []int) float64 {
	drawn := make([]float64, len(ascendingRows))
	for i, row := range ascendingRows {
		drawn[i] = values[row]
	}
	return Median(drawn)
}

// TimingTable is section 4.1: one picture at a time as the paper has it, and the batches of the recipe.
func (r *Run) TimingTable() (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Time for one picture, %dx%d (section 4.1)", r.Recipe.Timing.Size, r.Recipe.Timing.Size),
		Columns: []table.Column{table.Text("network"), table.Number("at a time"), table.Number("pictures"), table.Number("median s"), table.Number("10 %"), table.Number("90 %"),
			table.Number("printed s"), table.Number("prepare, median s"), table.Number("first call s"), intervalColumn("median")},
		Notes: []string{"first call: compiles the program; prepare: read, decode and resize; neither is in the median"},
	}
	for _, batch := range r.Recipe.Timing.Batches() {
		var answers [][]float64
		for _, pair := range timed {
			s, err := r.Spent(pair.network, batch)
			if err != nil {
				return t, err
			}
			answers = append(answers, s.Answer)
			off, err := bootstrapMedian(s.Answer)
			if err != nil {
				return t, err
			}
			t.Add(pair.printed, fmt.Sprint(batch), fmt.Sprint(s.Images), table.Fixed(Median(s.Answer), table.Decimals),
				table.Fixed(stat.Quantile(0.1, stat.Empirical, s.Answer, nil), table.Decimals),
				table.Fixed(stat.Quantile(0.9, stat.Empirical, s.Answer, nil), table.Decimals),
				printedTime(s, batch), table.Fixed(Median(s.Prepare), table.Decimals), table.Fixed(s.First, 2), intervalCell(off))
		}
		ratio, err := bootstrapRatio(answers[0], answers[1])
		if err != nil {
			return t, err
		}
		t.Notes = append(t.Notes, fmt.Sprintf("%d at a time: ratio of the medians %.2f, %.0f %% interval %.2f to %.2f", batch,
			Median(answers[0])/Median(answers[1]), 100*interval.Confidence, ratio.Low, ratio.High))
	}
	slow, _ := paper.LookupTime(paper.ResNet50)
	fast, _ := paper.LookupTime(paper.ResNet18)
	t.Notes = append(t.Notes, fmt.Sprintf("ratio of the printed times, one at a time: %.2f", slow.SecondsPerImage.Value/fast.SecondsPerImage.Value))
	return t, nil
}

// printedTime is the paper's time, which is of one picture at a time.
func printedTime(s Spent, batch int) string {
	if batch > 1 {
		return ""
	}
	return s.PaperAnswer.SecondsPerImage.Text
}

// SourceTable tells where the numbers come from: recipe, reductions, commands, commits, machine.
func (r *Run) SourceTable() (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("Where the numbers come from: study %q", r.Recipe.Name),
		Columns: []table.Column{table.Text("what"), table.Text("value")},
	}
	for _, reduction := range r.Recipe.Reductions {
		t.Add("differs from the paper", reduction)
	}
	if err := r.addTeacher(&t); err != nil {
		return t, err
	}
	sessions, err := r.Sessions()
	if err != nil {
		return t, err
	}
	for _, s := range sessions {
		when := s.Started.Format("2006-01-02 15:04")
		if s.Ended != nil {
			when += " to " + s.Ended.Format("15:04") + " UTC"
		} else {
			when += " UTC, interrupted"
		}
		commit := s.Commit
		if s.Modified {
			commit += ", with changes"
		}
		t.Add("command", strings.Join(s.Command, " "))
		t.Add("when", when)
		t.Add("commit", commit)
		t.Add("machine", fmt.Sprintf("%s, %d cores, %s", s.Machine.CPU, s.Machine.Cores, s.Machine.System))
	}
	return t, nil
}

// addTeacher adds the seeds, and where a given teacher, which has none here, comes from.
func (r *Run) addTeacher(t *table.Table) error {
	if !r.Given(paper.Teacher) {
		t.Add("seeds", fmt.Sprintf("split %d, teacher %d, students %d", r.Recipe.Data.Seed, r.Recipe.Teacher.Seed, r.Recipe.Student.Seed))
		return nil
	}
	source, err := r.GivenSource()
	if err != nil {
		return err
	}
	t.Add("teacher", fmt.Sprintf("%s: %s, SHA-256 %s", givenText, source.File, source.Sum))
	t.Add("seeds", fmt.Sprintf("split %d, students %d", r.Recipe.Data.Seed, r.Recipe.Student.Seed))
	return nil
}
