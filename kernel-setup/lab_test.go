package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestChoosePort(t *testing.T) {
	busy, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	port := busy.Addr().(*net.TCPAddr).Port
	if _, err := choosePort(port, true); err == nil || !strings.Contains(err.Error(), "is in use: choose another with --port") {
		t.Errorf("fixed: got %v, want the advice", err)
	}
	if got, err := choosePort(port, false); err != nil || got <= port {
		t.Errorf("not fixed: got %d, %v, want a port above %d", got, err, port)
	}
}

func TestLabArguments(t *testing.T) {
	args := labArguments("/work tree", labOptions{port: 9000, noBrowser: true, more: []string{"--debug"}}, false)
	for _, want := range []string{"--ServerApp.ip=127.0.0.1", "--ServerApp.port=9000", "--ServerApp.root_dir=/work tree", "--LabApp.default_url=/lab/tree/notebooks/00_quick_start.ipynb", "--no-browser", "--debug"} {
		if !slices.Contains(args, want) {
			t.Errorf("got %q, want %q in it", args, want)
		}
	}
	for _, arg := range labArguments("/work tree", labOptions{port: 9000}, true) {
		for _, weaker := range []string{"token", "password", "xsrf", "origin", "allow_remote_access"} { // Jupyter's defaults are strict
			if strings.Contains(arg, weaker) {
				t.Errorf("got %q, want Jupyter's own rule", arg)
			}
		}
	}
	if slices.Contains(args, "--allow-root") || !slices.Contains(labArguments("/", labOptions{port: 1}, true), "--allow-root") {
		t.Error("--allow-root is for root only")
	}
}

// The first time a notebook is open; afterwards what the user left.
func TestStartPage(t *testing.T) {
	s, _ := newTestSetup(t)
	if got, want := startPage(s.layout), "notebooks/00_quick_start.ipynb"; got != want {
		t.Errorf("first: got %q, want %q", got, want)
	}
	writeTestFile(t, s.jupyter("config", "lab", "workspaces", "default-37a8.jupyterlab-workspace"), "{}")
	if got, want := startPage(s.layout), "notebooks"; got != want {
		t.Errorf("with a workspace: got %q, want %q", got, want)
	}
}

// The server answers on loopback and to its token only. KDLIB_E2E=1 go test -run LabAsks ./kernel-setup
func TestLabAsksForItsToken(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("needs an installed .venv; set KDLIB_E2E=1 to run it")
	}
	s, err := newSetup(t.Context(), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	port, err := choosePort(18000, false)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), s.python(), labArguments(s.layout, labOptions{port: port, noBrowser: true}, os.Geteuid() == 0)...)
	cmd.Env = with(with(os.Environ(), jupyterEnvironment(s.layout)...), variable{"JUPYTER_TOKEN", "right"})
	if err := cmd.Start(); err != nil {
		t.Skip("nothing is installed:", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	status := func(host, token string) (int, error) {
		r, err := http.Get(fmt.Sprintf("http://%s/api/contents?token=%s", net.JoinHostPort(host, strconv.Itoa(port)), token))
		if err != nil {
			return 0, err
		}
		return r.StatusCode, r.Body.Close()
	}
	for range 600 {
		if _, err = status(loopback, ""); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for token, want := range map[string]int{"": http.StatusForbidden, "wrong": http.StatusForbidden, "right": http.StatusOK} {
		if got, err := status(loopback, token); err != nil || got != want {
			t.Errorf("token %q: got status %d, %v, want %d", token, got, err, want)
		}
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && !ip.IP.IsLoopback() && ip.IP.To4() != nil {
			if got, err := status(ip.IP.String(), "right"); err == nil {
				t.Errorf("it answers on %s with status %d", ip.IP, got)
			}
		}
	}
}
