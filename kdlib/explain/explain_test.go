package explain_test

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"distillation/kdlib/explain"
	"distillation/kdlib/internal/golden"
	"distillation/kdlib/stats"
)

type goldens struct {
	Resizes      []struct{ From, To explain.Map }
	Correlations []struct {
		A, B []float32
		R    float64
	}
	Agreements []struct {
		A, B explain.Map
		R    float64
	}
}

func TestResizedEqualsTorch(t *testing.T) {
	const tolerance = 1e-6 // of numbers about 1; measured: 2e-7
	var want goldens
	golden.Read(t, "explain_golden.json", &want)
	for _, test := range want.Resizes {
		got := test.From.Resized(test.To.Rows, test.To.Columns)
		for i, v := range test.To.Values {
			if d := math.Abs(float64(got.Values[i] - v)); !(d < tolerance) {
				t.Errorf("%dx%d to %dx%d: place %d: got %v, want %v", test.From.Rows, test.From.Columns, got.Rows, got.Columns, i, got.Values[i], v)
			}
		}
	}
}

func TestCorrelationsEqualSciPy(t *testing.T) {
	var want goldens
	golden.Read(t, "explain_golden.json", &want)
	for _, test := range want.Correlations {
		if got := explain.Spearman(test.A, test.B); math.Abs(got-test.R) > 1e-12 {
			t.Errorf("%v, %v: got %v, want %v", test.A, test.B, got, test.R)
		}
	}
	for _, test := range want.Agreements {
		if got := explain.Agreement(test.A, test.B); math.Abs(got-test.R) > 1e-12 {
			t.Errorf("%dx%d, %dx%d: got %v, want %v", test.A.Rows, test.A.Columns, test.B.Rows, test.B.Columns, got, test.R)
		}
	}
}

func TestShareByHand(t *testing.T) {
	m := explain.Map{Rows: 2, Columns: 2, Values: []float32{3, -2, 1, 0}}
	left := []bool{true, false, true, false}
	for class, want := range []float64{0, 1} {
		if got, err := m.Share(class, left, 2); err != nil || got != want {
			t.Errorf("class %d: got %v, %v, want %v", class, got, err, want)
		}
	}
	if got, err := m.Share(1, []bool{true, false, false, false}, 2); err != nil || got != 0.75 {
		t.Errorf("got %v, %v, want 3 of 3 + 1", got, err)
	}
	if got, err := (explain.Map{Rows: 1, Columns: 1, Values: []float32{-1}}).Share(1, []bool{true}, 1); err != nil || !math.IsNaN(got) {
		t.Errorf("no evidence: got %v, %v, want NaN", got, err)
	}
	if _, err := m.Share(1, left[:3], 2); err == nil || !strings.Contains(err.Error(), "got 3 places, want 2 x 2") {
		t.Errorf("got error %v", err)
	}
}

// A picture at which one list has no number is left out of all.
func TestMeans(t *testing.T) {
	nan := math.NaN()
	means, err := explain.Means([]int{0, 0, 1, 1}, stats.DefaultBootstrap, []float64{1, 2, 9, nan}, []float64{3, 2, 4, 7})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{4, 3} {
		if m := means[i]; m.Value != want || m.Pictures != 3 || m.Interval.Low > want || m.Interval.High < want {
			t.Errorf("list %d: got %+v, want %v of 3 pictures, within its interval", i, m, want)
		}
	}
	if got := means[1].Interval; got != (stats.Interval{Low: 8. / 3, High: 10. / 3}) { // two of 2 and 3, and the 4
		t.Errorf("got %v", got)
	}
	if _, err := explain.Means([]int{0}, stats.DefaultBootstrap, []float64{nan}); err == nil {
		t.Error("no numbers: got no error")
	}
}

// The colours tell which class is spoken for, and how much beside the largest; where the map says nothing the picture is grey.
func TestOverlay(t *testing.T) {
	p := explain.Picture{Pixels: []uint8{90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90, 90}, Size: 2}
	got := p.Overlay(explain.Map{Rows: 2, Columns: 2, Values: []float32{4, -2, 0, 1}}, 2)
	blend := func(c color.RGBA, share float64) color.RGBA {
		one := func(v uint8) uint8 { return uint8(90 + (float64(v)-90)*share + 0.5) }
		return color.RGBA{one(c.R), one(c.G), one(c.B), 255}
	}
	for i, want := range []color.RGBA{blend(explain.ClassColors[1], 0.75), blend(explain.ClassColors[0], 0.375), {90, 90, 90, 255}, blend(explain.ClassColors[1], 0.1875)} {
		if c := got.RGBAAt(i%2, i/2); c != want {
			t.Errorf("pixel %d: got %v, want %v", i, c, want)
		}
	}
}

func TestSheetErrors(t *testing.T) {
	p := explain.Picture{Pixels: make([]uint8, 12), Size: 2, Maps: []explain.Map{{Rows: 1, Columns: 1, Values: []float32{1}}}}
	sheet := explain.Sheet{Networks: []string{"soft"}, Classes: [2]string{"cat", "dog"}, Side: 30}
	if got, err := sheet.Draw(p, p); err != nil || got.Rect.Dx() != 8+2*38 || got.Rect.Dy() != 16+16+2*54+16 {
		t.Errorf("got %v, %v, want 84 x 156", got.Rect, err)
	}
	short, captioned := p, p
	short.Pixels, captioned.Captions = p.Pixels[:9], []string{"a"}
	for want, pictures := range map[string][]explain.Picture{
		"got no picture":            nil,
		"picture 0: got 9 numbers":  {short},
		"picture 1: got 1 captions": {p, captioned},
		`picture 0: got 0 maps, want 1, one for each of ["soft"]`: {{Pixels: p.Pixels, Size: 2}},
	} {
		if _, err := sheet.Draw(pictures...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}

func ExampleMap_Evidence() {
	m := explain.Map{Rows: 1, Columns: 3, Values: []float32{2, -1, 0}}
	fmt.Println("dog", m.Evidence(1).Values, "cat", m.Evidence(0).Values)
	// Output: dog [2 0 0] cat [0 1 0]
}
