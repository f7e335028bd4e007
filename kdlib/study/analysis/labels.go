package analysis

import (
	"cmp"
	"fmt"
	"slices"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
)

// Suspect is a picture whose hand label models doubt together.
type Suspect struct {
	ID      string
	Label   float64   // the hand label (ground truth)
	P       []float64 // each model's probability of class 1
	Quality float64   // how likely the models think the label, metrics.LabelQuality of the mean of P
}

// Against is how many of the models contradict the label at the threshold 0.5.
func (s Suspect) Against() (n int) {
	for _, p := range s.P {
		if !metrics.Correct(p, s.Label, distill.Threshold) {
			n++
		}
	}
	return n
}

// Suspects are the pictures of a set whose hand label models doubt together, the least likely label first: the metrics.LabelIssues of
// the mean of their predictions. On the train set it is an error: what the study holds are the predictions of networks that learned
// from these very labels.
func (r *Study) Suspects(split predictions.Split, models ...string) ([]Suspect, error) {
	if split == predictions.Train {
		return nil, fmt.Errorf("analysis: %s: suspects of the train set: got predictions of networks that learned from these labels, want another set, or predictions by folds (SuspectsOf)", r.Dir)
	}
	if len(models) == 0 {
		return nil, fmt.Errorf("analysis: suspects: got no model, want some of %q", r.Models())
	}
	tables, err := r.Aligned(split, models...)
	if err != nil {
		return nil, err
	}
	suspects, err := SuspectsOf(tables...)
	if err != nil {
		return nil, fmt.Errorf("analysis: %s: %s set: %w", r.Dir, split, err)
	}
	return suspects, nil
}

// SuspectsOf is Study.Suspects for predictions from anywhere, such as those by folds: a table for each model, all with the same
// pictures in the same order, by networks that have not learned from these labels.
func SuspectsOf(tables ...predictions.Table) ([]Suspect, error) {
	mean := make([]float64, len(tables[0]))
	for i := range mean {
		for _, t := range tables {
			mean[i] += t[i].P
		}
		mean[i] /= float64(len(tables))
	}
	labels := tables[0].Labels()
	issues, err1 := metrics.LabelIssues(mean, labels)
	quality, err2 := metrics.LabelQuality(mean, labels)
	if err := cmp.Or(err1, err2); err != nil {
		return nil, err
	}
	var suspects []Suspect
	for i, row := range tables[0] {
		if !issues[i] {
			continue
		}
		s := Suspect{ID: row.ID, Label: row.Label, Quality: quality[i]}
		for _, t := range tables {
			s.P = append(s.P, t[i].P)
		}
		suspects = append(suspects, s)
	}
	slices.SortStableFunc(suspects, func(a, b Suspect) int { return cmp.Compare(a.Quality, b.Quality) })
	return suspects, nil
}

// Following is whom a student follows on pictures where its teacher contradicts the hand label.
type Following struct {
	Teacher  int            // how often the student gives the teacher's class, not that of the label
	Of       int            // of so many pictures
	Interval stats.Interval // of the share, Wilson's; of no picture [0, 1]
}

// Follow tells whom a student follows on the pictures of a set where the teacher contradicts the hand label at the threshold 0.5, and
// on those of them that are its metrics.LabelIssues. The teacher alone chooses the pictures.
func (r *Study) Follow(split predictions.Split, student string) (contradicted, doubted Following, err error) {
	both, err := r.Aligned(split, paper.Teacher, student)
	if err != nil {
		return contradicted, doubted, err
	}
	issues, err := metrics.LabelIssues(both[0].P(), both[0].Labels())
	if err != nil {
		return contradicted, doubted, fmt.Errorf("analysis: %s: %s set: %w", r.Dir, split, err)
	}
	right := func(row predictions.Row) bool { return metrics.Correct(row.P, row.Label, distill.Threshold) }
	for i, teacher := range both[0] {
		if right(teacher) {
			continue
		}
		contradicted.add(!right(both[1][i]))
		if issues[i] {
			doubted.add(!right(both[1][i]))
		}
	}
	return contradicted, doubted, cmp.Or(contradicted.measure(), doubted.measure())
}

func (f *Following) add(teacher bool) {
	f.Of++
	if teacher {
		f.Teacher++
	}
}

func (f *Following) measure() (err error) {
	f.Interval = stats.Interval{High: 1}
	if f.Of > 0 {
		f.Interval, err = stats.Wilson(f.Teacher, f.Of, stats.Confidence)
	}
	return err
}

// LeaveOut is the study without the predictions on some pictures, see folder.Study.LeaveOut.
func (r *Study) LeaveOut(ids ...string) *Study { return &Study{r.Study.LeaveOut(ids...)} }
