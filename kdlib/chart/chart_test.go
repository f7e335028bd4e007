package chart_test

import (
	"bytes"
	"flag"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/chart"

	"gonum.org/v1/plot"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// pixel is how far a number of an SVG may be from the golden one: processors
// that fuse multiplication and addition round differently.
const pixel = 0.02

// golden figures; the others differ from them in style only.
var golden = []string{"graph", "histograms", "histograms_log", "learning", "uncertainty", "timing"}

func TestGolden(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			got := svg(t, figures[name]())
			path := filepath.Join("testdata", name+"_golden.svg")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			same(t, string(got), string(want))
		})
	}
}

func svg(t *testing.T, p *plot.Plot) []byte {
	t.Helper()
	data, err := chart.SVG(p, chart.Width, chart.Height)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var number = regexp.MustCompile(`-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?`)

// same compares the text exactly and the numbers in it within a pixel's fraction.
func same(t *testing.T, got, want string) {
	t.Helper()
	if number.ReplaceAllString(got, "#") != number.ReplaceAllString(want, "#") {
		t.Fatal("the picture has other elements than the golden one; look at it, then run with -update")
	}
	g, w := number.FindAllString(got, -1), number.FindAllString(want, -1)
	for i := range g {
		a, _ := strconv.ParseFloat(g[i], 64)
		b, _ := strconv.ParseFloat(w[i], 64)
		if math.Abs(a-b) > pixel {
			t.Fatalf("number %d: got %s, want %s; look at the picture, then run with -update", i, g[i], w[i])
		}
	}
}

// A figure is the same bytes each time that it is made, and stands on its own.
func TestEveryFigureIsReproducible(t *testing.T) {
	for name, figure := range figures {
		first := svg(t, figure())
		if !bytes.Equal(first, svg(t, figure())) {
			t.Errorf("%s: two runs differ", name)
		}
		if p := figure(); !bytes.Equal(svg(t, p), svg(t, p)) {
			t.Errorf("%s: drawing the same plot twice differs", name)
		}
		if bytes.Contains(first, []byte("NaN")) || bytes.Contains(first, []byte("Inf")) {
			t.Errorf("%s: a number is not finite", name)
		}
		if !bytes.Contains(first, []byte("Liberation Sans,Arial,")) {
			t.Errorf("%s: no font to fall back to", name)
		}
		const budget = 50_000 // bytes; a notebook of 300 KB holds six of the largest
		if len(first) > budget {
			t.Errorf("%s: %d bytes, want at most %d", name, len(first), budget)
		}
	}
}

func TestSave(t *testing.T) {
	dir := t.TempDir()
	p := figures["timing"]()
	for _, name := range []string{"a.svg", "a.png", "A.PNG"} {
		if err := chart.Save(p, filepath.Join(dir, name), 300, 200); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.Open(filepath.Join(dir, "a.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	config, err := png.DecodeConfig(file)
	if err != nil || config.Width != 800 || config.Height != 533 { // 300 and 200 points of 1/72 inch at 192 dots an inch
		t.Errorf("PNG of %d by %d, error %v", config.Width, config.Height, err)
	}
	if err := chart.Save(p, filepath.Join(dir, "a.jpg"), 300, 200); err == nil || !strings.Contains(err.Error(), `".jpg"`) {
		t.Errorf("a.jpg: error %v", err)
	}
	if err := chart.Save(p, filepath.Join(dir, "no", "a.svg"), 300, 200); err == nil {
		t.Error("a folder that is not there: no error")
	}
	if files, _ := os.ReadDir(dir); len(files) != 3 {
		t.Errorf("left behind: %v", files)
	}
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name, want string
		draw       func() (*plot.Plot, error)
	}{
		{"no series", "0 series", func() (*plot.Plot, error) { return chart.Histograms(chart.Axes{}, nil) }},
		{"unequal bins", `"soft": values: got 1 numbers, want 2`, func() (*plot.Plot, error) {
			return chart.Histograms(chart.Axes{}, []chart.Series{{Name: "hard", Y: []float64{0, 1}}, {Name: "soft", Y: []float64{1}}})
		}},
		{"no node", "got 0 nodes", func() (*plot.Plot, error) { return chart.Graph("", []string{"done"}, nil) }},
		{"unknown need", `"soft" needs "teacher"`, func() (*plot.Plot, error) {
			return chart.Graph("", []string{"done"}, []chart.Node{{Name: "soft", Needs: []string{"teacher"}}})
		}},
		{"unknown state", "got the state 1 of 1", func() (*plot.Plot, error) {
			return chart.Graph("", []string{"done"}, []chart.Node{{Name: "soft", State: 1}})
		}},
		{"NaN", `"hard": values: bar 1: got NaN`, func() (*plot.Plot, error) {
			return chart.Histograms(chart.Axes{}, []chart.Series{{Name: "hard", Y: []float64{0, nan}}})
		}},
		{"negative", "got -1", func() (*plot.Plot, error) {
			return chart.Bars(chart.Axes{}, []string{"a"}, []chart.Series{{Name: "x", Y: []float64{-1}}})
		}},
		{"errors", "errors: got 2 numbers, want 1", func() (*plot.Plot, error) {
			return chart.Bars(chart.Axes{}, []string{"a"}, []chart.Series{{Name: "x", Y: []float64{1}, Error: []float64{1, 2}}})
		}},
		{"no square", "no curves", func() (*plot.Plot, error) { return chart.Square{}.Plot() }},
		{"outside of the square", `"soft": point 1: got (0.5, 1.5)`, func() (*plot.Plot, error) {
			return chart.Square{Curves: []chart.Curve{{Name: "soft", X: []float64{0, 0.5}, Y: []float64{1, 1.5}}}}.Plot()
		}},
		{"mark outside of the square", `"soft": point 0: got (2, 0)`, func() (*plot.Plot, error) {
			return chart.Square{Curves: []chart.Curve{{Name: "soft", X: []float64{0}, Y: []float64{1}}}, Marks: []chart.Points{{Name: "soft", X: []float64{2}, Y: []float64{0}}}}.Plot()
		}},
		{"no curves", "no curves", func() (*plot.Plot, error) { return chart.Lines(chart.Axes{Title: "t"}) }},
		{"empty curve", `"a": got 0 x and 0 y`, func() (*plot.Plot, error) { return chart.Lines(chart.Axes{}, chart.Curve{Name: "a"}) }},
		{"log of 0", "positive", func() (*plot.Plot, error) {
			return chart.Lines(chart.Axes{LogY: true}, chart.Curve{Name: "a", Y: []float64{1, 0}})
		}},
		{"best epoch", "best epoch: got 3, want 1 to 2", func() (*plot.Plot, error) {
			c := []chart.Curve{{Name: "validation", Y: []float64{1, 2}}}
			return chart.LearningCurves(chart.Learning{Loss: c, Accuracy: c, Best: 3})
		}},
		{"no accuracy", "accuracy: got no curves", func() (*plot.Plot, error) {
			return chart.LearningCurves(chart.Learning{Loss: []chart.Curve{{Y: []float64{1}}}})
		}},
		{"no points", "no points", func() (*plot.Plot, error) { return chart.Calibration(chart.Axes{}) }},
		{"point", "point 0: got (0.5, 2)", func() (*plot.Plot, error) {
			return chart.Calibration(chart.Axes{}, chart.Points{X: []float64{0.5}, Y: []float64{2}})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := c.draw(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q in it", err, c.want)
			}
		})
	}
}

// Every bar has our number, with as many decimals as the others; the printed ones
// are ticks only, and no accuracy is above 1.
func TestBarsShowOurNumbers(t *testing.T) {
	p := must(chart.Bars(chart.Axes{}, []string{"still", "moved"}, []chart.Series{
		{Name: "hard", Y: []float64{0.8861, 0.89}, Printed: []float64{0.9544, 0.946}},
		{Name: "soft", Y: []float64{0.8744, 0.8728}, Printed: []float64{0.9632, 0.9499}}}))
	drawn := string(svg(t, p))
	for text, want := range map[string]int{"0.886": 1, "0.890": 1, "0.874": 1, "0.873": 1, "0.954": 0, "0.946": 0, "0.963": 0, "0.950": 0, "1.0": 1, "1.2": 0} {
		if got := strings.Count(drawn, ">"+text+"<"); got != want {
			t.Errorf("got %q %d times, want %d", text, got, want)
		}
	}
}

// An axis ends at a tick just outside of the data, or else with the data.
func TestEndsOfAnAxis(t *testing.T) {
	for _, c := range []struct {
		x         []float64
		low, high float64
	}{
		{[]float64{0.01, 0.5, 0.99}, 0, 1}, // thresholds
		{[]float64{0.05, 0.5, 0.9}, 0.05, 0.9},
		{[]float64{1, 50, 100}, 1, 100}, // epochs: there is none before 1
		{[]float64{3}, 2.5, 3.5},
	} {
		p := must(chart.Lines(chart.Axes{}, chart.Curve{X: c.x, Y: make([]float64, len(c.x))}))
		if p.X.Min != c.low || p.X.Max != c.high {
			t.Errorf("%v: got an axis from %v to %v, want %v to %v", c.x, p.X.Min, p.X.Max, c.low, c.high)
		}
	}
}

// Data at the borders of what can be drawn must not panic nor leave NaN.
func TestDegenerateData(t *testing.T) {
	one := []chart.Curve{{Name: "train", Y: []float64{0.5}}, {Name: "validation", Y: []float64{0.5}}}
	for name, draw := range map[string]func() (*plot.Plot, error){
		"all zero": func() (*plot.Plot, error) {
			return chart.Histograms(chart.Axes{LogY: true}, []chart.Series{{Name: "hard", Y: make([]float64, 20)}})
		},
		"one bin": func() (*plot.Plot, error) {
			return chart.Histograms(chart.Axes{}, []chart.Series{{Name: "hard", Y: []float64{1}}})
		},
		"odd bins": func() (*plot.Plot, error) {
			return chart.Histograms(chart.Axes{LogY: true}, []chart.Series{{Name: "hard", Y: []float64{0, 1e-5, 0, 0, 1, 0, 0}}})
		},
		"one epoch": func() (*plot.Plot, error) {
			return chart.LearningCurves(chart.Learning{Loss: one, Accuracy: one, Best: 1})
		},
		"log point": func() (*plot.Plot, error) {
			return chart.Lines(chart.Axes{LogX: true, LogY: true}, chart.Curve{X: []float64{10}, Y: []float64{10}})
		},
	} {
		p, err := draw()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if data := svg(t, p); bytes.Contains(data, []byte("NaN")) || bytes.Contains(data, []byte("Inf")) {
			t.Errorf("%s: a number is not finite", name)
		}
	}
}
