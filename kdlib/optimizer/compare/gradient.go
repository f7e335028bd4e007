package compare

import "fmt"

// Kind is a kind of gradients g_t for t = 1, 2, ..., the same for every optimizer.
type Kind struct {
	Name string
	at   func(t int) float64
}

// The kinds. All but tiny and zero vary by a factor of 3 around their size and never change their sign, so that a parameter
// walks to one side.
const (
	Tiny   = "tiny"   // always 1e-12, far below epsilon = 1e-7
	Small  = "small"  // about 1e-6, as late in a training run
	Large  = "large"  // about 1e4: epsilon does not count
	Zero   = "zero"   // always 0
	Sparse = "sparse" // about 1 in steps 1, 18, 35, ..., else 0
)

// sparsity is the number of steps from one sparse gradient to the next.
const sparsity = 17

// Kinds are all kinds.
var Kinds = []Kind{
	{Tiny, func(int) float64 { return 1e-12 }},
	{Small, func(t int) float64 { return 1e-6 * varied(t) }},
	{Large, func(t int) float64 { return 1e4 * varied(t) }},
	{Zero, func(int) float64 { return 0 }},
	{Sparse, func(t int) float64 {
		if t%sparsity != 1 {
			return 0
		}
		return varied(t)
	}},
}

// varied is a number in [0.5, 1.5] that jumps from step to step, the same on every machine.
func varied(t int) float64 {
	const prime, stride = 1009, 7919
	return 0.5 + float64(t*stride%prime)/(prime-1)
}

// at is one gradient of each kind.
func at(t int) []float64 {
	g := make([]float64, len(Kinds))
	for i, kind := range Kinds {
		g[i] = kind.at(t)
	}
	return g
}

// index finds a kind by its name; it panics on a name that is none of the constants.
func index(gradient string) int {
	for i, kind := range Kinds {
		if kind.Name == gradient {
			return i
		}
	}
	panic(fmt.Errorf("compare: gradient: got %q, want one of %v", gradient, names()))
}

func names() []string {
	var all []string
	for _, kind := range Kinds {
		all = append(all, kind.Name)
	}
	return all
}
