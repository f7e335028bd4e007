package report_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// timed is a study whose two networks took constant times.
func timed(t *testing.T, name string, slow, fast float64, calls int) *report.Study {
	t.Helper()
	run := &report.Study{Study: &analysis.Study{Study: &folder.Study{Dir: t.TempDir(), Recipe: recipe.Demo}}}
	run.Recipe.Name = name
	var all []folder.Call
	for number := range calls + 1 {
		all = append(all, folder.Call{Network: recipe.ResNet50, Batch: 1, Number: number, Inference: slow, Megapixels: 0.016384}, folder.Call{Network: recipe.ResNet18, Batch: 1, Number: number, Inference: fast, Megapixels: 0.016384})
	}
	must(t, folder.WriteTiming(filepath.Join(run.Dir, folder.TimingFile), all))
	return run
}

// The paper prints 0.28284, 268.80433, 1060.64951 and 1329.45384. Ours by hand: 3,750 pictures of 0.02 s are 75 s.
func TestTotalsTable(t *testing.T) {
	tab, err := timed(t, "all", 0.04, 0.02, 3750).TotalsTable()
	must(t, err)
	for i, want := range [][]string{
		{"ResNet-50", "0.04000", "0.35452", "-0.31452", "150.00000", "1329.45384", "-1179.45384", "3750", "3750", "0.016", "0.152"},
		{"ResNet-18", "0.02000", "0.07168", "-0.05168", "75.00000", "268.80433", "-193.80433", "3750", "3750", "0.016", "0.152"},
		{"difference", "0.02000", "0.28284", "-0.26284", "75.00000", "1060.64951", "-985.64951", "3750", "3750", "0.016", "0.152"},
	} {
		if !slices.Equal(tab.Rows[i], want) {
			t.Errorf("got %q, want %q", tab.Rows[i], want)
		}
	}
	// Calls after the first of 0.1, 0.05 and 0.2 s: their mean, not the median; three pictures do not compare with 3,750.
	run, _ := load(t)
	tab, err = run.TotalsTable()
	must(t, err)
	if got, want := tab.Rows[1][:8], []string{"ResNet-18", "0.11667", "0.07168", "+0.04499", "0.35000", "268.80433", "", "3"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Ratios 2 and 8: the geometric mean is 4, and the standard error of their logarithms ln 2.
func TestSittingsTable(t *testing.T) {
	tab, err := report.SittingsTable(timed(t, "one", 0.04, 0.02, 9), timed(t, "two", 0.08, 0.01, 9))
	must(t, err)
	for i, want := range [][]string{{"one", "9", "0.04000", "0.02000", "2.00000", "2.00000 to 2.00000"}, {"two", "9", "0.08000", "0.01000", "8.00000", "8.00000 to 8.00000"},
		{"mean", "", "", "", "4.00000"}, {"paper", "3750", "0.35452", "0.07168", "4.94587", ""}} {
		if !slices.Equal(tab.Rows[i][:len(want)], want) {
			t.Errorf("got %q, want %q", tab.Rows[i], want)
		}
	}
	const quantile = 12.706204736 // of Student's t with one degree of freedom, 0.975 (tables)
	if want := table.Fixed(4*math.Pow(2, -quantile), table.Decimals) + " to "; !strings.HasPrefix(tab.Rows[2][5], want) {
		t.Errorf("interval: got %s, want %s...", tab.Rows[2][5], want)
	}
	if _, err := report.SittingsTable(timed(t, "one", 0.04, 0.02, 9)); err == nil {
		t.Error("one sitting: got no error, want one: it has no spread")
	}
}
