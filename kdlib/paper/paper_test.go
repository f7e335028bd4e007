package paper

import (
	"fmt"
	"math"
	"testing"

	"distillation/kdlib/predictions"
)

func ExampleLookupResult() {
	r, ok := LookupResult(Soft, predictions.Test, "ground truth", "without")
	fmt.Println(r.Accuracy.Text, r.Accuracy.Decimals(), r.Loss.Value, ok)
	// Output:
	// 0.96320 5 0.12629 true
}

func ExampleHistogramOf() {
	f, ok := HistogramOf(predictions.Test, Teacher)
	fmt.Println(len(f), f[0], f[19], ok)
	_, ok = HistogramOf(predictions.Test, Soft) // missing from our copy of the paper
	fmt.Println(ok)
	// Output:
	// 20 0.48027 0.48587 true
	// false
}

func ExamplePrinted_MultipleOf() {
	u, _ := LookupUncertainty(Teacher, predictions.Validation)
	for _, n := range []int{3750, 3718} {
		k, ok := u.Accuracy.MultipleOf(n)
		fmt.Printf("%s of %d: %d, %v\n", u.Accuracy.Text, n, k, ok)
	}
	// Output:
	// 0.97526 of 3750: 3657, false
	// 0.97526 of 3718: 3626, true
}

// Counted by hand in the tables.
func TestNumberOfRows(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"Results", len(Results()), 4 + 4 + 6 + 6},
		{"Timing", len(Timing()), 2},
		{"Histograms", len(Histograms()), 11 * 20},
		{"Uncertainty", len(Uncertainty()), 4 * 3},
		{"Recursive", len(Recursive()), 2 * 7 * 3},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d rows, want %d", c.name, c.got, c.want)
		}
	}
}

// One row of each table, read off the paper.
func TestRows(t *testing.T) {
	if got, want := Results()[0], (Result{Teacher, predictions.Train, "ground truth", "", Printed{"0.00079", 0.00079}, Printed{"0.99983", 0.99983}}); got != want {
		t.Errorf("Results: %+v, want %+v", got, want)
	}
	if got, ok := LookupTime(ResNet50); !ok || got.SecondsPerImage.Text != "0.35452" || got.Images != 3750 || got.MeanMegapixels != 0.152 {
		t.Errorf("LookupTime: %+v, %v", got, ok)
	}
	if got, want := Histograms()[3], (Frequency{predictions.Test, Teacher, 0.15, 0.2, Printed{"0.00293", 0.00293}}); got != want {
		t.Errorf("Histograms: %+v, want %+v", got, want)
	}
	if got, ok := LookupUncertainty(Hard, predictions.Train); !ok || got.Uncertainty != (Printed{"0.005", 0.005}) || got.Uncertainty.Decimals() != 3 {
		t.Errorf("LookupUncertainty: %+v, %v", got, ok)
	}
	if got, ok := LookupRecursive(Soft, 6, predictions.Test); !ok || got.Accuracy.Text != "0.94587" || got.Uncertainty.Text != "0.02268" {
		t.Errorf("LookupRecursive: %+v, %v", got, ok)
	}
}

func TestLookupsOfWhatIsNotThere(t *testing.T) {
	if _, ok := LookupResult(Teacher, predictions.Test, "teacher", "without"); ok {
		t.Error("LookupResult: the teacher has no labels from the teacher")
	}
	if _, ok := LookupTime("ResNet-34"); ok {
		t.Error("LookupTime: ResNet-34")
	}
	if _, ok := LookupUncertainty("nobody", predictions.Test); ok {
		t.Error("LookupUncertainty: nobody")
	}
	if _, ok := LookupRecursive(Hard, 7, predictions.Test); ok {
		t.Error("LookupRecursive: generation 7")
	}
}

func TestTablesAreCopies(t *testing.T) {
	Results()[0].Model = "changed"
	if Results()[0].Model != Teacher {
		t.Error("a caller changed the table")
	}
}

// "0.005" may have been anything from 0.0045 to 0.0055.
func TestRounding(t *testing.T) {
	for text, want := range map[string]float64{"0.005": 0.0005, "0.96160": 0.000005, "47": 0.5} {
		if got := (Printed{Text: text}).Rounding(); math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// Section 3.2, by hand.
func TestBestEpoch(t *testing.T) {
	if classical, ok := BestEpoch(Classical); classical != 86 || !ok {
		t.Errorf("classical: got %d, %v", classical, ok)
	}
	if hard, ok := BestEpoch(Hard); hard != 47 || !ok {
		t.Errorf("hard: got %d, %v", hard, ok)
	}
	if _, ok := BestEpoch(Soft); ok {
		t.Error("soft: section 3.2 names no epoch")
	}
}
