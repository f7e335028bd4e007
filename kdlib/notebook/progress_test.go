package notebook

import (
	"encoding/base64"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"distillation/kdlib/train/history"
)

// stopwatch is a Progress whose clock stands still until it is moved, and which
// keeps what it shows.
type stopwatch struct {
	*Progress
	at    time.Time
	shown []string
}

func newStopwatch() *stopwatch {
	s := &stopwatch{at: time.Unix(1000, 0)}
	s.Progress = &Progress{now: func() time.Time { return s.at }, show: func(html string) { s.shown = append(s.shown, html) }}
	return s
}

func (s *stopwatch) last() string { return s.shown[len(s.shown)-1] }

func TestTimeLeftLeavesOutTheStart(t *testing.T) {
	s := newStopwatch()
	s.at = s.at.Add(time.Minute) // compiling
	s.Step("soft", history.Step{Epoch: 1, Epochs: 2, Number: 1, Steps: 10, MeanLoss: 0.7})
	s.at = s.at.Add(6 * time.Second)
	s.Step("soft", history.Step{Epoch: 1, Epochs: 2, Number: 4, Steps: 10, MeanLoss: 0.6}) // 3 steps in 6 s; 16 of 20 are left
	for _, want := range []string{`<progress value="4" max="20"`, "training of soft: 4 of 20 steps, epoch 1 of 2, loss 0.600, 32s left"} {
		if !strings.Contains(s.last(), want) {
			t.Errorf("%q is not in %s", want, s.last())
		}
	}
}

func TestManyStepsAreDrawnRarely(t *testing.T) {
	s := newStopwatch()
	for step := 1; step <= 100; step++ {
		s.Step("hard", history.Step{Epoch: 1, Epochs: 1, Number: step, Steps: 100, MeanLoss: 0.5})
		s.at = s.at.Add(redrawEvery / 10)
	}
	if got := len(s.shown); got != 10 {
		t.Errorf("drawn %d times, want 10", got)
	}
	s.Progress.Progress("predictions", 5, 5)
	if !strings.Contains(s.last(), "predictions: 5 of 5 pictures<") {
		t.Errorf("the end of the work is not shown: %s", s.last())
	}
}

func TestEpochsAreTableAndCurves(t *testing.T) {
	s := newStopwatch()
	s.Say("left out: %s", "<cat.7>")
	for n := 1; n <= mostEpochs+2; n++ {
		s.Step("classical", history.Step{Epoch: n, Epochs: 12, Number: 3, Steps: 3, MeanLoss: 0.5})
		s.Epoch("classical", 12, history.Epoch{Number: n, TrainLoss: 0.6, ValidationLoss: 0.6, TrainAccuracy: 0.5, ValidationAccuracy: float64(n) / 20, Seconds: 1.5})
	}
	got := s.last()
	wellFormed(t, strings.ReplaceAll(got, `"></div>`, `"/></div>`)) // HTML's img has no end
	for _, want := range []string{"left out: &lt;cat.7&gt;", "36 of 36 steps, epoch 12 of 12 done", "data:image/svg+xml", ">12<", "best so far"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %.3000s", want, got)
		}
	}
	if strings.Contains(got, ">2<") || strings.Count(got, "<tr>") != mostEpochs+1 {
		t.Errorf("the table holds other epochs than the last %d", mostEpochs)
	}
	s.Epoch("hard", 1, history.Epoch{Number: 1})
	if strings.Contains(s.last(), ">12<") {
		t.Errorf("the epochs of the model before are still shown: %s", s.last())
	}
}

// A run that is gone on with tells of its later epochs only: they have their own numbers, and what was the best before is not
// known.
func TestEpochsAfterAResume(t *testing.T) {
	s := newStopwatch()
	for n := 6; n <= 8; n++ {
		s.Epoch("soft", 8, history.Epoch{Number: n, TrainLoss: 0.6, ValidationLoss: 0.6, TrainAccuracy: 0.5, ValidationAccuracy: float64(n) / 20})
	}
	got := s.last()
	for _, want := range []string{"data:image/svg+xml", "best since epoch 6"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %.3000s", want, got)
		}
	}
	_, encoded, _ := strings.Cut(got, "base64,")
	encoded, _, _ = strings.Cut(encoded, `"`)
	svg, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{">7</text>": true, ">1</text>": false, "best: epoch": false} {
		if strings.Contains(string(svg), text) != want {
			t.Errorf("the curves: %q is there: got %v, want %v", text, !want, want)
		}
	}
	s.Epoch("soft", 8, history.Epoch{Number: 1, ValidationAccuracy: 0.1})
	if got := s.last(); strings.Contains(got, "since epoch") || strings.Count(got, "<tr>") != 2 {
		t.Errorf("another run of the same name: got %s, want its epoch alone", got)
	}
}

// Curves that cannot be drawn say why.
func TestEpochsThatCannotBeDrawn(t *testing.T) {
	s := newStopwatch()
	for n := 1; n <= 2; n++ {
		s.Epoch("soft", 2, history.Epoch{Number: n, TrainLoss: math.Inf(1)})
	}
	if got := s.last(); !strings.Contains(got, "point 0: got (1, +Inf)") || strings.Count(got, "<tr>") != 3 {
		t.Errorf("got %s, want the reason and the table", got)
	}
}

func TestSilence(t *testing.T) {
	s := newStopwatch()
	s.wait()
	if !strings.Contains(s.last(), silentHTML) {
		t.Errorf("silent at the start: %s", s.last())
	}
	s.Progress.Progress("decode pictures", 1, 2)
	if strings.Contains(s.last(), silentHTML) {
		t.Errorf("at work: %s", s.last())
	}
	s.Progress.Progress("decode pictures", 2, 2)
	s.wait()
	if got := s.last(); !strings.Contains(got, silentHTML) || !strings.Contains(got, "2 of 2 pictures") {
		t.Errorf("silent between two pieces of work: %s", got)
	}
	s.Step("soft", history.Step{Epoch: 1, Epochs: 1, Number: 2, Steps: 2, MeanLoss: 0.5})
	shown := len(s.shown)
	if s.wait(); len(s.shown) != shown {
		t.Errorf("silent at the end of a training run: %s", s.last())
	}
}

// Outside of a notebook nothing happens; the race detector watches.
func TestProgressFromManyGoroutines(t *testing.T) {
	p := NewProgress()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			p.Say("%d", i)
			p.Of("pictures")(i, 8)
			p.Step(fmt.Sprint("m", i), history.Step{Epoch: 1, Epochs: 1, Number: 1, Steps: 2, MeanLoss: 0.5})
			p.Epoch(fmt.Sprint("m", i), 1, history.Epoch{Number: 1})
		})
	}
	wait.Wait()
}
