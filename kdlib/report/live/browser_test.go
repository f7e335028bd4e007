package live

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"distillation/kdlib/internal/chromium"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// screen is a page in a browser.
type screen struct {
	t    *testing.T
	ctx  context.Context
	name string // that the page has for Question
}

func openPage(t *testing.T, html string) screen {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, []byte(html), 0o644); err != nil {
		t.Fatal(err)
	}
	s := screen{t, chromium.Open(t, 940, 1200), "report"}
	s.run(chromedp.Navigate("file://"+path), chromedp.WaitVisible(chromedp.CSS("[data-kw=scores] tr")))
	return s
}

// documentOf is a study's exported page.
func documentOf(t *testing.T, run *analysis.Study, splits ...predictions.Split) string {
	t.Helper()
	page, err := New(run, splits...)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := page.WriteDocument(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (s screen) run(actions ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	if err := chromedp.Do(s.ctx, actions...); err != nil {
		s.t.Fatal(err)
	}
}

// eval computes an expression in the page after what was moved has been drawn.
func eval[T any](s screen, expression string) T {
	s.t.Helper()
	painted := `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(` + expression + `))))`
	value, err := chromedp.Run(s.ctx, chromedp.Evaluate[T](painted, chromedp.EvalAwaitPromise))
	if err != nil {
		s.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

func (s screen) click(selector string) {
	s.t.Helper()
	s.run(chromedp.Click(chromedp.CSS(selector)))
}

// set gives a control a value, as its user would.
func (s screen) set(control, value string) {
	s.t.Helper()
	eval[string](s, fmt.Sprintf(`(() => { const e = document.querySelector('[data-kw=%s]'); e.value = %q;
		for (const what of ['input', 'change']) e.dispatchEvent(new Event(what, { bubbles: true })); return e.value })()`, control, value))
}

// scores are the numbers on the screen, by model and column.
func (s screen) scores() map[string]map[string]string {
	s.t.Helper()
	return eval[map[string]map[string]string](s, `Object.fromEntries([...document.querySelectorAll('[data-kw=scores] tr')].map((row) => [row.dataset.model,
		Object.fromEntries([...row.querySelectorAll('td')].map((cell) => [cell.dataset.score, cell.textContent]))]))`)
}

// counts are the histogram's counts on the screen, by model.
func (s screen) counts() map[string][]int {
	s.t.Helper()
	cells := eval[[][2]string](s, `[...document.querySelectorAll('[data-kw=frequencies] td')].map((cell) => [cell.dataset.model, cell.dataset.count])`)
	shown := map[string][]int{}
	for _, cell := range cells {
		n, err := strconv.Atoi(cell[1])
		if err != nil {
			s.t.Fatal(err)
		}
		shown[cell[0]] = append(shown[cell[0]], n)
	}
	return shown
}

// Whatever the controls are set to, the screen has the library's numbers.
func TestScreenShowsTheLibrarysNumbers(t *testing.T) {
	run := openStudy(t)
	s := openPage(t, documentOf(t, run))
	s.click("summary")
	students := []string{"teacher", "classical", "hard", "soft"}
	c := Default()
	s.matches(run, c, students)
	for _, th := range []float64{0.35, 0.95, 0, 0.99, 0.15, 0.6} {
		c.Threshold = th
		s.set("threshold", fmt.Sprint(th))
		s.matches(run, c, students)
	}
	for _, width := range widths {
		c.BinWidth = width
		s.set("width", fmt.Sprint(width))
		s.matches(run, c, students)
	}
	c.Split, c.Labels, c.Log = predictions.Test, TrainingLabels, true
	s.set("set", "test")
	s.set("labels", "lesson")
	s.click("[data-kw=log]")
	s.matches(run, c, students)
	s.click("[data-kw=model][value=teacher]")
	s.click("[data-kw=model][value=soft-2]")
	c.Models = []string{"classical", "hard", "soft", "soft-2"}
	s.matches(run, c, c.Models)
	s.click("button")
	s.matches(run, Default(), students)
}

// matches compares everything on the screen, and the answer that a later cell would get.
func (s screen) matches(run *analysis.Study, c Choice, models []string) {
	s.t.Helper()
	shown, bars := s.scores(), s.counts()
	if len(shown) != len(models) || len(bars) != len(models) {
		s.t.Errorf("%+v: got %d and %d models, want %d", c, len(shown), len(bars), len(models))
	}
	for _, name := range models {
		table, err := run.Predictions(name, c.Split)
		if err != nil {
			s.t.Fatal(err)
		}
		want := s.want(run, name, table, c)
		for column, text := range want {
			if got := shown[name][column]; got != text {
				s.t.Errorf("%+v: %s: %s: got %s, want %s", c, name, column, got, text)
			}
		}
		h, err := metrics.NewHistogram(table.P(), c.BinWidth)
		if err != nil {
			s.t.Fatal(err)
		}
		if !slices.Equal(bars[name], h.Counts) {
			s.t.Errorf("%+v: %s: bins: got %v, want %v", c, name, bars[name], h.Counts)
		}
	}
	s.answers(c)
}

// want are a model's numbers by the library's packages and by counting.
func (s screen) want(run *analysis.Study, name string, table predictions.Table, c Choice) map[string]string {
	s.t.Helper()
	p, y := table.P(), table.Labels()
	if _, _, distilled := run.LabelSource(name); distilled && c.Labels == TrainingLabels {
		labels, err := run.TrainingLabels(name, c.Split)
		if err != nil {
			s.t.Fatal(err)
		}
		y = labels
	}
	accuracy, err := metrics.AccuracyScore(p, y, c.Threshold)
	if err != nil {
		s.t.Fatal(err)
	}
	uncertainty, err := metrics.Uncertainty(p, c.Threshold)
	if err != nil {
		s.t.Fatal(err)
	}
	n, err := metrics.NewConfusion(p, y, c.Threshold)
	if err != nil {
		s.t.Fatal(err)
	}
	return map[string]string{
		"tp": fmt.Sprint(n.TruePositive), "fn": fmt.Sprint(n.FalseNegative), "fp": fmt.Sprint(n.FalsePositive), "tn": fmt.Sprint(n.TrueNegative),
		"accuracy": five(accuracy), "uncertainty": five(uncertainty),
		"precision": five(metrics.Precision.Of(n)), "recall": five(metrics.Recall.Of(n)), "f1": five(metrics.F1.Of(n)), "fpr": five(metrics.FalsePositiveRate.Of(n)),
	}
}

func five(v float64) string { return strconv.FormatFloat(v, 'f', 5, 64) }

// What mistakes cost, and the answers that are given, are on the screen as the library has them; the cheapest threshold can be taken.
func TestScreenShowsCosts(t *testing.T) {
	run := openStudy(t)
	s := openPage(t, documentOf(t, run))
	s.click("[data-kw=cost-part] summary")
	s.set("set", "test")
	s.set("falseNegative", "10")
	s.set("dogs", "0.3")
	s.set("low", "0.7") // above the other end: stays as it was
	s.set("high", "0.8")
	s.set("low", "0.2")
	c := Default()
	c.Split, c.FalseNegative, c.Dogs, c.Low, c.High = predictions.Test, 10, 0.3, 0.2, 0.8
	s.answers(c)
	shown := eval[map[string]map[string]string](s, `Object.fromEntries([...document.querySelectorAll('[data-kw=costs] tbody tr')].map((row) => [row.dataset.model,
		Object.fromEntries([...row.querySelectorAll('td')].map((cell) => [cell.dataset.cost, cell.textContent.split(' ')[0]]))]))`)
	for _, name := range c.Models {
		for column, text := range s.wantCosts(run, name, c) {
			if got := shown[name][column]; got != text {
				t.Errorf("%s: %s: got %s, want %s", name, column, got, text)
			}
		}
	}
	s.click("[data-kw=costs] tr[data-model=soft] button")
	taken := eval[string](s, `document.querySelector('[data-kw=costs] tr[data-model=soft] [data-cost=cost]').textContent`)
	if there := eval[string](s, `document.querySelector('[data-kw=costs] tr[data-model=soft] [data-cost=there]').textContent`); taken != there {
		t.Errorf("the cheapest threshold is taken: got cost %s, want %s", taken, there)
	}
}

// wantCosts are a model's costs by the library's packages.
func (s screen) wantCosts(run *analysis.Study, name string, c Choice) map[string]string {
	s.t.Helper()
	validation, test, err := run.ValidationAndTest(name)
	if err != nil {
		s.t.Fatal(err)
	}
	threshold, least, err := c.Costs().BestThreshold(validation.P(), validation.Labels())
	if err != nil {
		s.t.Fatal(err)
	}
	at := func(th float64) string {
		n, err := metrics.NewConfusion(test.P(), test.Labels(), th)
		if err != nil {
			s.t.Fatal(err)
		}
		return five(c.Costs().Of(n))
	}
	given, err := metrics.Withhold(test.P(), test.Labels(), c.Low, c.High)
	if err != nil {
		s.t.Fatal(err)
	}
	return map[string]string{
		"cost": at(c.Threshold), "best": fmt.Sprintf("%.4f", threshold), "least": five(least), "there": at(threshold),
		"coverage": five(given.Coverage()), "answered": five(given.Accuracy()),
	}
}

// Arrow keys move the threshold, and the picture with it.
func TestKeyboard(t *testing.T) {
	s := openPage(t, documentOf(t, openStudy(t)))
	before := s.picture()
	s.run(chromedp.Focus(chromedp.CSS("[data-kw=threshold]")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight))
	if caption := eval[string](s, `document.querySelector('.kdlib-whatif caption').textContent`); !strings.HasSuffix(caption, "threshold 0.52") {
		t.Errorf("caption %q, want threshold 0.52", caption)
	}
	if after := s.picture(); slices.Equal(before, after) {
		t.Error("a picture stayed as it was")
	}
	s.run(chromedp.Focus(chromedp.CSS("[data-kw=model][value=soft]")), chromedp.KeyEvent(" "))
	if shown := s.scores(); len(shown) != 3 || shown["soft"] != nil {
		t.Errorf("got %d models, want 3 without soft", len(shown))
	}
}

// picture is what the figures' pixels are.
func (s screen) picture() []string {
	s.t.Helper()
	pixels := eval[[]string](s, `[...document.querySelectorAll('.kdlib-whatif canvas')].map((c) => c.toDataURL())`)
	if len(pixels) != 3 {
		s.t.Fatalf("got %d figures, want 3", len(pixels))
	}
	return pixels
}

// A link carries a state; what the page does not have is as at the start. The address follows the controls.
func TestAddressCarriesTheState(t *testing.T) {
	s := openPage(t, documentOf(t, openStudy(t)))
	address := eval[string](s, "location.href")
	visit := func(fragment string, want Choice) {
		t.Helper()
		s.run(chromedp.Navigate("about:blank"), chromedp.Navigate(address+fragment), chromedp.WaitVisible(chromedp.CSS("[data-kw=scores]")))
		s.answers(want)
	}
	linked := Default()
	linked.Threshold, linked.BinWidth, linked.Models, linked.Split, linked.Log = 0.35, 0.1, []string{"teacher", "soft"}, predictions.Test, true
	visit("#set=test&threshold=0.35&models=soft,teacher,nobody&binWidth=0.1&log=true", linked)
	visit("#threshold=7&set=all&binWidth=0.3&labels=foot&more=1", Default())
	s.set("threshold", "0.42")
	s.click("[data-kw=model][value=teacher]")
	s.await(`location.hash === '#threshold=0.42&models=classical,hard,soft'`)
	eval[int](s, `(location.hash = '#threshold=0.8', 0)`)
	moved := Default()
	moved.Threshold = 0.8
	s.await(`document.querySelector('.kdlib-whatif caption').textContent.endsWith('threshold 0.8')`)
	s.answers(moved)
}

// answers compares the answer that a later cell would get.
func (s screen) answers(want Choice) {
	s.t.Helper()
	answer := eval[string](s, strings.ReplaceAll(Question(s.name), "here", "undefined"))
	if got, err := Read(answer); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("answer: got %+v, %v, want %+v", got, err, want)
	}
}

// On a dark and narrow screen the figures are dark and have names, the table says that it scrolls, and a page without a model
// neither fails nor passes for a choice.
func TestDarkAndNarrow(t *testing.T) {
	s := openPage(t, documentOf(t, openStudy(t)))
	wide := eval[bool](s, `document.querySelector('.kw-hint').hidden`)
	dark := func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
		return chromedp.Void{}, err
	}
	s.run(dark, chromedp.EmulateViewport(400, 900))
	s.await(`document.querySelector('.kdlib-whatif').classList.contains('kw-dark')`)
	type seen struct {
		Hint, Fades, Overflows bool
		Names                  []string
	}
	got := eval[seen](s, `(() => { const scroll = document.querySelector('.kw-scroll'); return {
		Hint: !document.querySelector('.kw-hint').hidden, Fades: scroll.classList.contains('kw-more'),
		Overflows: document.documentElement.scrollWidth > innerWidth,
		Names: [...document.querySelectorAll('canvas')].map((c) => c.getAttribute('role') + ' ' + c.getAttribute('aria-label').split(' of ')[0]) } })()`)
	want := seen{Hint: true, Fades: true, Names: []string{"img Histogram", "img ROC curves", "img Precision-recall curves"}}
	if fmt.Sprint(got) != fmt.Sprint(want) || !wide {
		t.Errorf("got %+v, and on a wide screen no hint %v, want %+v and none", got, wide, want)
	}
	if teacher := eval[string](s, `getComputedStyle(document.querySelector('.kw-swatch')).backgroundColor`); teacher != "rgb(255, 255, 255)" {
		t.Errorf("the teacher is %s, want white", teacher)
	}
	for _, name := range Default().Models {
		s.click("[data-kw=model][value=" + name + "]")
	}
	s.click("[data-kw=log]")
	s.picture()
	answer := eval[string](s, strings.ReplaceAll(Question(s.name), "here", "undefined"))
	if c, err := Read(answer); err == nil || !strings.Contains(err.Error(), "none is ticked") {
		t.Errorf("no model is ticked: got %+v, %v, want an error", c, err)
	}
}

// Several pages live beside each other; each answers for itself, of two with one name the one moved last.
func TestSeveralPages(t *testing.T) {
	page, err := New(openStudy(t))
	if err != nil {
		t.Fatal(err)
	}
	s := openPage(t, "<!DOCTYPE html><meta charset=utf-8>"+page.Fragment("a")+page.Fragment("b")+page.Fragment("b"))
	move := func(place int, value string) {
		eval[int](s, fmt.Sprintf(`(() => { const e = document.querySelectorAll('[data-kw=threshold]')[%d]; e.value = %s;
			e.dispatchEvent(new Event('input')); return 0 })()`, place, value))
	}
	move(0, "0.1")
	move(2, "0.3")
	time.Sleep(5 * time.Millisecond) // pages keep the time of their last move in milliseconds
	move(1, "0.2")
	for name, want := range map[string]float64{"a": 0.1, "b": 0.2, "c": 0.5} {
		answer := eval[string](s, strings.ReplaceAll(Question(name), "here", "null"))
		if got, err := Read(answer); err != nil || got.Threshold != want {
			t.Errorf("page %s: got threshold %v, %v, want %v", name, got.Threshold, err, want)
		}
	}
}

// moves is over how many moves the median is taken.
const moves = 20

// The time from a press on the slider until the picture that shows it, and from a click on a count: logged, because machines differ.
func TestMoveIsQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("draws 25,000 rows of 16 models")
	}
	for name, html := range map[string]string{
		"committed study":                     documentOf(t, openStudy(t)),
		"25,000 rows in one set of 16 models": documentOf(t, largeStudy(t), predictions.Test),
	} {
		s := openPage(t, html)
		eval[int](s, `[...document.querySelectorAll('[data-kw=model]')].filter((b) => !b.checked).map((b) => b.click()).length`)
		s.logMoves(name, fmt.Sprintf("%d KB", len(html)/1000))
		s.logClicks(name)
	}
}

// logMoves presses on the slider, and logs how long it takes until the picture is on the screen.
func (s screen) logMoves(what ...string) {
	s.t.Helper()
	eval[int](s, `(() => { globalThis.took = []; const e = document.querySelector('[data-kw=threshold]');
		e.scrollIntoView({ block: 'center' });
		e.addEventListener('input', (event) => requestAnimationFrame(() => { const c = new MessageChannel();
			c.port1.onmessage = () => took.push(performance.now() - event.timeStamp); c.port2.postMessage(0); })); return 0 })()`)
	box := eval[struct{ X, Y, Width, Height float64 }](s, `document.querySelector('[data-kw=threshold]').getBoundingClientRect().toJSON()`)
	var took []float64
	for i := range moves {
		at := box.X + box.Width*(0.1+0.8*float64((7*i)%moves)/moves)
		s.run(chromedp.MouseClickXY(at, box.Y+box.Height/2))
		took = eval[[]float64](s, fmt.Sprintf(`new Promise((done) => { const look = () => took.length > %d ? done(took) : setTimeout(look, 1); look(); })`, i))
	}
	slices.Sort(took)
	s.t.Logf("%s: a move is on the screen after %.0f ms, median of %d; the slowest %.0f ms",
		strings.Join(what, ", "), took[moves/2], moves, took[moves-1])
}

// largeStudy has 25,000 pictures in its test set and 16 models: teacher, classical and two chains of seven.
func largeStudy(t *testing.T) *analysis.Study {
	t.Helper()
	const rows = 25_000
	text, err := os.ReadFile(filepath.Join(study, folder.StudyFile))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	fields["generations"] = 6
	if text, err = json.Marshal(fields); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, folder.StudyFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
	run, err := analysis.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for k, name := range run.Models() {
		table := make(predictions.Table, rows)
		for i := range table {
			y := float64(i % 2)
			z := 3*y - 1.5 + 2*math.Sin(float64(i*(k+3))) // spread like noise, the same every time
			table[i] = predictions.Row{ID: fmt.Sprint("picture.", i), Split: predictions.Test, Label: y, P: 1 / (1 + math.Exp(-z))}
		}
		path := folder.PredictionPath(dir, name, predictions.Test)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := predictions.Write(path, table); err != nil {
			t.Fatal(err)
		}
	}
	return run
}
