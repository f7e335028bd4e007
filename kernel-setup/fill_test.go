package main

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"
)

func TestAwaitPort(t *testing.T) {
	server, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		t.Fatal(err)
	}
	port := server.Addr().(*net.TCPAddr).Port
	if err := awaitPort(t.Context(), port); err != nil {
		t.Errorf("served: got %v", err)
	}
	server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := awaitPort(ctx, port); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("not served: got %v, want to wait in vain", err)
	}
}

func TestCheckPrograms(t *testing.T) {
	s, _ := newTestSetup(t)
	t.Setenv("KDLIB_PROGRAMS", "")
	writeTestFile(t, s.path(".venv", "lib", "programs", "abc"), strings.Repeat("x", 2_000_000))
	if got := s.checkPrograms(); !got.ok || got.version != "1 programs, 2 MB" {
		t.Errorf("got %+v, want 1 program of 2 MB", got)
	}
	t.Setenv("KDLIB_PROGRAMS", "off")
	if got := s.checkPrograms(); !got.ok || got.version != "turned off" {
		t.Errorf("got %+v, want turned off", got)
	}
}
