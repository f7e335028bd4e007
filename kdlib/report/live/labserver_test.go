package live

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The window that JupyterLab is looked at in, in pixels.
const labWidth, labHeight = 1180, 1000

// notebookName is the notebook with the live page, and its copy.
const notebookName = "12_live.ipynb"

// venvPython is the Python that kernel-setup installs JupyterLab for.
const venvPython = "../../../.venv/bin/python"

const (
	token   = "test"      // the server is this machine's only
	markVar = "KDLIB_LAB" // marks the processes of a lab, to find those that outlive it
)

// settings are JupyterLab's for the test: nothing asks the network, all cells are in the page, not only those in view.
var settings = map[string]string{
	"@jupyterlab/apputils-extension/notification.jupyterlab-settings": `{"fetchNews": "false", "checkForUpdates": false}`,
	"@jupyterlab/notebook-extension/tracker.jupyterlab-settings":      `{"windowingMode": "none"}`,
}

// lab is a JupyterLab on a folder with a copy of the notebook.
type lab struct {
	t       *testing.T
	folder  string // that it serves
	address string
	env     []string
	process *exec.Cmd
	ended   chan struct{} // is closed then
}

func (l lab) file(name string) string { return filepath.Join(l.folder, name) }

// notebook is the address of the copy.
func (l lab) notebook() string {
	return fmt.Sprintf("%s/lab/tree/%s?token=%s&reset", l.address, notebookName, token)
}

// startLab starts JupyterLab as a user does, but on a folder of its own with settings of its own.
func startLab(t *testing.T) lab {
	t.Helper()
	own := t.TempDir()
	for name, text := range settings {
		path := filepath.Join(own, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	port := freePort(t)
	l := lab{t: t, folder: labFolder(t), address: fmt.Sprint("http://127.0.0.1:", port), ended: make(chan struct{})}
	l.env = append(os.Environ(), markVar+"="+own)
	l.process = exec.Command("go", "run", "distillation/kernel-setup", "lab", "--no-browser", fmt.Sprint("--port=", port), "--", l.folder,
		"--IdentityProvider.token="+token, "--LabApp.expose_app_in_browser=True",
		"--LabApp.user_settings_dir="+own, "--LabApp.workspaces_dir="+own,
		"--KernelManager.shutdown_wait_time=60") // a kernel that is killed leaves gopls behind
	l.process.Env = l.env
	l.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go run and JupyterLab can be ended together
	log, err := os.Create(filepath.Join(own, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	l.process.Stdout, l.process.Stderr = log, log
	if err := l.process.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(l.ended); _ = l.process.Wait() }() // its log says why it ended
	t.Cleanup(func() { l.stop(log.Name()) })
	l.awaitServer(log.Name())
	return l
}

// freePort is a port that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// labFolder is a folder to serve, with the notebook and the data that it reads at the place that it expects.
func labFolder(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	text, err := os.ReadFile("../../../notebooks/" + notebookName)
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := filepath.Abs("../../../datasets")
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
	// The cell that calls the command needs the whole checkout around it.
	text = regexp.MustCompile(`!cd \.\. &&[^"]*`).ReplaceAll(text, []byte(`%%\nfmt.Println(1)`))
	if err := os.WriteFile(filepath.Join(folder, notebookName), text, 0o644); err != nil {
		t.Fatal(err)
	}
	return folder
}

// installTime is how long kernel-setup may take, if it has to install.
const installTime = 10 * time.Minute

// awaitServer waits until JupyterLab answers.
func (l lab) awaitServer(log string) {
	l.t.Helper()
	deadline := time.After(installTime)
	for {
		if response, err := http.Get(l.address + "/api"); err == nil {
			response.Body.Close()
			return
		}
		select {
		case <-l.ended:
			l.t.Fatalf("JupyterLab ended\n%s", tail(log))
		case <-deadline:
			l.t.Fatalf("JupyterLab did not start\n%s", tail(log))
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// stop ends the lab with its kernels, and wants that nothing of it is left.
func (l lab) stop(log string) {
	request, err := http.NewRequest(http.MethodPost, l.address+"/api/shutdown", nil)
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Authorization", "token "+token)
	if response, err := http.DefaultClient.Do(request); err == nil {
		response.Body.Close()
	}
	select {
	case <-l.ended:
	case <-time.After(patience):
		l.t.Errorf("JupyterLab did not stop\n%s", tail(log))
		_ = syscall.Kill(-l.process.Process.Pid, syscall.SIGKILL) // it may have ended by now
	}
	l.wantNoOrphans()
	if l.t.Failed() {
		l.t.Logf("JupyterLab said:\n%s", tail(log))
	}
}

// wantNoOrphans ends what a lab has left running and names it. It sees processes on Linux only.
func (l lab) wantNoOrphans() {
	l.t.Helper()
	mark := l.env[len(l.env)-1]
	left := marked(mark)
	for range 50 { // what has been told to end may need a moment
		if len(left) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
		left = marked(mark)
	}
	for pid, name := range left {
		l.t.Errorf("process %d is left: %s", pid, name)
		_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by now
	}
}

// marked are the processes whose environment has a variable, with their command lines.
func marked(mark string) map[int]string {
	found := map[int]string{}
	paths, _ := filepath.Glob("/proc/[0-9]*/environ") // the pattern is right
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(text), mark+"\x00") {
			continue // another user's, or ended
		}
		var pid int
		if _, err := fmt.Sscanf(path, "/proc/%d/", &pid); err != nil {
			continue
		}
		line, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline")) // empty if it has ended
		found[pid] = strings.ReplaceAll(string(line), "\x00", " ")
	}
	return found
}

// tail is the end of a log.
func tail(path string) string {
	const most = 4000 // bytes
	file, err := os.Open(path)
	if err != nil {
		return err.Error()
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-most):])
}
