package paired

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/predictions"
	"distillation/kdlib/stats"
)

const closedForm = 1e-12 // float64 sums in another order, and gonum's tail of Student's t

type compared struct{ Mean, Low, High, P float64 }

type measures struct {
	Y, P, Q, Measures, A, B []float64
	Difference, Ratio       compared
}

func read(t *testing.T) (want measures) {
	golden.Read(t, "measures_golden.json", &want)
	return want
}

func predicted(y, p []float64) (rows predictions.Table) {
	for i := range p {
		rows = append(rows, predictions.Row{ID: fmt.Sprint(i), Split: predictions.Test, Label: y[i], P: p[i]})
	}
	return rows
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= closedForm) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestMeasuresAgainstSciPy(t *testing.T) {
	want := read(t)
	got, err := Measure(predicted(want.Y, want.P), predicted(want.Y, want.Q), 7)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range Measures() {
		near(t, name, got[i], want.Measures[i])
	}
	if _, err := Measure(predicted(want.Y, want.P), predicted(want.Y, want.Q[1:]), 7); err == nil || !strings.Contains(err.Error(), "other pictures") {
		t.Errorf("other pictures: got error %v", err)
	}
}

// students are rows of two kinds at two settings; the second setting has b for both kinds.
func students(want measures) (rows Rows) {
	for s := range want.A {
		row := func(point, model string, v float64) {
			r := Row{Point: point, Model: model, Seed: uint64(s + 1)}
			r.Values[mustPlace(Accuracy)] = v
			rows = append(rows, r)
		}
		row("one", "soft", want.A[s])
		row("one", "classical", want.B[s])
		row("two", "soft", want.B[s])
		row("two", "classical", want.B[s])
	}
	return rows
}

func TestComparedAgainstSciPy(t *testing.T) {
	want := read(t)
	c := Contrast{Point: "one", Measure: Accuracy, First: "soft", Second: "classical", Margin: 0.5}
	ratio, alike := c, c
	ratio.Ratio, ratio.Margin, alike.Point = true, 1.1, "two"
	elsewhere := c
	elsewhere.Against = "two"
	got, err := students(want).Compare([]Contrast{c, ratio, alike, elsewhere})
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range []compared{want.Difference, want.Ratio} {
		near(t, "mean", got[i].Mean, w.Mean)
		near(t, "low", got[i].Interval.Low, w.Low)
		near(t, "high", got[i].Interval.High, w.High)
		near(t, "p", got[i].P, w.P)
	}
	holm, err := stats.Holm([]float64{want.Difference.P, want.Ratio.P, want.Difference.P}) // the second setting's two kinds are the same: no test
	if err != nil {
		t.Fatal(err)
	}
	near(t, "adjusted", got[0].Adjusted, holm[0])
	near(t, "adjusted ratio", got[1].Adjusted, holm[1])
	if d := got[2]; !math.IsNaN(d.P) || d.Mean != 0 || d.Verdict() != "the same" {
		t.Errorf("the same twice: got %+v, %s", d, d.Verdict())
	}
	for i, margin := range []float64{0.5, math.Log(1.1)} {
		equivalent, err := stats.PairedTOST([][]float64{want.A, logs(want.A)}[i], [][]float64{want.B, logs(want.B)}[i], margin)
		if err != nil || got[i].PEquivalent != equivalent {
			t.Errorf("equivalence %d: got %v, want %v, %v", i, got[i].PEquivalent, equivalent, err)
		}
	}
	near(t, "against another setting", got[3].Mean, want.Difference.Mean)
	if text := fmt.Sprint(Table("", got).Rows[3]); !strings.Contains(text, "classical at two") {
		t.Errorf("table: got %s", text)
	}
}

func TestVerdicts(t *testing.T) {
	c := Contrast{Margin: 0.1}
	for want, d := range map[string]Difference{
		"greater":          {Contrast: c, Mean: 0.2, P: 0.001, Adjusted: 0.01, PEquivalent: 0.9},
		"less":             {Contrast: Contrast{Ratio: true}, Mean: 0.5, P: 0.001, Adjusted: 0.01, PEquivalent: math.NaN()},
		"equivalent":       {Contrast: c, Mean: 0.01, P: 0.6, Adjusted: 1, PEquivalent: 0.001},
		"too little power": {Contrast: c, Mean: 0.2, P: 0.04, Adjusted: 0.08, PEquivalent: 0.9},
	} {
		if got := d.Verdict(); got != want {
			t.Errorf("%+v: got %s, want %s", d, got, want)
		}
	}
}

// Three kinds of one seed that are 0.1 apart, and three seeds that are 1 apart.
func TestSpread(t *testing.T) {
	var rows Rows
	for seed := range 3 {
		for kind, model := range []string{"classical", "hard", "soft"} {
			r := Row{Point: "x", Model: model, Seed: uint64(seed)}
			r.Values[0] = float64(seed) + 0.1*float64(kind)
			rows = append(rows, r)
		}
	}
	got, err := rows.Spread("x", Accuracy)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "kinds", got.OverKinds, 0.2)
	near(t, "seeds", got.OverSeeds, 2)
	near(t, "deviation", got.Deviation, 1)
	few, err := rows[:6].Spread("x", Accuracy)
	if err != nil || !math.IsNaN(few.OverSeeds) || few.Seeds != 2 || SpreadTable("", []Spread{few}).Rows[0][5] != "" {
		t.Errorf("two seeds of three kinds: got %+v, %v", few, err)
	}
}

func TestRowsOnDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seeds.csv")
	want := students(read(t))
	if err := want.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %v, %v, want %v", got, err, want)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for wanted, damaged := range map[string]string{
		"stands in line 2 already": string(text) + lines[1],
		`seed: got "x"`:            lines[0] + strings.Replace(lines[1], ",1,", ",x,", 1),
		"want a finite number":     lines[0] + strings.Replace(lines[1], ",0\n", ",NaN\n", 1),
	} {
		if err := os.WriteFile(path, []byte(damaged), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("got error %v, want %q in it", err, wanted)
		}
	}
}

func TestContrastsWithoutRows(t *testing.T) {
	rows := students(read(t))
	for want, c := range map[string]Contrast{
		"got 0 seeds":    {Point: "three", Measure: Accuracy, First: "soft", Second: "classical"},
		`got "precision`: {Point: "one", Measure: "precision", First: "soft", Second: "classical"},
	} {
		if _, err := rows.Compare([]Contrast{c}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got error %v, want %q in it", c, err, want)
		}
	}
}
