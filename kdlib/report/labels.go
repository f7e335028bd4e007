package report

import (
	"fmt"

	"distillation/kdlib/distill"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report/claims"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/table"
)

// LabelIssuesTable lists the pictures of a set whose hand label the models doubt together by confident learning, the least likely
// labels first, with each model's p. See analysis.Study.Suspects.
func (r *Study) LabelIssuesTable(split predictions.Split, models ...string) (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("Hand labels of the %s set that the models doubt together", split),
		Columns: []table.Column{table.Text("id"), table.Number("label"), table.Number("quality"), table.Number("models against")},
		Notes: []string{"quality: how likely the mean of the models thinks the label; confident learning (Northcutt, Jiang and Chuang 2021), as cleanlab's find_label_issues",
			"whether a label is wrong, or the picture shows neither or both, or is only hard, a look at the picture tells"},
	}
	for _, model := range models {
		t.Columns = append(t.Columns, table.Number(model))
	}
	suspects, err := r.Suspects(split, models...)
	if err != nil {
		return t, err
	}
	for _, s := range suspects {
		row := []string{s.ID, table.Fixed(s.Label, 0), table.Fixed(s.Quality, table.Decimals), fmt.Sprint(s.Against())}
		for _, p := range s.P {
			row = append(row, table.Fixed(p, table.Decimals))
		}
		t.Add(row...)
	}
	return t, nil
}

// WithoutTable measures models on the test set, and without some of its pictures, such as those whose labels are wrong: accuracy (12)
// and uncertainty (15), both with their intervals. It is an error if none of the pictures is in the test set.
func (r *Study) WithoutTable(ids []string, models ...string) (table.Table, error) {
	t := table.Table{
		Columns: []table.Column{table.Text("model"), table.Number("accuracy"), intervalColumn("accuracy"), table.Number("without"), intervalColumn("without"),
			table.Number("unc"), table.Number("unc without")},
		Notes: []string{"the plain number stands first: pictures that were left out because models doubt their labels make models look better"},
	}
	before, err := onTest(r.Study, models)
	if err != nil {
		return t, err
	}
	after, err := onTest(r.LeaveOut(ids...), models)
	if err != nil {
		return t, err
	}
	for i, model := range models {
		whole, left := before[i], after[i]
		out := whole.N - left.N
		if out == 0 {
			return t, fmt.Errorf("report: %s: none of the %d pictures to leave out is in the test set", r.Dir, len(ids))
		}
		t.Title = fmt.Sprintf("The test set of %d pictures, and without %d of them", whole.N, out)
		t.Add(model, table.Fixed(whole.Accuracy, table.Decimals), intervalCell(whole.AccuracyInterval), table.Fixed(left.Accuracy, table.Decimals), intervalCell(left.AccuracyInterval),
			table.Fixed(whole.Uncertainty, table.Decimals), table.Fixed(left.Uncertainty, table.Decimals))
	}
	return t, nil
}

// onTest measures models on a study's test set, all on the same draws.
func onTest(run *analysis.Study, models []string) ([]analysis.Measured, error) {
	var all []analysis.Labelled
	for _, model := range models {
		predicted, err := run.Predictions(model, predictions.Test)
		if err != nil {
			return nil, err
		}
		labelled, err := run.Labelled(model, predictions.Test, predicted, analysis.GroundTruth)
		if err != nil {
			return nil, err
		}
		all = append(all, labelled)
	}
	return analysis.WithIntervals(all, distill.Threshold)
}

// ClaimsWithoutTable lists the paper's claims on the study, and on it without some pictures, side by side: those parts whose numbers
// change.
func (r *Study) ClaimsWithoutTable(ids []string) (table.Table, error) {
	t := table.Table{
		Title:   fmt.Sprintf("The paper's claims by the study %q, and without pictures that are left out (%d)", r.Recipe.Name, len(ids)),
		Columns: []table.Column{table.Number("claim"), table.Text("part"), table.Text("verdict"), table.Text("without"), table.Text("the numbers"), table.Text("without")},
		Notes:   []string{"parts that stay as they are to the last digit are left away"},
	}
	before, err := claims.Of(r.Study)
	if err != nil {
		return t, err
	}
	after, err := claims.Of(r.LeaveOut(ids...))
	if err != nil {
		return t, err
	}
	for i, c := range before {
		if without := after[i]; c.Evidence != without.Evidence || c.Verdict != without.Verdict {
			t.Add(fmt.Sprint(c.Number), c.Claim, c.Outcome(), without.Outcome(), c.Evidence, without.Evidence)
		}
	}
	return t, nil
}

// FollowTable tells whom students follow on the pictures of a set where the teacher contradicts the hand label, and on those of them
// whose label it doubts by confident learning. Students that were taught its predictions may have learned its corrections, and its
// mistakes. See analysis.Study.Follow.
func (r *Study) FollowTable(split predictions.Split, students ...string) (table.Table, error) {
	t := table.Table{
		Title: fmt.Sprintf("Whom students follow where the teacher contradicts the hand label, %s set", split),
		Columns: []table.Column{table.Text("where the teacher"), table.Text("student"), table.Number("pictures"), table.Number("follows the label"),
			table.Number("follows the teacher"), table.Number("share"), intervalColumn("share")},
		Notes: []string{"the teacher's predictions alone choose the pictures; of two classes a student follows the one or the other"},
	}
	if split == predictions.Train {
		t.Notes = append(t.Notes, "on the train set the classical student was taught these labels, the others the teacher's")
	}
	var doubts [][]string
	for _, student := range students {
		contradicted, doubted, err := r.Follow(split, student)
		if err != nil {
			return t, err
		}
		t.Add(followRow("contradicts the label", student, contradicted)...)
		doubts = append(doubts, followRow("doubts it", student, doubted))
	}
	for _, row := range doubts {
		t.Add(row...)
	}
	return t, nil
}

func followRow(where, student string, f analysis.Following) []string {
	return []string{where, student, fmt.Sprint(f.Of), fmt.Sprint(f.Of - f.Teacher), fmt.Sprint(f.Teacher), known(float64(f.Teacher) / float64(f.Of)), intervalCell(f.Interval)}
}
