package report

import (
	"fmt"
	"strings"
	"testing"

	"distillation/kdlib/chart"
	"distillation/kdlib/study/paired"
)

// labRows are two settings of two kinds and a third kind that only one has, and a chain of two generations, with two seeds each.
func labRows() (along, chains paired.Rows) {
	row := func(point, model string, seed uint64, v float64) paired.Row {
		r := paired.Row{Point: point, Model: model, Seed: seed}
		r.Values[0] = v
		return r
	}
	for seed := range uint64(2) {
		for i, point := range []string{"100", "3000"} {
			along = append(along, row(point, "soft", seed, 0.7+0.1*float64(i)), row(point, "classical", seed, 0.6+0.1*float64(i)))
		}
		along = append(along, row("100", "hard", seed, 0.5))
		chains = append(chains, row("c", "hard", seed, 0.8), row("c", "hard-1", seed, 0.7), row("c", "soft", seed, 0.8), row("c", "soft-1", seed, 0.75))
	}
	return along, chains
}

func TestFiguresOfTheLab(t *testing.T) {
	along, chains := labRows()
	p, err := AlongFigure(along, paired.Accuracy, "labels", []float64{100, 3000})
	if err != nil {
		t.Fatal(err)
	}
	svg, err := chart.SVG(p, chart.Width, chart.Height)
	if text := string(svg); err != nil || !strings.Contains(text, ">classical<") || !strings.Contains(text, ">soft<") || strings.Contains(text, ">hard<") {
		t.Errorf("along: %v; want the curves that all settings have", err)
	}
	if _, err := AlongFigure(along, paired.Accuracy, "labels", []float64{1}); err == nil || !strings.Contains(err.Error(), "got 1 numbers") {
		t.Errorf("got error %v, want one that counts", err)
	}
	if _, err := ChainsFigure(chains, paired.Accuracy); err != nil {
		t.Error(err)
	}
	if got := fmt.Sprint(chains.Mean("c", "hard-1", paired.Accuracy)); got != "0.7" {
		t.Errorf("mean: got %s, want 0.7", got)
	}
}
