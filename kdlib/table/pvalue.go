package table

import (
	"fmt"
)

// PValue writes a p-value with two significant digits.
func PValue(p float64) string { return fmt.Sprintf("%.2g", p) }
