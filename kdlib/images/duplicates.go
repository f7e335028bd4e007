package images

import (
	"cmp"
	"context"
	"crypto/sha256"
	"slices"

	"distillation/kdlib/predictions"
)

// DuplicateSize is the width and height at which pictures are compared.
const DuplicateSize = 64

// Inspect decodes every picture. It returns those that BuildCache would leave out, and the groups of IDs of pictures whose
// pixels are identical at 64 x 64; groups and their IDs are in order. It calls progress, if not nil, after each picture.
func Inspect(ctx context.Context, src *Source, progress func(done, total int)) (problems []Problem, duplicates [][]string, err error) {
	same := map[[sha256.Size]byte][]string{}
	done := 0
	for j, err := range decoded(ctx, src, src.order, DuplicateSize) {
		if err != nil {
			return problems, nil, err
		}
		if j.err != nil {
			problems = append(problems, Problem{j.picture.Path, j.err.Error()})
		} else {
			sum := sha256.Sum256(j.pixels)
			same[sum] = append(same[sum], j.picture.ID)
		}
		if done++; progress != nil {
			progress(done, len(src.order))
		}
	}
	return problems, several(same), nil
}

// Duplicates returns the groups of pictures with identical pixels at the size of this cache. Inspect returns those of a cache
// of DuplicateSize.
func (c *Cache) Duplicates() [][]string {
	same := map[[sha256.Size]byte][]string{}
	for _, id := range c.ids {
		pixels, _ := c.Image(id)
		sum := sha256.Sum256(pixels)
		same[sum] = append(same[sum], id)
	}
	return several(same)
}

// several returns the groups of more than one.
func several(same map[[sha256.Size]byte][]string) [][]string {
	var groups [][]string
	for _, group := range same {
		if len(group) > 1 {
			slices.Sort(group)
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, slices.Compare[[]string])
	return groups
}

// Crossing returns the groups that have pictures in several sets.
func (m Manifest) Crossing(groups [][]string) [][]string {
	sets := make(map[string]predictions.Split, len(m))
	for _, e := range m {
		sets[e.ID] = e.Split
	}
	var crossing [][]string
	for _, group := range groups {
		met := map[predictions.Split]bool{}
		for _, id := range group {
			if split, ok := sets[id]; ok {
				met[split] = true
			}
		}
		if len(met) > 1 {
			crossing = append(crossing, group)
		}
	}
	return crossing
}

// parts of a split: by class and set.
type parts [2][3][]Picture

// A seat is the place of a picture in parts.
type seat struct{ label, set, index int }

// A gathering brings groups of pictures into one set each, by exchanging pictures of a class between two sets, so that the sets
// keep their sizes.
type gathering struct {
	parts *parts
	seats map[string]seat
	fixed map[string]bool // part of a group that is together
}

// together gathers every group in the set that has most of it already, the larger groups first. A group that fits into no set
// makes the training set larger.
func (p *parts) together(groups [][]string) {
	g := gathering{p, map[string]seat{}, map[string]bool{}}
	for label := range p {
		for set := range p[label] {
			g.seat(label, set, 0)
		}
	}
	groups = slices.Clone(groups)
	slices.SortStableFunc(groups, func(a, b []string) int { return cmp.Compare(len(b), len(a)) })
	for _, group := range groups {
		group = slices.DeleteFunc(slices.Clone(group), func(id string) bool { _, ok := g.seats[id]; return !ok })
		for _, id := range group {
			g.fixed[id] = true
		}
		set := g.choose(group)
		for _, id := range group {
			if g.seats[id].set != set {
				g.move(id, set)
			}
		}
	}
}

// seat notes where the pictures of a part sit, from an index on.
func (g gathering) seat(label, set, from int) {
	for i, p := range g.parts[label][set][from:] {
		g.seats[p.ID] = seat{label, set, from + i}
	}
}

// choose returns the set that has most of a group among those that the rest fits into; the training set if it fits into none.
func (g gathering) choose(group []string) int {
	var has [3]int
	var need [2][3]int // pictures of a class that would come to a set
	for _, id := range group {
		at := g.seats[id]
		has[at.set]++
		for set := range has {
			if set != at.set {
				need[at.label][set]++
			}
		}
	}
	best := -1
	for set := range has {
		fits := g.free(0, set) >= need[0][set] && g.free(1, set) >= need[1][set]
		if fits && (best < 0 || has[set] > has[best]) {
			best = set
		}
	}
	return max(best, 0)
}

// free counts the pictures of a part that may be exchanged.
func (g gathering) free(label, set int) int {
	n := 0
	for _, p := range g.parts[label][set] {
		if !g.fixed[p.ID] {
			n++
		}
	}
	return n
}

// move exchanges a picture with the last one of a set that may go; without one it moves alone.
func (g gathering) move(id string, set int) {
	from := g.seats[id]
	here, there := g.parts[from.label][from.set], g.parts[from.label][set]
	for i := len(there) - 1; i >= 0; i-- {
		if other := there[i].ID; !g.fixed[other] {
			here[from.index], there[i] = there[i], here[from.index]
			g.seats[id], g.seats[other] = seat{from.label, set, i}, from
			return
		}
	}
	g.parts[from.label][set] = append(slices.Clip(there), here[from.index])
	g.parts[from.label][from.set] = slices.Delete(here, from.index, from.index+1)
	g.seat(from.label, from.set, from.index)
	g.seats[id] = seat{from.label, set, len(there)}
}
