package bench

import (
	"slices"
	"testing"
)

// By hand: both networks compile, then they run calls 1 to 20, 21 to 40 and 41 in turns.
func TestNetworksTakeTurns(t *testing.T) {
	var want []turn
	add := func(network, first, last int) {
		for number := first; number <= last; number++ {
			want = append(want, turn{network, number})
		}
	}
	add(0, 0, 0)
	add(1, 0, 0)
	add(0, 1, 20)
	add(1, 1, 20)
	add(0, 21, 40)
	add(1, 21, 40)
	add(0, 41, 41)
	add(1, 41, 41)
	if got := turns(2, 41); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
