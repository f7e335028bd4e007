package main

import (
	"fmt"
	"math"
	"strconv"

	"distillation/kdlib/metrics"
	"distillation/kdlib/recipe"

	"github.com/spf13/pflag"
)

// allowed is the range of a flag's numbers, which is looked at before anything is done.
type allowed[T int | float64] struct {
	text string // after "want"
	ok   func(T) bool
}

// The ranges of the flags.
var (
	sizes         = whole(1, recipe.MaxSize)
	pictureCounts = whole(0, recipe.MaxPictures)
	epochCounts   = whole(1, recipe.MaxEpochs)
	counts        = whole(1, recipe.MaxRepetitions)
	deviceCounts  = whole(1, maxDevices)

	shares    = allowed[float64]{"a number from 0 to 1", func(v float64) bool { return v >= 0 && v <= 1 }}
	rates     = allowed[float64]{"a number from 0 to below 1", func(v float64) bool { return v >= 0 && v < 1 }}
	above0    = allowed[float64]{"a finite number above 0", func(v float64) bool { return v > 0 && v <= math.MaxFloat64 }}
	atLeast0  = allowed[float64]{"a finite number of at least 0", func(v float64) bool { return v >= 0 && v <= math.MaxFloat64 }}
	binWidths = allowed[float64]{"a decimal that divides 1, such as 0.05 or 0.125", func(v float64) bool { _, err := metrics.BinCount(v); return err == nil }}
)

// maxDevices is more than one machine has; a CPU would make as many as it is asked for.
const maxDevices = 64

func whole(least, most int) allowed[int] {
	return allowed[int]{fmt.Sprintf("from %d to %d", least, most), func(v int) bool { return v >= least && v <= most }}
}

// wholeNumber and decimal are values of flags whose numbers have a range.
func wholeNumber(to *int, value int, in allowed[int]) pflag.Value {
	*to = value
	return &ranged[int]{to, in, "int", strconv.Atoi}
}

func decimal(to *float64, value float64, in allowed[float64]) pflag.Value {
	*to = value
	return &ranged[float64]{to, in, "float", func(text string) (float64, error) { return strconv.ParseFloat(text, 64) }}
}

// A ranged is the value of such a flag.
type ranged[T int | float64] struct {
	to    *T
	in    allowed[T]
	kind  string
	parse func(string) (T, error)
}

func (r *ranged[T]) Set(text string) error {
	v, err := r.parse(text)
	if err != nil || !r.in.ok(v) {
		return fmt.Errorf("got %s, want %s", text, r.in.text)
	}
	*r.to = v
	return nil
}

func (r *ranged[T]) String() string {
	if r.to == nil { // pflag asks an empty one
		return ""
	}
	return fmt.Sprint(*r.to)
}

func (r *ranged[T]) Type() string { return r.kind }
