package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/renameio/v2"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
)

// solutionsDir is the folder of solutions, below that of the notebooks.
const solutionsDir = "solutions"

//go:embed scripts/execute.py
var executeScript string

func runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [NOTEBOOK...]",
		Short: "Install what is missing, then execute notebooks without a browser",
		Long: `Install what is missing, then execute notebooks without a browser: those named, or all of notebooks/ and then of
notebooks/solutions/, each in name order.

Each is written in place when all its cells succeed and stays as it was when one fails. A compile error, a panic, an
exit status other than 0 (of a shell line too), an unknown magic command or a cell that takes too long is a failure: the
notebook and the cell (In[n]) are named, the other notebooks go on, and the exit status is 1. A cell tagged
raises-exception may fail.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.run(cmd.Context(), args, o)
		},
	}
	cmd.Flags().StringVar(&o.output, "output", "", "write the executed notebooks into this folder, failed ones too, and leave the originals alone")
	cmd.Flags().IntVar(&o.jobs, "jobs", 1, "so many notebooks at a time; what they measure of speed is then worth little")
	cmd.Flags().DurationVar(&o.timeout, "timeout", 10*time.Minute, "the longest that one cell may take")
	return cmd
}

// runOptions are the command's flags.
type runOptions struct {
	output  string // folder of the executed notebooks; empty: in place
	jobs    int    // notebooks at a time
	timeout time.Duration
}

func (s *setup) run(ctx context.Context, paths []string, o runOptions) error {
	if o.jobs < 1 {
		return fmt.Errorf("--jobs: got %d, want at least 1", o.jobs)
	}
	paths, err := s.notebookPaths(paths)
	if err != nil {
		return err
	}
	p, err := s.ensure(ctx)
	if err != nil {
		return err
	}
	if o.jobs > 1 {
		shared := *s
		shared.out = &sharedWriter{w: s.out} // no terminal: several progress bars would write over each other
		s = &shared
	}
	failed := s.runAll(ctx, p, paths, o)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failed > 0 {
		fmt.Fprintf(s.out, "%d of %d notebooks failed\n", failed, len(paths))
		return errReported
	}
	return nil
}

// sharedWriter lets several notebooks write their lines.
type sharedWriter struct {
	mutex sync.Mutex
	w     io.Writer
}

func (s *sharedWriter) Write(p []byte) (int, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.w.Write(p)
}

// runAll executes notebooks in their order, o.jobs at a time, and returns how many failed. A solution goes on with what notebooks made: it
// waits for those before it whose names do not come after its own.
func (s *setup) runAll(ctx context.Context, p plugin, paths []string, o runOptions) int {
	var failed atomic.Int64
	var all sync.WaitGroup
	free := make(chan struct{}, o.jobs)
	finished := make([]chan struct{}, len(paths))
	for i, path := range paths {
		finished[i] = make(chan struct{})
		free <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { close(finished[i]); <-free }()
			for j, other := range paths[:i] {
				if isSolution(path) && !isSolution(other) && filepath.Base(other) <= filepath.Base(path) {
					<-finished[j]
				}
			}
			ok, err := s.runNotebook(ctx, p, path, o)
			if err != nil && ctx.Err() == nil {
				fmt.Fprintf(s.out, "%s  failed: %v\n", s.notebookName(path), err)
			}
			if err != nil || !ok {
				failed.Add(1)
			}
		})
	}
	all.Wait()
	return int(failed.Load())
}

func isSolution(path string) bool { return filepath.Base(filepath.Dir(path)) == solutionsDir }

// notebookPaths defaults to all of notebooks/, then the solutions, which go on with what those made, and finds out early
// when one is not there.
func (s *setup) notebookPaths(paths []string) ([]string, error) {
	if len(paths) == 0 {
		var all []string
		for _, folder := range []string{s.notebooks(), filepath.Join(s.notebooks(), solutionsDir)} {
			found, err := filepath.Glob(filepath.Join(folder, "*.ipynb")) // sorted
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		if len(all) == 0 {
			return nil, fmt.Errorf("%s: no notebooks there", s.notebooks())
		}
		return all, nil
	}
	for _, path := range paths {
		if _, err := readNotebook(path); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// notebookName tells a notebook from its solutions, which has the same file name: its path below notebooks/; elsewhere
// the file name alone.
func (s *setup) notebookName(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		if name, err := filepath.Rel(s.notebooks(), whole); err == nil && filepath.IsLocal(name) {
			return name
		}
	}
	return filepath.Base(path)
}

// runNotebook executes one notebook, prints its line and reports whether all cells succeeded.
func (s *setup) runNotebook(ctx context.Context, p plugin, path string, o runOptions) (ok bool, err error) {
	target := path
	if o.output != "" {
		target = filepath.Join(o.output, s.notebookName(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return false, err
		}
	}
	pending, err := renameio.NewPendingFile(target, renameio.WithPermissions(0o644), renameio.WithExistingPermissions())
	if err != nil {
		return false, err
	}
	defer pending.Cleanup()
	start := time.Now()
	broken, err := s.execute(ctx, p, execution{path, pending.Name(), o.timeout})
	if err != nil {
		return false, err
	}
	nb, err := readNotebook(pending.Name())
	if err != nil {
		return false, err
	}
	failures := append(nb.failures(), broken...)
	s.printResult(s.notebookName(path), time.Since(start), failures)
	if len(failures) == 0 || o.output != "" {
		err = pending.CloseAtomicallyReplace()
	}
	return len(failures) == 0, err
}

func (s *setup) printResult(name string, took time.Duration, failures []failure) {
	result := "ok"
	if len(failures) > 0 {
		result = "FAILED"
	}
	lines := fmt.Sprintf("%s  %.1f s  %s\n", name, took.Seconds(), result)
	for _, f := range failures {
		lines += fmt.Sprintf("  %s In[%d]: %s\n", name, f.Cell, strings.ReplaceAll(f.Message, "\n", "\n    "))
	}
	fmt.Fprint(s.out, lines) // at once, as other notebooks may have lines, too
}

// execution is of the notebook source, into target; no cell may take longer than timeout.
type execution struct {
	source, target string
	timeout        time.Duration
}

// execute runs scripts/execute.py and returns the failures that leave no trace in the notebook.
func (s *setup) execute(ctx context.Context, p plugin, e execution) ([]failure, error) {
	cmd := exec.CommandContext(ctx, s.python(), "-c", executeScript, e.source, e.target, fmt.Sprint(e.timeout.Seconds()), s.languageServerDir())
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // lets it stop the kernel
	cmd.WaitDelay = 10 * time.Second
	env := with(os.Environ(), environment(s.layout, s.env.goBin(), p, os.Getenv)...)
	cmd.Env = with(env, jupyterEnvironment(s.layout)...)
	var log bytes.Buffer
	cmd.Stderr = &log
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	broken := s.follow(stdout, s.notebookName(e.source))
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, lastLine(log.String()))
	}
	return broken, nil
}

// follow reads what scripts/execute.py says, and shows on a terminal which cell it is at.
func (s *setup) follow(r io.Reader, name string) []failure {
	var bar *progressbar.ProgressBar
	var broken []failure
	at := 0
	for lines := bufio.NewScanner(r); lines.Scan(); {
		var said struct {
			Cell, Of int
			Failed   string
		}
		if json.Unmarshal(lines.Bytes(), &said) != nil {
			continue
		}
		if said.Failed != "" {
			broken = append(broken, failure{at, said.Failed})
			continue
		}
		at = said.Cell
		if bar == nil && isTerminal(s.out) {
			bar = progressbar.NewOptions(said.Of, progressbar.OptionSetDescription(name), progressbar.OptionSetWriter(s.out),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))
		}
		if bar != nil {
			bar.Set(at - 1)
		}
	}
	if bar != nil {
		bar.Finish()
	}
	return broken
}

// lastLine is the last line of s that says something.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
