package audit

import (
	"fmt"

	"distillation/kdlib/paper"
)

// A span is where a number lies that was rounded for print, or one computed from such numbers.
type span struct{ low, high float64 }

func exactly(v float64) span { return span{v, v} }

// of is the printed number give or take half a unit of its last digit.
func of(p paper.Printed) span { return span{p.Value - p.Rounding(), p.Value + p.Rounding()} }

// share is of, for a number that is not negative.
func share(p paper.Printed) span {
	s := of(p)
	return span{max(s.low, 0), s.high}
}

func (a span) plus(b span) span          { return span{a.low + b.low, a.high + b.high} }
func (a span) minus(b span) span         { return span{a.low - b.high, a.high - b.low} }
func (a span) times(factor float64) span { return span{factor * a.low, factor * a.high} } // factor >= 0
func (a span) over(b span) span          { return span{a.low / b.high, a.high / b.low} }  // both above 0

// size is the span of the absolute value.
func (a span) size() span {
	switch {
	case a.low >= 0:
		return a
	case a.high <= 0:
		return span{-a.high, -a.low}
	}
	return span{0, max(-a.low, a.high)}
}

// middle is the number as the printed ones give it.
func (a span) middle() float64 { return (a.low + a.high) / 2 }

// rounding of float64 sums of printed numbers, far below half a unit of a fifth decimal.
const rounding = 1e-12

// above is the verdict on "more than bound".
func (a span) above(bound float64) paper.Verdict {
	switch {
	case a.low > bound+rounding:
		return paper.Holds
	case a.high <= bound+rounding:
		return paper.Fails
	}
	return paper.Undecided
}

// below is the verdict on "less than bound".
func (a span) below(bound float64) paper.Verdict { return span{-a.high, -a.low}.above(-bound) }

// meets is the verdict on equality: it fails unless rounding can explain the difference.
func (a span) meets(b span) paper.Verdict {
	if d := a.minus(b); d.low > rounding || d.high < -rounding {
		return paper.Fails
	}
	return paper.Holds
}

// signed writes a difference as the tables do.
func signed(v float64) string { return fmt.Sprintf("%+.5f", v) }

func fraction(v float64) string { return fmt.Sprintf("%.5f", v) }
