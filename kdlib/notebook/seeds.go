package notebook

import (
	"fmt"
	"os"
	"strconv"
)

// SeedsVariable is the environment variable that bounds Seeds.
const SeedsVariable = "KDLIB_SEEDS"

// Seeds is from how many seeds a cell trains: n, or as many as SeedsVariable says where those are fewer. Whoever executes notebooks only to
// see that every cell runs sets it. A value that is no number from 1 on stops the cell, as Must does.
func Seeds(n int) int {
	text := os.Getenv(SeedsVariable)
	if text == "" {
		return n
	}
	most, err := strconv.Atoi(text)
	if err == nil && most < 1 {
		err = strconv.ErrRange
	}
	if err != nil {
		stop(fmt.Errorf("notebook: %s: got %q, want a number from 1 on, or none", SeedsVariable, text))
	}
	return min(n, most)
}
