package table

import (
	"fmt"
)

// PValue writes a p-value with two digits that count.
func PValue(p float64) string { return fmt.Sprintf("%.2g", p) }
