package table

import (
	"fmt"
)

// PValue writes a p-value with two significant digits. One that float64 can hardly tell from 0 is below a bound.
func PValue(p float64) string {
	const least = 1e-300
	if p < least {
		return fmt.Sprintf("< %.0e", least)
	}
	return fmt.Sprintf("%.2g", p)
}
