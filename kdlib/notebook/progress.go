package notebook

import (
	"fmt"
	"html"
	"strings"
	"sync"
	"time"

	"distillation/kdlib/chart"
	"distillation/kdlib/internal/pace"
	"distillation/kdlib/train/history"

	"github.com/janpfeifer/gonb/gonbui"
)

// redrawEvery keeps a notebook responsive while thousands of steps are told.
const redrawEvery = 250 * time.Millisecond

// Progress shows below a cell how far its work is: a bar with the time left and, while a model is trained, its epochs so far as
// a table and as curves. It is one output, drawn anew each time, so that a saved notebook holds only the last state. It is a
// study.Reporter, and several goroutines may use it at once. Outside of a notebook it shows nothing.
type Progress struct {
	mutex sync.Mutex
	show  func(html string)
	now   func() time.Time
	drawn time.Time

	silence *time.Timer // calls wait; nil in tests

	bar   bar
	news  []string
	model string // in training
	past  history.History
}

// bar is a piece of work under way.
type bar struct {
	what, detail string
	unit         string // what is counted
	done, total  int
	pace         pace.Pace // since it was first told of
}

// patience is how long work may be silent between two pieces before Progress says
// that it goes on: the first step of a training run comes late, because it
// compiles the network.
const patience = 2 * time.Second

const silentHTML = "<div>Please wait: a network is compiled when it is first used, which takes some seconds the first time.</div>"

// NewProgress returns a report that appears below the cell when it is first told something, or after two seconds.
func NewProgress() *Progress {
	id := "progress-" + gonbui.UniqueId()
	p := &Progress{now: time.Now, show: func(html string) {
		gonbui.UpdateHTML(id, html)
		gonbui.Sync()
	}}
	p.mutex.Lock() // the timer may fire before it is stored
	defer p.mutex.Unlock()
	p.silence = time.AfterFunc(patience, p.wait)
	return p
}

// wait is called when nothing was told for a while. Only before a training run
// and between two pieces of work is there something to explain.
func (p *Progress) wait() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.model == "" && p.bar.done == p.bar.total {
		p.show("<div>" + p.html(p.now()) + silentHTML + "</div>")
	}
}

// Of returns a function that shows the progress of one piece of work, as dataset.Progress.
func (p *Progress) Of(what string) func(done, total int) {
	return func(done, total int) { p.Progress(what, done, total) }
}

// Say shows a line of news above the bar.
func (p *Progress) Say(format string, args ...any) {
	p.change(true, func() { p.news = append(p.news, fmt.Sprintf(format, args...)) })
}

// Progress shows how many of total pictures are done.
func (p *Progress) Progress(what string, done, total int) {
	p.change(done == total, func() { p.advance(what, "pictures", done, total) })
}

// Step shows a training step. The bar covers all epochs.
func (p *Progress) Step(model string, made history.Step) {
	p.change(false, func() {
		p.train(model)
		p.advance("training of "+model, "steps", (made.Epoch-1)*made.Steps+made.Number, made.Epochs*made.Steps)
		p.bar.detail = fmt.Sprintf("epoch %d of %d, loss %.3f", made.Epoch, made.Epochs, made.MeanLoss)
	})
}

// Epoch adds an epoch to the table and to the curves.
func (p *Progress) Epoch(model string, epochs int, measured history.Epoch) {
	p.change(true, func() {
		p.train(model)
		if n := len(p.past); n > 0 && measured.Number != p.past[n-1].Number+1 {
			p.past = nil // another training run of that name
		}
		p.past = append(p.past, measured)
		p.bar.detail = fmt.Sprintf("epoch %d of %d done", measured.Number, epochs)
	})
}

// train forgets the epochs of the model before.
func (p *Progress) train(model string) {
	if model != p.model {
		p.model, p.past = model, nil
	}
}

func (p *Progress) advance(what, unit string, done, total int) {
	if what != p.bar.what {
		p.bar = bar{what: what, unit: unit, pace: pace.From(done, p.now())}
	}
	p.bar.done, p.bar.total = done, total
}

// change draws anew what change does: at once, or when the last drawing is old.
func (p *Progress) change(atOnce bool, change func()) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	change()
	if p.silence != nil {
		p.silence.Reset(patience)
	}
	if now := p.now(); atOnce || now.Sub(p.drawn) >= redrawEvery {
		p.drawn = now
		p.show(p.html(now))
	}
}

func (p *Progress) html(now time.Time) string {
	var b strings.Builder
	b.WriteString("<div>")
	for _, line := range p.news {
		fmt.Fprintf(&b, "<div>%s</div>", html.EscapeString(line))
	}
	if p.bar.total > 0 {
		b.WriteString(p.bar.html(now))
	}
	if len(p.past) > 0 {
		b.WriteString(p.epochs())
	}
	b.WriteString("</div>")
	return b.String()
}

func (b bar) html(now time.Time) string {
	return fmt.Sprintf(`<div style="margin:0.3em 0"><progress value="%d" max="%d" style="width:16em"></progress> %s: %s</div>`,
		b.done, b.total, html.EscapeString(b.what), html.EscapeString(b.state(now)))
}

// state says in words where the work is.
func (b bar) state(now time.Time) string {
	parts := []string{fmt.Sprintf("%d of %d %s", b.done, b.total, b.unit)}
	if b.detail != "" {
		parts = append(parts, b.detail)
	}
	if left, known := b.pace.Left(b.done, b.total, now); known {
		parts = append(parts, left.String()+" left")
	}
	return strings.Join(parts, ", ")
}

// epochs are the curves, once there are two points to join, and the table.
func (p *Progress) epochs() string {
	var b strings.Builder
	if len(p.past) > 1 {
		b.WriteString(learningHTML(p.model, p.past))
	}
	b.WriteString(epochsTable(p.past).HTML())
	return b.String()
}

// learningHTML draws the curves of figures 2-5 so far, or says why they cannot
// be drawn. A run that was gone on with tells of its later epochs only, the best
// of which need not be the run's: none is marked.
func learningHTML(model string, past history.History) string {
	number := func(e history.Epoch) float64 { return float64(e.Number) }
	curves := func(train, validation func(history.Epoch) float64) []chart.Curve {
		return []chart.Curve{{Name: "train", X: past.Column(number), Y: past.Column(train)},
			{Name: "validation", X: past.Column(number), Y: past.Column(validation)}}
	}
	best := 0
	if past[0].Number == 1 {
		e, _ := past.Best()
		best = e.Number
	}
	l := chart.Learning{
		Model: model, Best: best,
		Loss:     curves(func(e history.Epoch) float64 { return e.TrainLoss }, func(e history.Epoch) float64 { return e.ValidationLoss }),
		Accuracy: curves(func(e history.Epoch) float64 { return e.TrainAccuracy }, func(e history.Epoch) float64 { return e.ValidationAccuracy }),
	}
	p, err := chart.LearningCurves(l)
	if err != nil {
		return "<div>" + html.EscapeString(err.Error()) + "</div>"
	}
	svg, err := chart.SVG(p, liveWidth, liveHeight)
	if err != nil {
		return "<div>" + html.EscapeString(err.Error()) + "</div>"
	}
	return figureHTML(svg, "learning curves of "+model, liveWidth)
}
