package main

import (
	"net"
	"slices"
	"strings"
	"testing"
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
	args := labArguments("/work tree", 9000, true, false, []string{"--debug"})
	for _, want := range []string{"--ServerApp.ip=127.0.0.1", "--ServerApp.port=9000", "--ServerApp.root_dir=/work tree/notebooks", "--no-browser", "--debug"} {
		if !slices.Contains(args, want) {
			t.Errorf("got %q, want %q in it", args, want)
		}
	}
	if slices.Contains(args, "--allow-root") || !slices.Contains(labArguments("/", 1, false, true, nil), "--allow-root") {
		t.Error("--allow-root is for root only")
	}
}
