package live

import (
	"os"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
)

// Two studies on one page: each model is named by its study, the main ones of both are shown first, those of the second are paler, and
// the page has the numbers of each.
func TestBeside(t *testing.T) {
	a, b := &analysis.Study{Study: teststudy.Small(t)}, &analysis.Study{Study: teststudy.Small(t)}
	page, err := Beside(a, b)
	if err != nil {
		t.Fatal(err)
	}
	first, second := analysis.DirNames(a, b)
	var names []string
	for _, m := range page.data.Models {
		names = append(names, m.Name)
	}
	if n := len(names); n != 8 || names[0] != first+": teacher" || names[7] != second+": soft" || !slices.Equal(page.data.Start.Models, names) {
		t.Errorf("got models %q, shown %q", names, page.data.Start.Models)
	}
	if page.data.Models[0].Color == page.data.Models[4].Color || page.data.Models[0].P[0] != page.data.Models[4].P[0] {
		t.Errorf("got %+v and %+v, want other colours and the same predictions", page.data.Models[0], page.data.Models[4])
	}
	var out strings.Builder
	if err := page.WriteDocument(&out); err != nil || !strings.Contains(out.String(), first+" beside "+second) {
		t.Errorf("got %v, want both names", err)
	}
	if err := os.Remove(b.Dir + "/soft/test.csv"); err != nil {
		t.Fatal(err)
	}
	if page, err = Beside(a, b); err != nil || len(page.data.Models) != 7 {
		t.Errorf("an unfinished study: got %d models, %v, want 7", len(page.data.Models), err)
	}
}
