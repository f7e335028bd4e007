package notebook

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"

	"distillation/kdlib/chart"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

func figure(t testing.TB) *plot.Plot {
	t.Helper()
	p, err := chart.Lines(chart.Axes{Title: `Loss < 1 & "falling"`, X: "epoch", Y: "loss"}, chart.Curve{Name: "train", Y: []float64{0.7, 0.4, 0.3}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFigureHoldsItsSVG(t *testing.T) {
	p := figure(t)
	svg, err := chart.SVG(p, chart.Width, chart.Height)
	if err != nil {
		t.Fatal(err)
	}
	got := figureHTML(svg, p.Title.Text, chart.Width)
	for _, want := range []string{`alt="Loss &lt; 1 &amp; &#34;falling&#34;"`, `max-width:880px`} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %.400s", want, got)
		}
	}
	_, encoded, _ := strings.Cut(got, "data:image/svg+xml;base64,")
	encoded, _, _ = strings.Cut(encoded, `"`)
	back, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !bytes.Equal(back, svg) {
		t.Errorf("the image is not the figure: %d bytes of %d, error %v", len(back), len(svg), err)
	}
}

// wellFormed parses a fragment and finds a single root.
func wellFormed(t *testing.T, fragment string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(fragment))
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well formed: %v", err)
		}
		switch token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 {
		t.Errorf("%d roots, want 1", roots)
	}
}

func TestTableIsWellFormed(t *testing.T) {
	tab := table.Table{Title: "a < b", Columns: []table.Column{table.Text("x"), table.Number("y")}, Notes: []string{"n & m"}}
	tab.Add("<b>", "-1")
	wellFormed(t, tab.HTML())
}

func TestPicturesHoldTheirPixels(t *testing.T) {
	picture := image.NewRGBA(image.Rect(0, 0, 2, 3))
	picture.Set(1, 2, color.RGBA{R: 200, G: 100, B: 50, A: 255})
	got, err := picturesHTML([]image.Image{picture, picture}, []string{"<cat>", "dog"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got, "&lt;cat&gt;</figcaption>") || strings.Count(got, "<figure") != 2 || !strings.Contains(got, "width:112px") {
		t.Errorf("HTML: %s", got)
	}
	_, encoded, _ := strings.Cut(got, "base64,")
	encoded, _, _ = strings.Cut(encoded, `"`)
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	back, err := png.Decode(bytes.NewReader(data))
	if err != nil || back.Bounds() != picture.Bounds() || color.RGBAModel.Convert(back.At(1, 2)) != picture.At(1, 2) {
		t.Errorf("picture came back as %v, error %v", back, err)
	}
}

func TestPicturesErrors(t *testing.T) {
	picture := image.NewGray(image.Rect(0, 0, 1, 1))
	if _, err := picturesHTML([]image.Image{picture}, []string{"a", "b"}); err == nil || !strings.Contains(err.Error(), "1 pictures and 2 captions") {
		t.Errorf("captions: error %v", err)
	}
	if _, err := picturesHTML([]image.Image{image.NewGray(image.Rect(0, 0, 0, 0))}, nil); err == nil || !strings.Contains(err.Error(), "picture 0") {
		t.Errorf("empty picture: error %v", err)
	}
}

// Outside of a notebook everything returns at once.
func TestSafeWithoutNotebook(t *testing.T) {
	Show(figure(t))
	Table(table.Table{Columns: []table.Column{table.Text("a")}})
	HTML("<b>b</b>")
	if answer := Ask("'x'"); answer != "" {
		t.Errorf("Ask: got %q, want no answer", answer)
	}
	Pictures([]image.Image{image.NewGray(image.Rect(0, 0, 1, 1))}, nil)
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "captions") {
			t.Errorf("panic %v", got)
		}
	}()
	Pictures(nil, []string{"too many"})
}
