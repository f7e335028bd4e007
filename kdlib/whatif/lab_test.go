package whatif

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestInJupyterLab opens notebook 12 in a real JupyterLab, runs it, moves the page's slider, asks in the next cell, opens
// the notebook again, and exports it. It needs what kernel-setup installs:
//
//	go run ./kernel-setup doctor && KDLIB_E2E=1 go test -run JupyterLab ./kdlib/whatif
func TestInJupyterLab(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("starts JupyterLab; set KDLIB_E2E=1 to run it")
	}
	folder := labFolder(t)
	address := startLab(t, folder)
	const allCells = 4000 // pixels: JupyterLab draws only cells that can be seen
	s := screen{t, newBrowser(t, 1100, allCells)}
	s.run(chromedp.Navigate(address))
	s.await(`document.querySelector('.jp-Notebook .jp-CodeCell') !== null`)
	s.runAll()
	s.await(`document.querySelector('.jp-Notebook [data-kw=scores] tr') !== null`)
	s.await(`![...document.querySelectorAll('.jp-InputPrompt')].some((p) => p.textContent.includes('*'))`)
	s.await(answerHas("Threshold:0.5 "))
	s.shot("run")

	s.set("threshold", "0.35")
	s.click("[data-kw=model][value=teacher]")
	s.runCell(asking)
	s.await(answerHas("Threshold:0.35 BinWidth:0.05 Models:[classical hard soft] Set:validation"))
	s.shot("chosen")

	s.run(chromedp.KeyEvent("s", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	saved(t, filepath.Join(folder, "live.ipynb"), "Threshold:0.35")
	s.run(chromedp.Navigate(address))
	s.movesTo("0.7")
	s.shot("reopened")
	s.run(chromedp.Navigate("file://" + export(t, folder)))
	s.movesTo("0.8")
	s.shot("exported")
}

// movesTo wants a page that lives: its numbers are there and follow the slider.
func (s screen) movesTo(threshold string) {
	s.t.Helper()
	s.await(`document.querySelector('[data-kw=scores] tr') !== null`)
	s.set("threshold", threshold)
	if caption := eval[string](s, `document.querySelector('.kdlib-whatif caption').textContent`); !strings.HasSuffix(caption, "threshold "+threshold) {
		s.t.Errorf("caption %q, want threshold %s", caption, threshold)
	}
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
func export(t *testing.T, folder string) string {
	t.Helper()
	out, err := exec.Command(venvPython, "-m", "nbconvert", "--to", "html", filepath.Join(folder, "live.ipynb")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return filepath.Join(folder, "live.html")
}

// venvPython is the Python that kernel-setup installs JupyterLab for.
const venvPython = "../../.venv/bin/python"

// labFolder is a folder to serve, with the notebook and the data that it reads at the place that it expects.
func labFolder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	text, err := os.ReadFile("../../notebooks/12_live.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := filepath.Abs("../../datasets")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(root, "notebooks")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(datasets, filepath.Join(root, "datasets")); err != nil {
		t.Fatal(err)
	}
	// The cells that call the command need the whole checkout around them.
	text = regexp.MustCompile(`!cd \.\. &&[^"]*`).ReplaceAll(text, []byte("%%\\nfmt.Println(1)"))
	if err := os.WriteFile(filepath.Join(folder, "live.ipynb"), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

// startLab starts JupyterLab on a folder and returns the address of its notebook live.ipynb.
func startLab(t *testing.T, folder string) string {
	t.Helper()
	const token = "test" // the server is this machine's only
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	lab := exec.Command(venvPython, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", fmt.Sprint("--ServerApp.port=", port),
		"--ServerApp.root_dir="+folder, "--IdentityProvider.token="+token, "--LanguageServerManager.autodetect=False")
	lab.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // it and its kernels end together
	own := t.TempDir()
	lab.Env = append(os.Environ(), "JUPYTER_CONFIG_DIR="+own, "JUPYTER_RUNTIME_DIR="+own, "JUPYTER_DATA_DIR="+own, "IPYTHONDIR="+own)
	log, err := lab.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := lab.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-lab.Process.Pid, syscall.SIGTERM) // it may have ended
		_ = lab.Wait()
	})
	ready := make(chan bool, 1)
	go func() {
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if strings.Contains(lines.Text(), fmt.Sprintf("127.0.0.1:%d", port)) {
				ready <- true
				break
			}
		}
		for lines := bufio.NewScanner(log); lines.Scan(); { // it must not wait for a reader
		}
	}()
	select {
	case <-ready:
	case <-time.After(5 * time.Minute):
		t.Fatal("JupyterLab did not start")
	}
	return fmt.Sprintf("http://127.0.0.1:%d/lab/tree/live.ipynb?token=%s&reset", port, token)
}

// asking is the text of the cell that asks the page.
const asking = "whatif.Read"

// answerHas is an expression: whether the asking cell's output holds a text.
func answerHas(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('.jp-CodeCell')].some((c) => c.textContent.includes(%q) && (c.querySelector('.jp-OutputArea')?.textContent ?? '').includes(%q))`, asking, text)
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

// runCell runs the first cell that has a text.
func (s screen) runCell(text string) {
	s.t.Helper()
	eval[int](s, fmt.Sprintf(`([...document.querySelectorAll('.jp-CodeCell')].find((c) => c.textContent.includes(%q)).setAttribute('data-test', 'cell'), 0)`, text))
	s.click("[data-test=cell] .cm-content")
	s.run(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// runAll runs all cells, one keystroke each.
func (s screen) runAll() {
	s.t.Helper()
	cells := eval[int](s, `document.querySelectorAll('.jp-Notebook .jp-Cell').length`)
	s.click(".jp-CodeCell .cm-content")
	for range cells {
		s.run(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierShift)))
	}
}

// shot keeps a picture of the screen in the folder KDLIB_SHOTS, if that is set.
func (s screen) shot(name string) {
	folder := os.Getenv("KDLIB_SHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 10*time.Second)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o644)
	}
	if err != nil {
		s.t.Log(err)
	}
}
