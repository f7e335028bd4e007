package analysis

import (
	"math"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
	"distillation/kdlib/study/folder"
)

// The correlations are those of stats.Spearman, which SciPy has checked, on all pictures and on a draw.
func TestInheritedDoubt(t *testing.T) {
	run, err := folder.Open("../../../datasets/results/seeds")
	if err != nil {
		t.Fatal(err)
	}
	study := &Study{Study: run}
	got, err := study.InheritedDoubt(predictions.Test, "classical", "soft")
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	tables, err := study.Aligned(predictions.Test, "teacher", "classical", "soft")
	if err != nil {
		t.Fatal(err)
	}
	doubts := make([][]float64, len(tables))
	for k, table := range tables {
		for _, p := range table.P() {
			doubts[k] = append(doubts[k], metrics.Doubt(p, distill.Threshold))
		}
	}
	for i, g := range got {
		want, err := stats.Spearman(doubts[0], doubts[1+i])
		if err != nil || math.Abs(g.Correlation.Value-want) > 1e-12 || !(g.Correlation.Interval.Low < want && want < g.Correlation.Interval.High) {
			t.Errorf("%s: got %+v, want %v, %v", g.Model, g.Correlation, want, err)
		}
	}
	if d := got[1].Less.Value - (got[1].Correlation.Value - got[0].Correlation.Value); d != 0 || got[0].Less.Value != 0 {
		t.Errorf("differences: got %+v and %+v", got[0].Less, got[1].Less)
	}
	// Pictures 0 and 2 twice, 1 not at all.
	a, b := newRanking([]float64{0.1, 0.2, 0.3, 0.4}), newRanking([]float64{0.3, 0.2, 0.3, 0.05})
	want, err := stats.Spearman([]float64{1, 1, 3, 3, 4}, []float64{3, 3, 3, 3, 1})
	if got := correlations([]stats.Ranking{a, b}, []float64{2, 0, 2, 1})[0]; err != nil || math.Abs(got-want) > 1e-12 {
		t.Errorf("a draw: got %v, want %v, %v", got, want, err)
	}
}
