package paper

import (
	"fmt"
	"math"
	"testing"

	"distillation/kdlib/pred"
)

var (
	models = []string{Teacher, Classical, Hard, Soft}
	sets   = []pred.Set{pred.Train, pred.Validation, pred.Test}
)

// sumSlack is what 20 numbers rounded to five digits can be off in sum.
const sumSlack = 20 * 0.5e-5

// tables calls f with the eleven tables of section 4.2 that we have.
func tables(t *testing.T, f func(set pred.Set, model string, frequencies []float64)) {
	t.Helper()
	n := 0
	for _, set := range sets {
		for _, model := range models {
			if frequencies, ok := HistogramOf(set, model); ok {
				f(set, model, frequencies)
				n++
			}
		}
	}
	if n != 11 {
		t.Errorf("%d tables, want 11", n)
	}
}

// Section 4.1: "almost 5 times faster".
func TestResNet18IsAlmostFiveTimesFaster(t *testing.T) {
	small, _ := LookupTime(ResNet18)
	large, _ := LookupTime(ResNet50)
	if ratio := large.SecondsPerImage.Value / small.SecondsPerImage.Value; math.Abs(ratio-4.95) > 0.005 {
		t.Errorf("ratio %v, want 4.95", ratio)
	}
	for _, row := range Timing() {
		perImage := row.SecondsTotal.Value / float64(row.Images)
		if math.Abs(perImage-row.SecondsPerImage.Value) > 0.5e-5 {
			t.Errorf("%s: %v s an image from the total, printed %s", row.Network, perImage, row.SecondsPerImage.Text)
		}
	}
}

// Section 3.2: the soft student beats the classical one on the test set.
func TestSoftBeatsClassical(t *testing.T) {
	for _, augmentation := range []string{"without", "with"} {
		soft, _ := LookupResult(Soft, pred.Test, "hand", augmentation)
		classical, _ := LookupResult(Classical, pred.Test, "hand", augmentation)
		if soft.Accuracy.Value <= classical.Accuracy.Value {
			t.Errorf("%s augmentation: soft %s, classical %s", augmentation, soft.Accuracy.Text, classical.Accuracy.Text)
		}
	}
}

func TestHistogramsSumToOne(t *testing.T) {
	tables(t, func(set pred.Set, model string, frequencies []float64) {
		sum := 0.0
		for _, f := range frequencies {
			sum += f
		}
		if len(frequencies) != 20 || math.Abs(sum-1) > sumSlack {
			t.Errorf("%s, %s: %d bins, sum %v", set, model, len(frequencies), sum)
		}
	})
}

// Section 4.2: on the train set more than 91% of every model's answers lie in
// the outer bins; elsewhere the inner ones stay below 0.015, but for one.
func TestAnswersCrowdAtTheEnds(t *testing.T) {
	var above []float64
	tables(t, func(set pred.Set, model string, f []float64) {
		if outer := f[0] + f[19]; set == pred.Train && outer <= 0.91 {
			t.Errorf("%s, %s: outer bins hold %v", set, model, outer)
		}
		for i := 1; i < 19; i++ {
			if set != pred.Train && f[i] >= 0.015 {
				above = append(above, f[i])
				if set != pred.Validation || model != Hard || i != 18 {
					t.Errorf("%s, %s: bin %d holds %v", set, model, i, f[i])
				}
			}
		}
	})
	if len(above) != 1 || above[0] != 0.01787 {
		t.Errorf("inner bins above 0.015: %v, want the 0.01787 of validation, hard, [0.9, 0.95)", above)
	}
}

// Section 4.2: the teacher is the most confident.
func TestTeacherIsTheMostConfident(t *testing.T) {
	for _, set := range sets {
		teacher, _ := LookupUncertainty(Teacher, set)
		for _, model := range models[1:] {
			if other, _ := LookupUncertainty(model, set); other.Uncertainty.Value <= teacher.Uncertainty.Value {
				t.Errorf("%s: %s %s, teacher %s", set, model, other.Uncertainty.Text, teacher.Uncertainty.Text)
			}
		}
	}
}

// Section 4.2: the soft student inherits the teacher's greater doubt about
// dogs. In the printed tables that holds on train and validation; on the test
// set the teacher has more doubt about cats.
func TestDoubtAboutDogs(t *testing.T) {
	tables(t, func(set pred.Set, model string, f []float64) {
		cats, dogs := 0.0, 0.0 // answers in [0.05, 0.5) and in [0.5, 0.95)
		for i := 1; i < 10; i++ {
			cats += f[i]
			dogs += f[19-i]
		}
		want := (model == Teacher || model == Soft) && set != pred.Test
		want = want || model == Hard && set == pred.Validation // by 0.0008
		if (dogs > cats) != want {
			t.Errorf("%s, %s: doubt about dogs %.5f, about cats %.5f", set, model, dogs, cats)
		}
	})
}

// Section 4.3: each unc lies within what the histogram allows.
func TestUncertaintyLiesWithinItsHistogram(t *testing.T) {
	tables(t, func(set pred.Set, model string, f []float64) {
		low, high := UncertaintyBounds(f)
		row, ok := LookupUncertainty(model, set)
		if got := row.Uncertainty.Value; !ok || got < low-sumSlack || got > high+sumSlack {
			t.Errorf("%s, %s: unc %v, histogram allows [%v, %v]", set, model, got, low, high)
		}
	})
}

// By hand, two bins: all answers in [0, 0.5) may be 0 or nearly 0.5. Four bins:
// half in [0.25, 0.5), 0.25^2/2 to 0.5^2/2, and half in [0.75, 1], 0 to 0.25^2/2.
func TestUncertaintyBounds(t *testing.T) {
	for _, c := range []struct {
		frequencies []float64
		low, high   float64
	}{
		{[]float64{1, 0}, 0, 0.25},
		{[]float64{0, 1}, 0, 0.25},
		{[]float64{0, 0.5, 0, 0.5}, 0.03125, 0.15625},
	} {
		if low, high := UncertaintyBounds(c.frequencies); low != c.low || high != c.high {
			t.Errorf("UncertaintyBounds(%v) = %v, %v, want %v, %v", c.frequencies, low, high, c.low, c.high)
		}
	}
}

// Section 4.4: recursion lowers test accuracy by less than 3%, and at each step
// the soft chain's is higher.
func TestRecursionCostsLittle(t *testing.T) {
	for generation := 0; generation <= 6; generation++ {
		for _, chain := range []string{Hard, Soft} {
			first, _ := LookupRecursive(chain, 0, pred.Test)
			row, ok := LookupRecursive(chain, generation, pred.Test)
			if loss := first.Accuracy.Value - row.Accuracy.Value; !ok || loss >= 0.03 {
				t.Errorf("%s chain, generation %d: lost %v", chain, generation, loss)
			}
		}
		hard, _ := LookupRecursive(Hard, generation, pred.Test)
		soft, _ := LookupRecursive(Soft, generation, pred.Test)
		if soft.Accuracy.Value <= hard.Accuracy.Value {
			t.Errorf("generation %d: soft %s, hard %s", generation, soft.Accuracy.Text, hard.Accuracy.Text)
		}
	}
}

// Section 4.4: unc stays within 0.003 of the hard student's in the hard chain,
// and grows on every set in the soft one.
func TestUncertaintyOfChains(t *testing.T) {
	for _, set := range sets {
		student, _ := LookupRecursive(Hard, 0, set)
		before := 0.0
		for generation := 0; generation <= 6; generation++ {
			hard, _ := LookupRecursive(Hard, generation, set)
			if d := math.Abs(hard.Uncertainty.Value - student.Uncertainty.Value); d > 0.003 {
				t.Errorf("hard chain, %s, generation %d: unc differs by %v", set, generation, d)
			}
			soft, _ := LookupRecursive(Soft, generation, set)
			if soft.Uncertainty.Value <= before {
				t.Errorf("soft chain, %s, generation %d: unc %s after %v", set, generation, soft.Uncertainty.Text, before)
			}
			before = soft.Uncertainty.Value
		}
	}
}

// Generation 0 of a chain is the student itself.
func TestChainsBeginWithTheStudents(t *testing.T) {
	for _, chain := range []string{Hard, Soft} {
		for _, set := range sets {
			student, _ := LookupUncertainty(chain, set)
			if first, _ := LookupRecursive(chain, 0, set); first.Accuracy != student.Accuracy || first.Uncertainty != student.Uncertainty {
				t.Errorf("%s, %s: %+v, student %+v", chain, set, first, student)
			}
		}
	}
}

// Section 4.3 prints for the distilled students the accuracies that section 3.2
// measured on the teacher's labels, though it says that its sets have hand labels.
func TestAccuraciesOfSection43ComeFromTeacherLabels(t *testing.T) {
	for _, model := range []string{Hard, Soft} {
		for _, set := range []pred.Set{pred.Train, pred.Validation} {
			result, ok := LookupResult(model, set, "teacher", "")
			if row, _ := LookupUncertainty(model, set); !ok || row.Accuracy != result.Accuracy {
				t.Errorf("%s, %s: %s in 4.3, %s in 3.2", model, set, row.Accuracy.Text, result.Accuracy.Text)
			}
		}
	}
}

// The denominators behind the accuracies: 3750 on test, but 3718 = 116*32 + 6
// on validation and, but for one, 17468 = 545*32 + 28 on train.
func TestGranularity(t *testing.T) {
	accuracies := map[pred.Set][]Printed{}
	for _, row := range Uncertainty() {
		accuracies[row.Set] = append(accuracies[row.Set], row.Accuracy)
	}
	for _, row := range Recursive() {
		if row.Number > 0 {
			accuracies[row.Set] = append(accuracies[row.Set], row.Accuracy)
		}
	}
	for _, c := range []struct {
		set     pred.Set
		n, want int
	}{
		{pred.Test, 3750, 16}, {pred.Test, 3718, 0},
		{pred.Validation, 3718, 16}, {pred.Validation, 3750, 0},
		{pred.Train, 17468, 15}, {pred.Train, 17500, 2}, // spacing 5.7e-5: a few fit by chance
	} {
		fits := 0
		for _, a := range accuracies[c.set] {
			if _, ok := a.MultipleOf(c.n); ok {
				fits++
			}
		}
		if fits != c.want || len(accuracies[c.set]) != 16 {
			t.Errorf("%s: %d of %d accuracies are multiples of 1/%d, want %d", c.set, fits, len(accuracies[c.set]), c.n, c.want)
		}
	}
}

// Three frequencies of the train set are no count of 17,500 pictures.
func TestFrequenciesThatAreNoCounts(t *testing.T) {
	odd := map[string]bool{"classical 0": true, "hard 0": true, "hard 0.4": true}
	size := map[pred.Set]int{pred.Train: 17500, pred.Validation: 3750, pred.Test: 3750}
	for _, row := range Histograms() {
		_, ok := row.Relative.MultipleOf(size[row.Set])
		name := fmt.Sprint(row.Model, " ", row.Low)
		if want := !(row.Set == pred.Train && odd[name]); ok != want {
			t.Errorf("%s, %s: %s is a multiple of 1/%d: %v, want %v", row.Set, name, row.Relative.Text, size[row.Set], ok, want)
		}
	}
}
