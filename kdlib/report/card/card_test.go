package card_test

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
	"distillation/kdlib/metrics"
	"distillation/kdlib/report/card"
)

// exportFile names the file that testdata/gen_card.py reads the card from; the test then compares nothing.
const exportFile = "KDLIB_EXPORT_FILE"

// expected is what huggingface_hub read in the card, whose checksum is kept with it.
type expected struct {
	SHA256, License, Library, Pipeline string
	Tags, Datasets                     []string
	Metrics                            map[string]float64
	Dataset                            string
}

var example = card.Card{Name: `a "soft" student: 1`, License: "apache-2.0", Datasets: []string{"microsoft/cats_vs_dogs"}, Network: "resnet18", Torch: "resnet18(num_classes=1)", Size: 64,
	Classes: [2]string{"cat", "dog"}, Trained: 17500, Learned: "soft labels of the teacher", Recipe: `{"epochs": 10}`, Commit: "0123abc"}

// The Hub's own library reads in the card what was written.
func TestHubReadsTheCard(t *testing.T) {
	p, y := []float64{0.9, 0.2, 0.6, 0.4}, []float64{1, 0, 0, 1} // two right, two wrong
	test, err := card.NewTest(metrics.Predicted{P: p}, y, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	c := example
	c.Test = test
	var b strings.Builder
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	if path, generating := os.LookupEnv(exportFile); generating {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	var want expected
	golden.Read(t, "card_golden.json", &want)
	if got := fmt.Sprintf("%x", sha256.Sum256([]byte(b.String()))); got != want.SHA256 {
		t.Errorf("got SHA-256 %s, want %s: let testdata/gen_card.py read the new card", got, want.SHA256)
	}
	const digits = 1e-12
	loss := -(math.Log(0.9) + math.Log(0.8) + math.Log(0.4) + math.Log(0.4)) / 4
	ece := (0.1 + 0.2 + 0.6 + 0.6) / 4 // each prediction alone in its bin
	for name, value := range map[string]float64{"accuracy": 0.5, "log_loss": loss, "ece": ece} {
		if got, ok := want.Metrics[name]; !ok || !(math.Abs(got-value) <= digits) {
			t.Errorf("%s: the Hub reads %v, want %v", name, got, value)
		}
	}
	if want.License != example.License || want.Library != "kdlib" || want.Pipeline != "image-classification" || want.Datasets[0] != example.Datasets[0] || want.Tags[3] != example.Network {
		t.Errorf("the Hub reads %+v", want)
	}
	for _, text := range []string{"0.5000 | 0.1500 to 0.8500", "On 17500 pictures", "soft labels of the teacher", "commit 0123abc", "A picture of neither"} { // Wilson of 2 of 4, by hand
		if !strings.Contains(b.String(), text) {
			t.Errorf("the card does not say %q:\n%s", text, b.String())
		}
	}
}

// What is not known is not said, and without a licence there is no card.
func TestCardWithoutFacts(t *testing.T) {
	c := card.Card{Name: "mine", License: "mit", Network: "resnet18", Size: 64, Classes: [2]string{"left", "right"}, Recipe: "{}"}
	var b strings.Builder
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"model-index", "datasets:", "pictures of “left” (0)", "commit", "model.safetensors"} {
		if strings.Contains(b.String(), text) {
			t.Errorf("the card says %q", text)
		}
	}
	if !strings.Contains(b.String(), "It was not measured on a test set.") {
		t.Errorf("got %s", b.String())
	}
	c.License = ""
	if err := c.Write(&b); err == nil || !strings.Contains(err.Error(), "licence") {
		t.Errorf("no licence: got error %v", err)
	}
}
