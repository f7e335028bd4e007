// Package card writes the model card of a trained network, in the form of the Hugging Face Hub: a README.md that begins with the
// facts as YAML, for programs, and goes on in words.
package card

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/template"

	"distillation/kdlib/metrics"
	"distillation/kdlib/stats"
)

// Card is what is known of a network that is to be published.
type Card struct {
	Name     string    // of the model
	License  string    // of its weights, by the Hub's identifiers, such as apache-2.0 or cc-by-4.0
	Datasets []string  // the Hub's names of the data that it was trained on, such as microsoft/cats_vs_dogs; may be empty
	Network  string    // such as resnet18
	Torch    string    // torchvision's call that makes the network, as resnet18(num_classes=1), which then comes as model.safetensors too; empty: it does not
	Size     int       // width and height of the pictures that it takes
	Classes  [2]string // names of the labels 0 and 1
	Trained  int       // pictures that it was trained on; 0: not known
	Learned  string    // from which labels: "ground truth"; empty: not known
	Recipe   string    // how it was trained, as JSON
	Commit   string    // of the source that trained or wrote it; empty: not known
	Test     *Test     // nil: it was not measured
}

// Test is how good a network is on pictures that it was not trained with.
type Test struct {
	metrics.Summary
	Threshold float64
	Interval  stats.Interval // of the accuracy, by Wilson
	ECE       float64        // expected calibration error
}

// eceBinWidth is that of the figures of calibration.
const eceBinWidth = 0.1

// NewTest measures predictions p on labels y, with stats.Confidence.
func NewTest(predicted metrics.Predicted, y []float64, threshold float64) (*Test, error) {
	s, err := predicted.Summarize(y, threshold)
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	interval, err := stats.Wilson(int(s.Accuracy*float64(s.N)+0.5), s.N, stats.Confidence)
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	bins, err := metrics.CalibrationCurve(predicted.P, y, eceBinWidth)
	if err != nil {
		return nil, fmt.Errorf("card: %w", err)
	}
	return &Test{s, threshold, interval, metrics.ECE(bins)}, nil
}

//go:embed card.md.tmpl
var text string

var card = template.Must(template.New("card").Funcs(template.FuncMap{
	"yaml":       func(v any) (string, error) { b, err := json.Marshal(v); return string(b), err }, // JSON is YAML
	"confidence": func() float64 { return 100 * stats.Confidence },
	"percent":    func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) },
}).Parse(text))

// Write writes the card. A card without a licence is an error: nobody could use the network.
func (c Card) Write(w io.Writer) error {
	if c.License == "" {
		return errors.New("card: the licence of the weights is missing, such as apache-2.0")
	}
	if err := card.Execute(w, c); err != nil {
		return fmt.Errorf("card: %w", err)
	}
	return nil
}
