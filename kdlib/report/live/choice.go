package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

// Labels says which labels the models' predictions are measured on.
type Labels string

// The two kinds of labels.
const (
	GroundTruth    Labels = "hand"   // of the data set
	TrainingLabels Labels = "lesson" // that a model learned from: its teacher's predictions by (13) or (14), or else ground-truth labels
)

// Choice holds the settings of a page's controls.
type Choice struct {
	Threshold float64           `json:"threshold"` // in [0, 1), see metrics.IsThreshold; a greater prediction is "dog"
	BinWidth  float64           `json:"binWidth"`  // of the histogram; see metrics.BinCount
	Models    []string          `json:"models"`    // that are shown, in the study's order; at least one
	Split     predictions.Split `json:"set"`
	Labels    Labels            `json:"labels"`
	Log       bool              `json:"log"` // the histogram's axis of frequencies is logarithmic

	FalsePositive float64 `json:"falsePositive"` // what mistakes cost, see metrics.Costs
	FalseNegative float64 `json:"falseNegative"`
	Dogs          float64 `json:"dogs"`
	Low           float64 `json:"low"` // predictions above it and up to High are withheld, see metrics.Withhold
	High          float64 `json:"high"`
}

// Costs are what mistakes cost by the page's controls.
func (c Choice) Costs() metrics.Costs {
	return metrics.Costs{FalsePositive: c.FalsePositive, FalseNegative: c.FalseNegative, Dogs: c.Dogs}
}

// Default is the choice that a page begins with: the paper's threshold, bins and models. Its set is not the test set: whoever
// moves a threshold until a number looks best has chosen the threshold on that set. Both mistakes cost 1, and every prediction is an
// answer.
func Default() Choice {
	return Choice{
		Threshold: distill.Threshold,
		BinWidth:  paper.BinWidth,
		Models:    []string{paper.Teacher, paper.Classical, paper.Hard, paper.Soft},
		Split:     predictions.Validation,
		Labels:    GroundTruth,

		FalsePositive: 1, FalseNegative: 1,
		Low: distill.Threshold, High: distill.Threshold,
	}
}

// Question is a JavaScript expression for notebook.Ask, which returns the settings of the page with that name.
func Question(name string) string {
	return fmt.Sprintf("(globalThis.kdlibWhatIf?.answer(%s, here) ?? '')", quote(name))
}

// Read reads the answer to Question. An empty answer, from no page, gives Default; so does, for itself, a field that is not there,
// as in the answer of an older page.
func Read(answer string) (Choice, error) {
	if answer == "" {
		return Default(), nil
	}
	c := Default()
	decoder := json.NewDecoder(strings.NewReader(answer))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return Choice{}, fmt.Errorf("live: answer %q: %w", answer, err)
	}
	return c, c.check()
}

func (c Choice) check() error {
	if !metrics.IsThreshold(c.Threshold) {
		return fmt.Errorf("live: threshold: got %v, want a number in [0, 1)", c.Threshold)
	}
	if _, err := metrics.BinCount(c.BinWidth); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	if _, err := predictions.ParseSplit(string(c.Split)); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	if len(c.Models) == 0 {
		return errors.New("live: models: none is ticked on the page; tick one and run the cell again")
	}
	if err := c.Costs().Validate(); err != nil {
		return fmt.Errorf("live: %w", err)
	}
	if !(0 <= c.Low && c.Low <= c.High && c.High <= 1) {
		return fmt.Errorf("live: withheld: got predictions from %v to %v, want 0 <= from <= to <= 1", c.Low, c.High)
	}
	if c.Labels != GroundTruth && c.Labels != TrainingLabels {
		return fmt.Errorf("live: labels: got %q, want %q or %q", c.Labels, GroundTruth, TrainingLabels)
	}
	return nil
}

// quote is a string in JavaScript.
func quote(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}
