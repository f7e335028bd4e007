package live

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"distillation/kdlib/internal/chromium"
	"distillation/kdlib/predictions"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// picture is README's.
const picture = "../../../figures/what_if.png"

var update = flag.Bool("update", false, "TestInJupyterLab writes "+picture)

// notebookStudy is what notebook 12 reads.
const notebookStudy = "../../../datasets/results/full"

// TestInJupyterLab opens a copy of notebook 12 in a real JupyterLab, runs it, moves controls, asks in the next cell, opens
// the notebook again, and exports it. It installs what is missing, and takes a minute or two then:
//
//	KDLIB_E2E=1 go test -v -run JupyterLab ./kdlib/report/live
//
// With -update it takes README's picture; with KDLIB_SHOTS=folder it keeps pictures of what it saw there.
func TestInJupyterLab(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("starts JupyterLab; set KDLIB_E2E=1 to run it")
	}
	run := open(t, notebookStudy)
	l := startLab(t)
	s := screen{t, chromium.Open(t, labWidth, labHeight), "live"}
	s.run(focus, chromedp.EmulateViewport(labWidth, labHeight), chromedp.Navigate(l.notebook()))
	s.await(connected)
	s.command("application:toggle-left-area")
	s.command("notebook:clear-all-cell-outputs")
	s.command("notebook:run-all-cells")
	s.await(allRun)
	s.await(answerHas("Read from the page.")) // without a browser the cell prints the same settings
	s.await(answerHas(fmt.Sprintf("%+v", Default())))
	s.takePicture()

	c := Default()
	s.click(".kdlib-whatif summary")
	s.matches(run, c, c.Models)
	c.Threshold, c.BinWidth, c.Split, c.Models = 0.35, 0.1, predictions.Test, []string{"classical", "hard", "soft"}
	s.set("threshold", "0.35")
	s.set("width", "0.1")
	s.set("set", "test")
	s.click("[data-kw=model][value=teacher]")
	s.matches(run, c, c.Models)
	s.runCell(asking)
	s.await(answerHas(fmt.Sprintf("%+v", c)))
	s.shot("asked")
	s.noModel()
	s.logMoves("in JupyterLab")
	s.looks()

	s.command("docmanager:save")
	saved(t, l.file(notebookName), "none is ticked")
	s.await(`!jupyterapp.shell.currentWidget.context.model.dirty`) // else the browser asks before it leaves
	s.run(chromedp.Navigate(l.notebook()))
	s.isAlive()
	s.shot("reopened")
	s.run(chromedp.Navigate("file://" + l.export()))
	s.isAlive()
	s.shot("exported")
}

// noModel asks a page that shows no model: an error that is seen once, not also as exit statuses.
func (s screen) noModel() {
	s.t.Helper()
	for _, name := range []string{"classical", "hard", "soft"} {
		s.click("[data-kw=model][value=" + name + "]")
	}
	s.runCell(asking)
	s.await(answerHas("none is ticked"))
	s.await(`!document.querySelector('[data-test=cell] .jp-InputPrompt').textContent.includes('*')`)
	s.shot("error")
	seen := eval[string](s, `document.querySelector('[data-test=cell] .jp-OutputArea').innerText`)
	if strings.Count(seen, "none is ticked") != 1 || strings.Contains(seen, "exit status") {
		s.t.Errorf("the cell shows %q, want the error once, and no exit status", seen)
	}
	s.click(".kdlib-whatif button")
}

// isAlive wants a page that has its first settings again, and follows the slider with the library's numbers.
func (s screen) isAlive() {
	s.t.Helper()
	s.await(`document.querySelector('[data-kw=scores] tr') !== null`)
	s.click(".kdlib-whatif summary")
	run, c := open(s.t, notebookStudy), Default()
	s.matches(run, c, c.Models)
	c.Threshold = 0.8
	s.set("threshold", "0.8")
	s.matches(run, c, c.Models)
	c.Threshold = 0.79
	s.run(chromedp.Focus(chromedp.CSS("[data-kw=threshold]")), chromedp.KeyEvent(kb.ArrowLeft)) // a key of JupyterLab's too
	s.matches(run, c, c.Models)
}

// looks keeps pictures of the page in both themes, in a wide and in a narrow window.
func (s screen) looks() {
	s.t.Helper()
	const high = 1500 // pixels: the whole page
	s.click("[data-kw=model][value=soft-2]")
	for _, theme := range []string{"Dark", "Light"} {
		s.command("apputils:change-theme", fmt.Sprintf(`{theme: 'JupyterLab %s'}`, theme))
		s.await(fmt.Sprintf(`document.body.dataset.jpThemeName === 'JupyterLab %s' && !document.querySelector('#jupyterlab-splash')`, theme))
		for _, width := range []int64{labWidth, 700} {
			s.run(chromedp.EmulateViewport(width, high))
			s.show()
			s.shot(fmt.Sprint(theme, width))
		}
	}
	s.run(chromedp.EmulateViewport(labWidth, labHeight))
}

// takePicture writes README's picture, if it is asked for.
func (s screen) takePicture() {
	s.t.Helper()
	if !*update {
		return
	}
	s.run(chromedp.EmulateViewport(1010, 1160)) // pixels: the whole page, no more
	s.show()
	if err := s.capture(picture); err != nil {
		s.t.Fatal(err)
	}
	s.run(chromedp.EmulateViewport(labWidth, labHeight))
}

// saved waits until a file on disk has a text.
func saved(t *testing.T, path, text string) {
	t.Helper()
	for range 100 {
		content, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(content), text) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s was not saved with %q", path, text)
}

// export makes an HTML file of the notebook, and returns its path.
func (l lab) export() string {
	l.t.Helper()
	cmd := exec.Command(venvPython, "-m", "nbconvert", "--to", "html", l.file(notebookName))
	cmd.Env = l.env
	if out, err := cmd.CombinedOutput(); err != nil {
		l.t.Fatalf("%v\n%s", err, out)
	}
	return l.file(strings.TrimSuffix(notebookName, ".ipynb") + ".html")
}

// focus makes the page believe that its window has the focus: JupyterLab has no current notebook otherwise.
func focus(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, target, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return chromedp.Void{}, err
}

// asking is the text of the cell that asks the page.
const asking = "live.Read"

// Expressions that are true when JupyterLab has come so far.
const (
	connected = `globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'` // GoNB's status is "unknown" until it has run a cell
	allRun    = `[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every((p) => /\d/.test(p.textContent))`
)

// answerHas is an expression: whether the first asking cell's output holds a text.
func answerHas(text string) string {
	return fmt.Sprintf(`([...document.querySelectorAll('.jp-CodeCell')].find((c) => c.textContent.includes(%q))?.querySelector('.jp-OutputArea')?.textContent ?? '').includes(%q)`, asking, text)
}

// patience is how long JupyterLab may take for one step; a cell that is compiled for the first time takes longest.
const patience = 2 * time.Minute

// await waits until an expression is true.
func (s screen) await(expression string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.ctx, patience)
	defer cancel()
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`new Promise((done) => { const look = () => (`+expression+`) ? done(true) : setTimeout(look, 100); look(); })`, chromedp.EvalAwaitPromise))
	if err != nil {
		s.shot("waiting")
		s.t.Fatalf("%s: %v", expression, err)
	}
}

// command runs one of JupyterLab's, as its menus do; arguments is an object in JavaScript.
func (s screen) command(name string, arguments ...string) {
	s.t.Helper()
	eval[int](s, fmt.Sprintf(`(jupyterapp.commands.execute(%q, %s), 0)`, name, strings.Join(append(arguments, "{}")[:1], "")))
}

// runCell runs the first cell that has a text.
func (s screen) runCell(text string) {
	s.t.Helper()
	eval[int](s, fmt.Sprintf(`([...document.querySelectorAll('.jp-CodeCell')].find((c) => c.textContent.includes(%q)).setAttribute('data-test', 'cell'), 0)`, text))
	s.click("[data-test=cell] .cm-content")
	s.run(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// show scrolls to the cell that makes the page.
func (s screen) show() {
	s.t.Helper()
	eval[int](s, `(document.querySelector('.kdlib-whatif').closest('.jp-CodeCell').scrollIntoView({ block: 'start' }), 0)`)
}

// shot keeps a picture of the page in the folder KDLIB_SHOTS, if that is set.
func (s screen) shot(name string) {
	folder := os.Getenv("KDLIB_SHOTS")
	if folder == "" {
		return
	}
	if err := s.capture(filepath.Join(folder, name+".png")); err != nil {
		s.t.Log(err)
	}
}

// capture writes a picture of the window.
func (s screen) capture(path string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 10*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(path, picture, 0o644)
}
