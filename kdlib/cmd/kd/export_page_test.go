package main

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/chromium"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report/browser"
	"distillation/kdlib/train"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	requests "github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// How far a page's probability may be from the library's: of equal pixels, by another order of sums in float32 (measured: 6e-7);
// of JPEG, by another decoder (measured: 0.001, of photographs 0.004).
const (
	samePixels   = 2e-5
	otherDecoder = 0.01
)

// openedPage is an exported page in a browser.
type openedPage struct {
	t        *testing.T
	ctx      context.Context
	requests []string // what it has asked the network for, but for itself and what it holds
}

// otherNetwork takes ImageNet's values and gives two logits.
var otherNetwork = filepath.Join("..", "..", "network", "onnx", "testdata", "imagenet_two_logits.onnx")

// exportedPage makes a page of a small network and of another program's, of which it returns the paths, and opens it. The test is
// skipped where there is no browser, or the browsers' runtime is not installed.
func exportedPage(t *testing.T) (page *openedPage, run, other string) {
	t.Helper()
	root := must(filepath.Abs(filepath.Join("..", "..", "..")))
	engine := filepath.Join(root, filepath.FromSlash(browser.RuntimeDir))
	if _, err := browser.OpenRuntime(engine); err != nil {
		if os.Getenv("KDLIB_REQUIRE_BROWSER") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	page = &openedPage{t: t, ctx: chromium.Open(t, 1200, 900)}
	backend := xlatest.Backend(t)
	t.Setenv(kdEnv, "1")
	run, other = "student", must(filepath.Abs(otherNetwork))
	t.Chdir(t.TempDir())
	if err := os.Mkdir(run, 0o755); err != nil {
		t.Fatal(err)
	}
	training := recipe.Training{Network: string(resnet.ResNet18Narrow)}
	writeInitial(t, backend, training, 1, filepath.Join(run, train.BestFile))
	if err := os.WriteFile(filepath.Join(run, train.ConfigFile), []byte(`{"network":"resnet18-narrow","size":48}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := kd("data", "synth", "--n", "2", "--size", "150", "--out", "samples"); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"export", "page", "--model", run, "--numbers", string(convert.Float32), "--samples", "samples", "--runtime", engine, "--out", "page.html"}, onnxArgs(other)...)
	out, err := kd(args...)
	if err != nil || !strings.HasPrefix(out, "page.html: 2 networks, ") {
		t.Fatalf("got %q, %v", out, err)
	}
	page.open(must(filepath.Abs("page.html")))
	return page, run, other
}

// onnxArgs say what the file of otherNetwork does not.
func onnxArgs(file string) []string {
	return []string{"--onnx", file, "--onnx-values", recipe.ImageNet, "--onnx-output", recipe.Logit}
}

func (p *openedPage) open(path string) {
	p.t.Helper()
	if err := chromedp.Listen(p.ctx, func(event any) {
		if sent, ok := event.(*requests.EventRequestWillBeSent); ok && !strings.HasPrefix(sent.Request.URL, "blob:") && !strings.HasPrefix(sent.Request.URL, "data:") && sent.Request.URL != "file://"+path {
			p.requests = append(p.requests, sent.Request.URL)
		}
	}); err != nil {
		p.t.Fatal(err)
	}
	p.run(chromedp.Navigate("file://" + path))
	p.await(`document.getElementById('state').textContent === 'Ready.'`)
}

func (p *openedPage) run(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// read computes an expression in the page.
func read[T any](p *openedPage, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// await waits until an expression is true.
func (p *openedPage) await(expression string) {
	p.t.Helper()
	const patience = time.Minute
	for end := time.Now().Add(patience); !read[bool](p, expression); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("after %v still not %s; the page says %q", patience, expression, read[string](p, `document.getElementById('state').textContent`))
		}
	}
}

// answers are the probabilities that the page shows, after something has made it ask again.
func (p *openedPage) answers(ask func()) []float64 {
	p.t.Helper()
	read[int](p, `(document.getElementById('answers').replaceChildren(), 0)`)
	ask()
	p.await(`document.querySelectorAll('#answers li').length === 2`)
	return read[[]float64](p, `[...document.querySelectorAll('#answers li')].map((e) => Number(e.dataset.p))`)
}

// drop drops a file of the disk on the page, as a user does.
func (p *openedPage) drop(path string) {
	p.t.Helper()
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: []string{must(filepath.Abs(path))}, DragOperationsMask: 1}
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver, input.DispatchDragEventTypeDrop} {
		p.run(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, target, input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: 600, Y: 150, Data: data})
			return chromedp.Void{}, err
		})
	}
}

// library are kd's probabilities of a picture, by both networks.
func library(t *testing.T, picture, run, other string) (all []float64) {
	t.Helper()
	for _, asked := range [][]string{{"--model", run, "--size", "48"}, onnxArgs(other)} {
		out, err := kd(append([]string{"predict", "--pictures", picture, "--cache", "cache"}, asked...)...)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := predictions.ReadProbabilities(write(t, "p.csv", out))
		if err != nil || len(rows) != 1 {
			t.Fatalf("got %q, %v", out, err)
		}
		all = append(all, rows[0].P)
	}
	return all
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// writePNG draws a part of a face whose sides are no multiples of a network's.
func writePNG(t *testing.T, path string, width, height int) {
	t.Helper()
	face := synth.Render(synth.Shape{}, max(width, height), 5)
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, face.SubImage(image.Rect(0, 0, width, height))); err != nil {
		t.Fatal(err)
	}
}

// The page answers a picture as the library does, however it comes: dropped, chosen, or a sample. It asks the network for nothing.
func TestPageAnswersAsTheLibrary(t *testing.T) {
	page, run, other := exportedPage(t)
	writePNG(t, "wide.png", 211, 150)
	writePNG(t, "high.png", 97, 133)
	sample := must(filepath.Glob("samples/*.jpg"))[0]
	for name, test := range map[string]struct {
		picture string
		ask     func()
	}{
		"dropped": {"wide.png", func() { page.drop("wide.png") }},
		"chosen": {"high.png", func() {
			page.run(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{must(filepath.Abs("high.png"))}))
		}},
		"sample, by the keyboard": {sample, func() { page.run(chromedp.Focus(chromedp.CSS(".sample")), chromedp.KeyEvent(kb.Enter)) }},
	} {
		got, want := page.answers(test.ask), library(t, test.picture, run, other)
		for i := range want {
			t.Logf("%s: network %d: page %v, library %v", name, i, got[i], want[i])
			tolerance := samePixels
			if filepath.Ext(test.picture) == ".jpg" {
				tolerance = otherDecoder
			}
			if !(math.Abs(got[i]-want[i]) <= tolerance) {
				t.Errorf("%s: network %d: got %v, want %v", name, i, got[i], want[i])
			}
		}
	}
	page.followsTheThreshold()
	page.saysWhatIsNoPicture()
	page.fitsASmallDarkScreen()
	if len(page.requests) > 0 {
		t.Errorf("the page asked for %q, want nothing", page.requests)
	}
}

// followsTheThreshold moves it by keys until it is below all probabilities, and above.
func (p *openedPage) followsTheThreshold() {
	p.t.Helper()
	const class = `document.querySelectorAll('#answers .class')[1].textContent`
	p.run(chromedp.Focus(chromedp.CSS("#threshold")))
	for key, want := range map[string]string{kb.Home: "dog", kb.End: "cat"} {
		p.run(chromedp.KeyEvent(key))
		if got := read[string](p, class); got != want {
			p.t.Errorf("threshold %s: got %s, want %s", read[string](p, `document.getElementById('threshold-value').textContent`), got, want)
		}
	}
}

// saysWhatIsNoPicture drops a text.
func (p *openedPage) saysWhatIsNoPicture() {
	p.t.Helper()
	p.drop(write(p.t, "note.txt", "no picture"))
	p.await(`document.getElementById('state').textContent === '“note.txt” cannot be read as a picture.'`)
}

// fitsASmallDarkScreen looks at 400 pixels.
func (p *openedPage) fitsASmallDarkScreen() {
	p.t.Helper()
	p.run(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
		return chromedp.Void{}, err
	}, chromedp.EmulateViewport(400, 900))
	got := read[string](p, `(document.documentElement.scrollWidth > innerWidth) + ' ' + getComputedStyle(document.body).backgroundColor`)
	if want := "false rgb(22, 22, 22)"; got != want {
		p.t.Errorf("wider than the screen, background: got %s, want %s", got, want)
	}
}

// Without the browsers' runtime the command says what to type; a runtime of another content is refused, and nothing is written.
func TestPageNeedsTheRuntime(t *testing.T) {
	t.Setenv(kdEnv, "1")
	onnxFile := must(filepath.Abs(filepath.Join("..", "..", "network", "onnx", "testdata", "bytes_logit.onnx")))
	t.Chdir(t.TempDir())
	for _, want := range []string{
		"Type, in the checkout: go run ./kernel-setup page",
		"got SHA-256 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881", // sha256sum of the letter x
	} {
		if _, err := kd("export", "page", "--onnx", onnxFile, "--runtime", ".", "--out", "page.html"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
		for _, f := range browser.RuntimeFiles {
			write(t, f.Name, "x")
		}
	}
	if _, err := os.Stat("page.html"); !os.IsNotExist(err) {
		t.Error(fmt.Errorf("page.html was written: %w", err))
	}
}
