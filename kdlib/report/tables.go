package report

import (
	"fmt"
	"strings"
	"time"

	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// HistogramTable is a table of section 4.2: relative frequencies of the models' predictions on a set, in bins of a width that
// divides 1. At the paper's width the printed numbers stand beside ours.
func (r *Study) HistogramTable(split predictions.Split, width float64, models ...string) (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("Relative frequencies of predictions on the %s set, h = %v (section 4.2)", split, width),
		Columns: []table.Column{table.Text("bin")},
	}
	var columns [][]string
	for _, model := range models {
		h, err := r.Histogram(model, split, width)
		if err != nil {
			return t, err
		}
		if len(columns) == 0 {
			columns = append(columns, analysis.BinNames(h))
		}
		printed, known := paper.HistogramOf(split, model)
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

func cells(values []float64) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = table.Fixed(v, table.Decimals)
	}
	return out
}

// wilsonCells are the intervals of relative frequencies.
func wilsonCells(h metrics.Histogram) ([]string, error) {
	out := make([]string, len(h.Counts))
	for i, count := range h.Counts {
		wilson, err := stats.Wilson(count, h.Total, stats.Confidence)
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

// TrainingTable tells how each model was trained and which epoch did best. Accuracy and loss are on the validation labels that
// chose the epoch. The column "labels" names them: "ground truth", or the model whose predictions they are. Only rows with the same
// labels compare.
func (r *Study) TrainingTable(models ...string) (table.Table, error) {
	t := table.Table{
		Title: "Training runs (figures 2-5)",
		Columns: []table.Column{table.Text("model"), table.Number("epochs"), table.Number("best epoch"), table.Number("printed"),
			table.Text("labels"), table.Number("validation accuracy"), table.Number("validation loss"), table.Number("minutes")},
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
			return t, fmt.Errorf("report: %s: its history is empty", model)
		}
		seconds := 0.0
		for _, e := range past {
			seconds += e.Seconds
		}
		labels := analysis.GroundTruth
		if teacher, _, distilled := r.LabelSource(model); distilled {
			labels = teacher
		}
		t.Add(model, fmt.Sprint(len(past)), fmt.Sprint(best.Number), printedBest(model), labels, table.Fixed(best.ValidationAccuracy, table.Decimals),
			table.Fixed(best.ValidationLoss, table.Decimals), table.Fixed(seconds/60, 1))
		if name := answering[r.Training(model).Answer]; name != "" {
			t.Notes = append(t.Notes, fmt.Sprintf("%s: its predictions are not the best epoch's: %s predicts", model, name))
		}
	}
	return t, nil
}

// SourceTable tells where the numbers come from: recipe, differences from the paper, commands, commits, machine.
func (r *Study) SourceTable() (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("Where the numbers come from: study %q", r.Recipe.Name),
		Columns: []table.Column{table.Text("what"), table.Text("value")},
	}
	for _, difference := range r.Recipe.Differences() {
		t.Add("differs from the paper", difference)
	}
	if err := r.addTeacher(&t); err != nil {
		return t, err
	}
	sessions, err := r.Sessions()
	if err != nil {
		return t, err
	}
	for i, s := range sessions {
		when := s.Started.Format("2006-01-02 15:04")
		if s.Ended != nil {
			layout := "15:04"
			if s.Ended.Format(time.DateOnly) != s.Started.Format(time.DateOnly) {
				layout = "2006-01-02 15:04"
			}
			when += " to " + s.Ended.Format(layout) + " UTC"
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
		if len(s.Models) > 0 {
			t.Add("made", strings.Join(s.Models, ", "))
		}
		t.Add("machine", s.Machine.String())
		if i > 0 && !s.SameKind(sessions[i-1]) {
			t.Add("goes on", "on another kind of machine or with other flags of XLA than before: no single machine would give the same digits")
		}
	}
	if mixed := folder.Mixed(sessions); len(mixed) > 0 {
		t.Add("several machines", fmt.Sprintf("%s: begun on one kind of machine, or with some flags of XLA, and gone on with on another", strings.Join(mixed, ", ")))
	}
	return t, nil
}

// addTeacher adds the seeds, and where a given teacher, which has none here, comes from.
func (r *Study) addTeacher(t *table.Table) error {
	if !r.Given(paper.Teacher) {
		t.Add("seeds", fmt.Sprintf("split %d, teacher %d, students %s", r.Recipe.Data.Seed, r.Recipe.Teacher.Seed, r.studentSeeds()))
		return nil
	}
	source, err := r.GivenSource()
	if err != nil {
		return err
	}
	t.Add("teacher", fmt.Sprintf("%s: %s, SHA-256 %s", givenText, source.File, source.Sum))
	t.Add("seeds", fmt.Sprintf("split %d, students %s", r.Recipe.Data.Seed, r.studentSeeds()))
	return nil
}

func (r *Study) studentSeeds() string {
	text := fmt.Sprint(r.Recipe.Student.Seed)
	for _, seed := range r.Recipe.FurtherSeeds() {
		text += fmt.Sprintf(", %d", seed)
	}
	return text
}
