package live

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image/jpeg"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/gallery"
	"distillation/kdlib/report/internal/teststudy"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"

	"github.com/chromedp/chromedp"
)

// faces is how many faces facesStudy has.
const faces = 160

// facesStudy is a study of drawn faces whose teacher knows the truth and whose soft student half of it, and the faces.
func facesStudy(t *testing.T) (*analysis.Study, *images.Cache) {
	t.Helper()
	dir := t.TempDir()
	archive, path := filepath.Join(dir, "faces.tar"), filepath.Join(dir, "faces.cache")
	if err := synth.Write(t.Context(), archive, synth.Faces{N: faces, Size: 32, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	source, err := images.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if _, err := images.BuildCache(t.Context(), source, path, images.CacheOptions{Size: 32}); err != nil {
		t.Fatal(err)
	}
	cache, err := images.OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	truth, err := synth.ReadTruth(archive)
	if err != nil {
		t.Fatal(err)
	}
	run := &analysis.Study{Study: &folder.Study{Dir: filepath.Join(dir, "run"), Recipe: recipe.Demo}}
	for model, p := range map[string]func(i int, truth float64) float64{
		"teacher": func(_ int, truth float64) float64 { return truth },
		"soft":    func(i int, truth float64) float64 { return (truth + float64(i*37%100)/100) / 2 },
	} {
		var rows predictions.Table
		for i, f := range truth {
			rows = append(rows, predictions.Row{ID: f.ID, Split: predictions.Validation, Label: float64(f.Label), P: p(i, f.P)})
		}
		teststudy.Write(t, folder.PredictionPath(run.Dir, model, predictions.Validation), rows)
	}
	return run, cache
}

// ids are the names of a gallery's pictures, in order.
func ids(g gallery.Gallery, err error) []string {
	if err != nil {
		return []string{err.Error()}
	}
	names := []string{}
	for _, p := range g.Pictures {
		names = append(names, p.ID)
	}
	return names
}

// The rules choose the pictures that package gallery chooses.
func TestRulesChooseAsGallery(t *testing.T) {
	e, run := newEngine(t), openStudy(t)
	for _, model := range []string{"teacher", "soft"} {
		all, err := gallery.New(run, gallery.Options{Split: predictions.Test, Models: []string{model}})
		if err != nil {
			t.Fatal(err)
		}
		var p, y []float64
		for _, picture := range all.Pictures {
			p, y = append(p, picture.P[0]), append(y, picture.Label)
		}
		match := func(what, expression string, want []string) {
			t.Helper()
			var places []int
			e.call(&places, expression, p, y)
			got := []string{}
			for _, i := range places {
				got = append(got, all.Pictures[i].ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s: got %v, want %v", model, what, got, want)
			}
		}
		for _, th := range []float64{0, 0.35, 0.5, 0.99} {
			for field, name := range map[string]gallery.Field{"tp": gallery.TruePositive, "fn": gallery.FalseNegative, "fp": gallery.FalsePositive, "tn": gallery.TrueNegative} {
				match(fmt.Sprint(name, " at ", th), fmt.Sprintf("rules.inField(a, b, %v, %q)", th, field), ids(all.Field(model, th, name)))
			}
			match(fmt.Sprint("wrong at ", th), fmt.Sprintf("rules.wrong(a, b, %v)", th), ids(all.Wrong(model, th)))
		}
		for i := range 20 {
			match(fmt.Sprint("bin ", i), fmt.Sprintf("rules.inBin(a, 20, %d)", i), ids(all.Bin(model, 0.05, float64(i)/20)))
		}
	}
}

// The threshold of a point of a curve gives the counts of that point; by hand: values 0.9, 0.8 and 0.8, 0.25, 0.
func TestThresholdOfAPoint(t *testing.T) {
	e := newEngine(t)
	p := []float64{0.8, 0.9, 0.25, 0, 0.8}
	for i, want := range []float64{0.9, 0.8, 0.25, 0, 0} { // the last point calls 0 a dog, too, which no threshold does
		if got := e.number(fmt.Sprintf("rules.thresholdAt(rules.ranking(a, [1, 0, 1, 0, 1]), %d)", i), p); got != want {
			t.Errorf("point %d: got threshold %v, want %v", i, got, want)
		}
	}
	if got := e.number("rules.thresholdAt(rules.ranking(a, [1, 0]), 1)", []float64{0.61239, 0.61213}); got != 0.6122 {
		t.Errorf("got threshold %v, want 0.6122, the shortest from 0.61213 to below 0.61239", got)
	}
	if got := e.number("rules.thresholdAt(rules.ranking(a, [1, 0]), 0)", []float64{1, 0}); !metrics.IsThreshold(got) {
		t.Errorf("above a prediction of 1: got %v, want a threshold", got)
	}
	for _, s := range samples(t) {
		points := int(e.number("(r = rules.ranking(a, b), r.value.length)", s.p, s.y))
		for i := 1; i < points; i += 1 + points/50 {
			th := e.number(fmt.Sprintf("rules.thresholdAt(r, %d)", i))
			c, err := metrics.NewConfusion(s.p, s.y, th)
			if tp, fp := e.number(fmt.Sprintf("r.tp[%d]", i-1)), e.number(fmt.Sprintf("r.fp[%d]", i-1)); err != nil || slices.ContainsFunc(s.y, fraction) ||
				float64(c.TruePositive) == tp && float64(c.FalsePositive) == fp {
				continue
			}
			t.Errorf("%s: point %d: the threshold %v gives %+v, %v", s.name, i, th, c, err)
		}
	}
}

func fraction(y float64) bool { return y != 0 && y != 1 }

func TestNamesComeBack(t *testing.T) {
	for want, ids := range map[string][]string{
		"starts": {"cat.0", "dog.7", "cat.12", "dog.65535"},
		"text":   {"cat.0", "dog.07", "cat.1", "dog.2"},
		"text ":  {"cat.0", "dog.65536", "cat.1", "dog.2"},
		"text, ": {"cat.0", "left.1", "cat.1", "dog.2"},
		"texts":  {"0", "x", "a.b", "ü.1"},
	} {
		var d data
		var rows predictions.Table
		for i, id := range ids {
			rows = append(rows, predictions.Row{ID: id, Label: float64(i % 2)})
		}
		n := d.addNames(rows)
		if n.Start == nil {
			if got := strings.Split(n.Text, "\n"); want == "starts" || !slices.Equal(got, ids) {
				t.Errorf("%v: got lines %q", ids, got)
			}
			continue
		}
		var got []string
		for i, number := range unpack(t, d.Arrays[n.Numbers]) {
			got = append(got, fmt.Sprint(n.Start[i%2], number))
		}
		if want != "starts" || !slices.Equal(got, ids) {
			t.Errorf("%v: got %q", ids, got)
		}
	}
}

// Head and rest of a thumbnail are the thumbnail of that picture.
func TestThumbnailsComeBack(t *testing.T) {
	run, cache := facesStudy(t)
	page, err := New(run, predictions.Validation)
	if err != nil {
		t.Fatal(err)
	}
	pictures, about, err := page.PicturesSize(cache)
	if err != nil || pictures != faces {
		t.Fatalf("got %d pictures, %v, want %d", pictures, err, faces)
	}
	before := len(page.Fragment("a"))
	if err := page.AddPictures(cache); err != nil {
		t.Fatal(err)
	}
	if grown := len(page.Fragment("a")) - before; float64(about) < 0.97*float64(grown) || float64(about) > 1.03*float64(grown) {
		t.Errorf("said %d bytes, it grew by %d", about, grown)
	}
	made := page.data.Splits[0].Thumbnails
	for i, id := range page.ids[0] {
		got, err := base64.StdEncoding.DecodeString(made.Head + made.Rest[i])
		if err != nil {
			t.Fatal(err)
		}
		want, err := gallery.Thumbnail(cache, id)
		if err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s: the page has another picture, %v", id, err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(got)); err != nil {
			t.Fatal(err)
		}
	}
	if shared := len(made.Head); shared < 600 {
		t.Errorf("%d bytes stand there once, want all of JPEG's tables", shared)
	}
	if _, _, err := page.PicturesSize(smallCache(t)); err == nil || !strings.Contains(err.Error(), "is not among the 2 decoded") {
		t.Errorf("other pictures: error %v", err)
	}
}

func smallCache(t *testing.T) *images.Cache {
	t.Helper()
	dir := t.TempDir()
	if err := synth.Write(t.Context(), filepath.Join(dir, "two.tar"), synth.Faces{N: 2, Size: 16, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	source, err := images.Open(filepath.Join(dir, "two.tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	if _, err := images.BuildCache(t.Context(), source, filepath.Join(dir, "two.cache"), images.CacheOptions{Size: 16}); err != nil {
		t.Fatal(err)
	}
	cache, err := images.OpenCache(filepath.Join(dir, "two.cache"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cache.Close() })
	return cache
}

// What is clicked opens as the pictures that package gallery chooses, each with its own thumbnail; the rest of them is drawn when
// it is scrolled into view.
func TestClicksShowPictures(t *testing.T) {
	run, cache := facesStudy(t)
	page, err := New(run, predictions.Validation)
	if err != nil {
		t.Fatal(err)
	}
	if err := page.AddPictures(cache); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := page.WriteDocument(&b); err != nil {
		t.Fatal(err)
	}
	all, err := gallery.New(run, gallery.Options{Split: predictions.Validation, Models: []string{"teacher", "soft"}})
	if err != nil {
		t.Fatal(err)
	}
	s := openPage(t, b.String())
	s.click(`tr[data-model=soft] [data-score=tn] button`)
	s.shows(ids(all.Field("soft", 0.5, gallery.TrueNegative)))
	s.set("threshold", "0.3") // what is shown follows
	s.shows(ids(all.Field("soft", 0.3, gallery.TrueNegative)))
	s.click("summary")
	s.click(`td[data-model=soft][data-bin="9"] button`)
	s.shows(ids(all.Bin("soft", 0.05, 0.46)))
	s.clickOn(0, (0.925 + 0.0105), 0.1) // the right half of the bin [0.9, 0.95) is soft's
	s.shows(ids(all.Bin("soft", 0.05, 0.93)))
	s.clickOn(0, 0.01, 0.1)
	s.shows(ids(all.Bin("teacher", 0.05, 0.01)))
	s.clickOn(1, 0, 0.2) // the ROC curve: where hardly any cat is called dog
	threshold := eval[float64](s, `kdlibWhatIf.pages[0].choice().threshold`)
	title := eval[string](s, `document.querySelector('[data-kw=chosen] h4').textContent`)
	model, _, _ := strings.Cut(title, " is wrong")
	s.shows(ids(all.Wrong(model, threshold)))
	if threshold <= 0.3 {
		t.Errorf("got threshold %v, want a higher one than 0.3", threshold)
	}
	s.click(`[data-kw=chosen] button`)
	if got := eval[int](s, `document.querySelectorAll('figure').length`); got != 0 {
		t.Errorf("closed, it shows %d pictures", got)
	}
}

// clickOn clicks on a figure at a place of its plot, as shares of its width and of its height, from below.
func (s screen) clickOn(figure int, x, y float64) {
	s.t.Helper()
	box := eval[struct{ X, Y, Width, Height float64 }](s, fmt.Sprintf(`(() => { const o = document.querySelectorAll('.u-over')[%d];
		o.scrollIntoView({ block: 'center' }); return o.getBoundingClientRect().toJSON(); })()`, figure))
	s.run(chromedp.MouseClickXY(box.X+box.Width*x, box.Y+box.Height*(1-y)))
}

// shows wants these pictures, in order, loaded; it scrolls through them as its user would.
func (s screen) shows(want []string) {
	s.t.Helper()
	s.awaitFrame(fmt.Sprintf(`(() => { const w = document.querySelector('.kw-pictures'); w.scrollTop = w.scrollHeight;
		return w.querySelectorAll('figure').length === %d && [...w.querySelectorAll('img')].every((i) => i.complete && i.naturalWidth === 32); })()`, len(want)))
	if got := eval[[]string](s, `[...document.querySelectorAll('figure')].map((f) => f.dataset.id)`); !slices.Equal(got, want) {
		s.t.Errorf("got %v, want %v", got, want)
	}
	if len(want) == 0 {
		s.t.Error("nothing was chosen: the test cannot fail")
	}
}

// awaitFrame looks once a frame, which a browser without a window draws only when it is asked to.
func (s screen) awaitFrame(expression string) {
	s.t.Helper()
	for start := time.Now(); time.Since(start) < patience; {
		if eval[bool](s, expression) {
			return
		}
	}
	s.t.Fatalf("%s: not in %v", expression, patience)
}

// logClicks clicks on counts, and logs how long it takes until their pictures stand there.
func (s screen) logClicks(what string) {
	s.t.Helper()
	var took []float64
	for i := range moves {
		took = append(took, eval[float64](s, fmt.Sprintf(`(() => { const start = performance.now();
			document.querySelectorAll('[data-kw=scores] button')[%d].click(); document.body.offsetHeight; return performance.now() - start; })()`, i%8)))
	}
	slices.Sort(took)
	s.t.Logf("%s: pictures of a count stand there after %.0f ms, median of %d; the slowest %.0f ms", what, took[moves/2], moves, took[moves-1])
}
