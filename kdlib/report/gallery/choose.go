package gallery

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/metrics"
	"distillation/kdlib/study/analysis"
)

// Field is a field of the confusion table.
type Field string

// The four fields. Positive is class 1, "dog".
const (
	TruePositive  Field = "true positives"
	FalseNegative Field = "false negatives"
	FalsePositive Field = "false positives"
	TrueNegative  Field = "true negatives"
)

// classes are the class of the hand label and that of the prediction.
var classes = map[Field][2]int{TruePositive: {1, 1}, FalseNegative: {1, 0}, FalsePositive: {0, 1}, TrueNegative: {0, 0}}

// Bin are the pictures whose prediction by a model lies in the bin of the histogram that holds the value p. The width is one
// that metrics.BinCount takes.
func (g Gallery) Bin(model string, width, p float64) (Gallery, error) {
	h, err := metrics.NewHistogram([]float64{p}, width)
	if err != nil {
		return g, fmt.Errorf("gallery: %w", err)
	}
	bin := h.Bin(p)
	end := ")"
	if bin == len(h.Counts)-1 {
		end = "]"
	}
	what := fmt.Sprintf("%s in [%v, %v%s", model, h.Edges[bin], h.Edges[bin+1], end)
	return g.where(model, what, func(k int, p Picture) bool { return h.Bin(p.P[k]) == bin })
}

// Field are the pictures of a field of a model's confusion table at a threshold.
func (g Gallery) Field(model string, threshold float64, field Field) (Gallery, error) {
	want, ok := classes[field]
	if !ok {
		return g, fmt.Errorf("gallery: field: got %q, want %q, %q, %q or %q", field, TruePositive, FalseNegative, FalsePositive, TrueNegative)
	}
	what := fmt.Sprintf("%s of %s at the threshold %v", field, model, threshold)
	return g.at(threshold, model, what, func(k int, p Picture) bool {
		return [2]int{p.class(), distill.Class(p.P[k], threshold)} == want
	})
}

// Wrong are the pictures that a model gets wrong at a threshold.
func (g Gallery) Wrong(model string, threshold float64) (Gallery, error) {
	what := fmt.Sprintf("%s is wrong at the threshold %v", model, threshold)
	return g.at(threshold, model, what, func(k int, p Picture) bool { return !p.right(k, threshold) })
}

// Disputed are the pictures to which two models give different classes at a threshold, in the order of the first one's p.
func (g Gallery) Disputed(a, b string, threshold float64) (Gallery, error) {
	other, err := g.model(b)
	if err != nil {
		return g, err
	}
	what := fmt.Sprintf("disputed between %s and %s at the threshold %v", a, b, threshold)
	return g.at(threshold, a, what, func(k int, p Picture) bool {
		return distill.Class(p.P[k], threshold) != distill.Class(p.P[other], threshold)
	})
}

// AllRight are the pictures that every model of the gallery gets right at a threshold.
func (g Gallery) AllRight(threshold float64) (Gallery, error) {
	return g.unanimous("right", threshold, true)
}

// AllWrong are the pictures that every model of the gallery gets wrong at a threshold.
func (g Gallery) AllWrong(threshold float64) (Gallery, error) {
	return g.unanimous("wrong", threshold, false)
}

func (g Gallery) unanimous(verdict string, threshold float64, right bool) (Gallery, error) {
	what := fmt.Sprintf("%s are all %s at the threshold %v", strings.Join(g.Models, ", "), verdict, threshold)
	return g.at(threshold, g.Models[0], what, func(_ int, p Picture) bool {
		for k := range g.Models {
			if p.right(k, threshold) != right {
				return false
			}
		}
		return true
	})
}

// MostDoubtful are the n pictures, or all if there are fewer, of which a model is least sure by the summand of (15) at a
// threshold, in the order of its p. Of equal doubt the earlier picture is taken.
func (g Gallery) MostDoubtful(model string, threshold float64, n int) (Gallery, error) {
	if n < 1 {
		return g, fmt.Errorf("gallery: most doubtful: got %d pictures, want at least 1", n)
	}
	k, err := g.model(model)
	if err != nil {
		return g, err
	}
	byDoubt := slices.Clone(g.Pictures)
	slices.SortStableFunc(byDoubt, func(a, b Picture) int {
		return -cmp.Compare(metrics.Doubt(a.P[k], threshold), metrics.Doubt(b.P[k], threshold))
	})
	g.Pictures = byDoubt[:min(n, len(byDoubt))]
	what := fmt.Sprintf("%s doubts most by (15) at the threshold %v", model, threshold)
	return g.at(threshold, model, what, func(int, Picture) bool { return true })
}

// Suspects are pictures whose hand label is doubted, as analysis.Study.Suspects finds them; its error may be given, too.
func (g Gallery) Suspects(suspects []analysis.Suspect, errs ...error) (Gallery, error) {
	if err := errors.Join(errs...); err != nil {
		return g, err
	}
	var ids []string
	for _, s := range suspects {
		ids = append(ids, s.ID)
	}
	return g.Named("doubted hand labels", ids...)
}

// Named are the pictures of those names, in the order of the first model's p. A name that the set does not have is an error.
func (g Gallery) Named(what string, ids ...string) (Gallery, error) {
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	chosen, err := g.where(g.Models[0], what, func(_ int, p Picture) bool { return wanted[p.ID] })
	for _, p := range chosen.Pictures {
		delete(wanted, p.ID)
	}
	for _, id := range ids {
		if wanted[id] {
			return g, fmt.Errorf("gallery: %s: got the picture %q, want one of the %d of the gallery", what, id, len(g.Pictures))
		}
	}
	return chosen, err
}

// at is where for a rule with a threshold.
func (g Gallery) at(threshold float64, model, what string, keep func(k int, p Picture) bool) (Gallery, error) {
	if !metrics.IsThreshold(threshold) {
		return g, fmt.Errorf("gallery: threshold: got %v, want a number in [0, 1)", threshold)
	}
	g.Threshold = threshold
	return g.where(model, what, keep)
}

// where keeps pictures, in the order of a model's p. Equal ones keep their order.
func (g Gallery) where(model, what string, keep func(k int, p Picture) bool) (Gallery, error) {
	k, err := g.model(model)
	if err != nil {
		return g, err
	}
	kept := g
	kept.Title, kept.Pictures = g.Title+": "+what, nil
	for _, p := range g.Pictures {
		if keep(k, p) {
			kept.Pictures = append(kept.Pictures, p)
		}
	}
	slices.SortStableFunc(kept.Pictures, func(a, b Picture) int { return cmp.Compare(a.P[k], b.P[k]) })
	return kept, nil
}
