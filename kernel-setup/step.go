package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// quietly runs cmd with its output in a log file. On a terminal a spinner turns meanwhile. The error says in a line
// what the output means.
func (s *setup) quietly(ctx context.Context, what string, cmd *exec.Cmd) error {
	stop := s.spin(what)
	defer stop()
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if s.held != nil {
		cmd.ExtraFiles = []*os.File{s.held}
	}
	runErr := cmd.Run()
	path := s.own("log", strings.ReplaceAll(what, " ", "-")+".txt")
	if err := writeFile(path, log.Bytes()); err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case runErr != nil:
		why := errors.New(explain(log.String(), runErr))
		if why.Error() == errChecksum.Error() {
			why = errChecksum
		}
		return fmt.Errorf("%w (all output: %s)", why, s.relative(path))
	}
	return nil
}

// spin shows that something is going on, if anybody is looking.
func (s *setup) spin(what string) (stop func()) {
	if !isTerminal(s.out) {
		return func() {}
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(s.out),
		progressbar.OptionSpinnerType(14), progressbar.OptionSetElapsedTime(true), progressbar.OptionClearOnFinish())
	return every(150*time.Millisecond, func() { bar.Add(1) }, func() { bar.Finish() })
}

// downloadBar shows how far a download of known size is; have tells the bytes that are there.
func (s *setup) downloadBar(what string, total int64, have func() int64) (stop func()) {
	if !isTerminal(s.out) {
		fmt.Fprintf(s.out, "  %s: %.0f MB\n", what, float64(total)/1e6)
		return func() {}
	}
	bar := progressbar.NewOptions64(total, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(s.out),
		progressbar.OptionShowBytes(true), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
	return every(200*time.Millisecond, func() { bar.Set64(min(have(), total)) }, func() { bar.Finish() })
}

// every calls tick until the returned function is called, which calls last.
func every(period time.Duration, tick, last func()) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		t := time.NewTicker(period)
		defer t.Stop()
		for {
			select {
			case <-t.C:
				tick()
			case <-done:
				last()
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// errChecksum is what quietly returns where a download was another one.
var errChecksum = errors.New("the downloaded file is not the pinned one (checksum)")

// causes are what pip and go print when something outside this program is wrong, and how to say it.
var causes = []struct{ meaning, signs string }{
	{"the disk is full", "No space left on device|no space left on device|Disk quota exceeded|disk quota exceeded"},
	{errChecksum.Error(), "DO NOT MATCH THE HASHES|checksum mismatch|SECURITY ERROR"},
	{"no network, or the package index cannot be reached", "NewConnectionError|Failed to establish a new connection|" +
		"Temporary failure in name resolution|Name or service not known|No route to host|dial tcp|no such host|i/o timeout|" +
		"ConnectTimeoutError|ReadTimeoutError|Network is unreachable|TLS handshake timeout|ProxyError|proxyconnect"},
}

// explain turns the output of a failed program into one line.
func explain(output string, err error) string {
	for _, c := range causes {
		for sign := range strings.SplitSeq(c.signs, "|") {
			if strings.Contains(output, sign) {
				return c.meaning
			}
		}
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.TrimSpace(lines[len(lines)-1]) + " (" + err.Error() + ")"
}
