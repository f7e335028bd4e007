package images

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"distillation/kdlib/predictions"
)

// The paper's section 3: 70/15/15 per cent.
var (
	splits   = [3]predictions.Split{predictions.Train, predictions.Validation, predictions.Test}
	percents = [3]int{70, 15, 15}
)

// SplitOptions say how pictures are divided into sets.
type SplitOptions struct {
	N      int        // number of pictures that take part; 0: all
	Seed   uint64     // of the draw
	Groups [][]string // IDs that are to come into one set (see Inspect)
}

// Split divides N pictures into train, validation and test sets, 70/15/15, each with as many cats as dogs: 25,000 become
// 17,500, 3,750 and 3,750.
//
// Half of N are cats (one more than dogs if N is odd). N = 0 takes every picture, and the classes keep their sizes. Each class
// is divided on its own, exactly where possible, otherwise by the largest remainder; on a tie the earlier set gets the picture.
// Of 13 pictures of a class (9.1, 1.95, 1.95), 9 go to train and 2 to each other set. So an even N gives sets that are balanced
// exactly, and an odd N gives sets whose classes differ by at most one.
//
// A smaller N takes its sets from those of a larger one: a picture of the test set of 4,000 is also in the test set of all
// 25,000. So a network that was trained on the whole train set has not seen any test picture of a smaller study.
//
// Pictures that have their sets already (see Picture.Split) keep them, and N of them are taken in the proportions of these
// sets. A missing validation or test set is drawn from the training set, in the proportion of 15 to 70.
//
// All pictures of a group come into one set, and other pictures change places with them. Sets that are
// given stay. If a group fits into no set, the training set becomes larger.
//
// The result depends only on the set of IDs, their given sets and the options, not on the order of pictures. Sets follow
// one another. Inside a set cats and dogs take turns in random order, so that every beginning of a set is balanced too.
func Split(pictures []Picture, o SplitOptions) (Manifest, error) {
	n, seed, groups := o.N, o.Seed, o.Groups
	classes, err := byClass(pictures)
	if err != nil {
		return nil, err
	}
	if n < 0 || n == 1 {
		return nil, fmt.Errorf("images: split of n = %d pictures: want 0 (all) or at least 2", n)
	}
	given, err := givenSets(pictures)
	if err != nil {
		return nil, err
	}
	var parts parts
	var want [2]int
	for label, class := range classes {
		want[label] = len(class)
		if n > 0 {
			want[label] = (n + 1 - label) / 2
		}
		if want[label] == 0 || want[label] > len(class) {
			return nil, tooFew(classes, n)
		}
		// The class is the generator's stream: both classes draw independently.
		rng := rand.New(rand.NewPCG(seed, uint64(label)))
		rng.Shuffle(len(class), func(i, j int) { class[i], class[j] = class[j], class[i] })
		parts[label] = divide(class, given)
	}
	if given == [3]bool{} {
		parts.together(groups)
	}
	for label := range parts {
		if n > 0 {
			parts[label] = beginnings(parts[label], want[label], given)
		}
	}
	var m Manifest
	for i, split := range splits {
		m = appendTurns(m, split, parts[0][i], parts[1][i])
	}
	return m, nil
}

// givenSets says which sets the pictures bring along.
func givenSets(pictures []Picture) (given [3]bool, err error) {
	var without string
	for _, p := range pictures {
		if i := slices.Index(splits[:], p.Split); i >= 0 {
			given[i] = true
		} else {
			without = p.ID
		}
	}
	switch {
	case given == [3]bool{}:
	case without != "":
		return given, fmt.Errorf("images: split: picture %s is in no set, and others are", without)
	case !given[0]:
		return given, fmt.Errorf("images: split: no picture is in the set %q, and others are in sets", splits[0])
	}
	return given, nil
}

// SplitReadable is Split without the pictures that are not readable, whose number is leftOut. They still take part in the draw.
// So the other pictures come into the same sets as in a program that can read them all, or that has not tried. A set that
// lacks a class is an error.
func SplitReadable(pictures []Picture, readable func(Picture) bool, o SplitOptions) (m Manifest, leftOut int, err error) {
	whole, err := Split(pictures, o)
	if err != nil {
		return nil, 0, err
	}
	broken := map[string]bool{}
	for _, p := range pictures {
		broken[p.ID] = !readable(p)
	}
	for _, e := range whole {
		if !broken[e.ID] {
			m = append(m, e)
		}
	}
	return m, len(whole) - len(m), m.checkClasses(len(whole))
}

// Count returns the number of pictures of each label in a set.
func (m Manifest) Count(split predictions.Split) (n [2]int) {
	for _, e := range m {
		if e.Split == split {
			n[e.Label]++
		}
	}
	return n
}

// enough pictures of a class give each set one: 3.5, 0.75 and 0.75.
const enough = 5

// checkClasses refuses a split of that many pictures of which a set lacks a class.
func (m Manifest) checkClasses(pictures int) error {
	var all [2]int
	var sets []string
	whole := true
	for _, split := range splits {
		n := m.Count(split)
		all[0], all[1] = all[0]+n[0], all[1]+n[1]
		whole = whole && n[0] > 0 && n[1] > 0
		sets = append(sets, fmt.Sprintf("%s %d and %d", split, n[0], n[1]))
	}
	switch {
	case all[0] == 0 || all[1] == 0:
		return fmt.Errorf("images: split: of its %d pictures %d of label 0 and %d of label 1 can be read, want at least 1 of each", pictures, all[0], all[1])
	case !whole:
		return fmt.Errorf("images: split: of %d pictures of label 0 and %d of label 1 the sets get %s, want at least 1 of each label in each set; where sets are drawn, %d of each label give that",
			all[0], all[1], strings.Join(sets, ", "), enough)
	}
	return nil
}

// tooFew says what a split of n pictures lacks.
func tooFew(classes [2][]Picture, n int) error {
	what, want := "all pictures", "at least 1 of each"
	if n > 0 {
		what, want = fmt.Sprintf("%d pictures", n), fmt.Sprintf("%d and %d; 0 takes all pictures: \"pictures\": 0 in the \"data\" of a recipe, --subset 0, --n 0", (n+1)/2, n/2)
	}
	return fmt.Errorf("images: split of %s: got %d of label 0 and %d of label 1, want %s", what, len(classes[0]), len(classes[1]), want)
}

// byClass separates cats from dogs, sorts each and refuses double IDs.
func byClass(pictures []Picture) ([2][]Picture, error) {
	var classes [2][]Picture
	seen := make(map[string]bool, len(pictures))
	for _, p := range pictures {
		if p.Label != 0 && p.Label != 1 {
			return classes, fmt.Errorf("images: split: picture %s: label %d, want 0 or 1", p.ID, p.Label)
		}
		if seen[p.ID] {
			return classes, fmt.Errorf("images: split: picture %s is there twice", p.ID)
		}
		seen[p.ID] = true
		classes[p.Label] = append(classes[p.Label], p)
	}
	for _, class := range classes {
		slices.SortFunc(class, func(a, b Picture) int { return cmp.Compare(a.ID, b.ID) })
	}
	return classes, nil
}

// divide cuts a class into the three sets: those that its pictures bring along, the others drawn from the first part.
func divide(class []Picture, given [3]bool) [3][]Picture {
	var parts [3][]Picture
	var weights [3]int
	for i, percent := range percents {
		if i == 0 || !given[i] {
			weights[i] = percent
		}
	}
	var rest []Picture // of which sets are drawn
	for _, p := range class {
		if i := slices.Index(splits[:], p.Split); i > 0 {
			parts[i] = append(parts[i], p)
		} else {
			rest = append(rest, p)
		}
	}
	for i, size := range shares(len(rest), weights) {
		parts[i], rest = append(parts[i], rest[:size]...), rest[size:]
	}
	return parts
}

// beginnings takes the beginning of each set, want pictures together. Each set has them: with these per cents no share shrinks
// as the total grows.
func beginnings(parts [3][]Picture, want int, given [3]bool) [3][]Picture {
	weights := percents
	if given != [3]bool{} {
		for i := range weights {
			weights[i] = len(parts[i])
		}
	}
	for i, size := range shares(want, weights) {
		parts[i] = parts[i][:min(size, len(parts[i]))] // less only where a group has made another set larger
	}
	return parts
}

// shares divides total by weights: what is whole first, then one each to the
// largest remainders, the earlier set winning a tie.
func shares(total int, weights [3]int) [3]int {
	sum := max(weights[0]+weights[1]+weights[2], 1)
	var sizes, remainders [3]int
	left := total
	for i, weight := range weights {
		sizes[i], remainders[i] = total*weight/sum, total*weight%sum
		left -= sizes[i]
	}
	for ; left > 0; left-- {
		most := 0
		for i, r := range remainders {
			if r > remainders[most] {
				most = i
			}
		}
		sizes[most]++
		remainders[most] = -1
	}
	return sizes
}

// appendTurns appends cat, dog, cat, dog, ... and then the rest of the longer class.
func appendTurns(m Manifest, split predictions.Split, cats, dogs []Picture) Manifest {
	for i := range max(len(cats), len(dogs)) {
		for _, class := range [2][]Picture{cats, dogs} {
			if i < len(class) {
				m = append(m, Entry{ID: class[i].ID, Split: split, Label: class[i].Label, Class: class[i].Class})
			}
		}
	}
	return m
}
