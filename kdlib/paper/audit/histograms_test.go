package audit

import (
	"slices"
	"testing"

	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
)

// By hand, two bins: all predictions in [0, 0.5) may be 0 or nearly 0.5. Four bins: half in [0.25, 0.5), 0.25^2/2 to
// 0.5^2/2, and half in [0.75, 1], 0 to 0.25^2/2. Rounding widens: between 0.4 and 0.6 of all in [0.5, 1].
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		frequencies []span
		want        span
	}{
		{[]span{exactly(1), exactly(0)}, span{0, 0.25}},
		{[]span{exactly(0), exactly(1)}, span{0, 0.25}},
		{[]span{exactly(0), exactly(0.5), exactly(0), exactly(0.5)}, span{0.03125, 0.15625}},
		{[]span{exactly(0), {0.4, 0.6}}, span{0, 0.15}},
	} {
		if got := bounds(c.frequencies); got != c.want {
			t.Errorf("bounds(%v) = %v, want %v", c.frequencies, got, c.want)
		}
	}
}

// texts makes a histogram of printed frequencies.
func texts(split predictions.Split, values ...float64) histogram {
	h := histogram{split: split, model: paper.Teacher}
	for _, v := range values {
		h.frequencies = append(h.frequencies, paper.Printed{Text: fraction(v), Value: v})
	}
	return h
}

// Four numbers of five decimals may be off by 0.00002 in sum.
func TestSums(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   paper.Verdict
	}{
		{[]float64{0.25, 0.25, 0.25, 0.25}, paper.Holds},
		{[]float64{0.25, 0.25, 0.25, 0.24998}, paper.Holds},
		{[]float64{0.25, 0.25, 0.25, 0.24997}, paper.Fails},
		{[]float64{0.25, 0.25, 0.25, 0.25003}, paper.Fails},
	} {
		if got := texts(predictions.Test, c.values...).sumsToOne(); got != c.want {
			t.Errorf("%v: got %q, want %q", c.values, got, c.want)
		}
	}
}

// 0.00027 is 1/3750 = 0.000267, 0.0004 would be 1.5 pictures; 0.5 is 1875.
func TestCounts(t *testing.T) {
	h := texts(predictions.Test, 0.5, 0.00027, 0.0004, 0.49933)
	if got := h.odd(); !slices.Equal(got, []int{2, 3}) { // 0.49933 * 3750 = 1872.49: between 1872 (0.4992) and 1873 (0.49947)
		t.Errorf("odd bins: got %v, want 2 and 3", got)
	}
	if got := h.counted(); got != 1875+1+2+1872 { // 1.5 rounds up
		t.Errorf("counted: got %d, want 3750", got)
	}
}

// Printed sums and counts by hand of a few tables; the histogram that is missing has no row.
func TestTables(t *testing.T) {
	sums := SumsTable()
	for row, want := range map[int][]string{
		0:  {"train", "teacher", "1.00000"},
		1:  {"train", "classical", "0.99998"},
		10: {"test", "hard", "0.99999"},
	} {
		if got := sums.Rows[row][:3]; !slices.Equal(got, want) {
			t.Errorf("sums: row %d: got %v, want %v", row, got, want)
		}
	}
	if len(sums.Rows) != 11 || len(BoundsTable().Rows) != 11 || len(DoubtTable().Rows) != 11 {
		t.Errorf("rows: got %d, %d, %d, want 11", len(sums.Rows), len(BoundsTable().Rows), len(DoubtTable().Rows))
	}
	if got, want := DoubtTable().Rows[8], []string{"test", "teacher", "0.01866", "0.01521", "-0.00345"}; !slices.Equal(got, want) {
		t.Errorf("doubt: got %v, want %v", got, want)
	}
}
