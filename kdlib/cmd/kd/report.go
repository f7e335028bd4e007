package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"distillation/kdlib/internal/pace"
	"distillation/kdlib/train/history"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// reporter tells the user how long work goes: a bar in a terminal, else a plain line now and then.
type reporter struct {
	out      io.Writer
	terminal bool
	bar      *progressbar.ProgressBar
	what     string    // of the bar
	pace     pace.Pace // of what
	last     time.Time // when a plain line was printed
}

// plainEvery keeps logs of hours readable.
const plainEvery = 15 * time.Second

func newReporter(out io.Writer) *reporter {
	file, isFile := out.(*os.File)
	return &reporter{out: out, terminal: isFile && term.IsTerminal(int(file.Fd()))}
}

// Say prints a line of news.
func (r *reporter) Say(format string, args ...any) {
	r.clear()
	fmt.Fprintf(r.out, format+"\n", args...)
}

// Progress shows how much of a piece of work is done.
func (r *reporter) Progress(what string, done, total int) { r.show(what, "", done, total) }

// Step shows a training step within its epoch.
func (r *reporter) Step(model string, made history.Step) {
	r.show(fmt.Sprintf("%s: epoch %d of %d", model, made.Epoch, made.Epochs), fmt.Sprintf(" loss %.4f", made.MeanLoss), made.Number, made.Steps)
}

// Epoch prints what a finished epoch measured.
func (r *reporter) Epoch(model string, epochs int, e history.Epoch) {
	r.Say("%s: epoch %d of %d: train loss %.4f accuracy %.4f, validation loss %.4f accuracy %.4f, %.0f s",
		model, e.Number, epochs, e.TrainLoss, e.TrainAccuracy, e.ValidationLoss, e.ValidationAccuracy, e.Seconds)
}

func (r *reporter) show(what, detail string, done, total int) {
	if what != r.what {
		r.clear()
		r.what, r.pace, r.last = what, pace.From(done, time.Now()), time.Now()
		if r.terminal {
			r.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(r.out), progressbar.OptionClearOnFinish(),
				progressbar.OptionShowCount(), progressbar.OptionSetElapsedTime(true),
				progressbar.OptionSetPredictTime(false), // its own takes what was done before for made at once
				progressbar.OptionThrottle(100*time.Millisecond))
		}
	}
	if left, known := r.pace.Left(done, total, time.Now()); known {
		detail += fmt.Sprintf(", %v left", left)
	}
	if r.terminal {
		r.bar.Describe(what + detail)
		_ = r.bar.Set(done) // a bar that cannot be drawn stops no work
		return
	}
	if time.Since(r.last) >= plainEvery && done < total {
		r.last = time.Now()
		fmt.Fprintf(r.out, "%s: %d of %d%s\n", what, done, total, detail)
	}
}

// makeFolder makes the folder of a file that is to be written.
func makeFolder(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("the folder of %s: %w", path, err)
	}
	return nil
}

func (r *reporter) clear() {
	if r.bar != nil {
		_ = r.bar.Clear()
		r.bar = nil
	}
	r.what = ""
}
