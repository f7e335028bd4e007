package live

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"slices"
)

// pack writes numbers as text: the name of JavaScript's typed array for them, a colon, and their bytes, little-endian,
// in base64. It takes the smallest of the types that holds every number exactly:
//
//	Uint8    ground-truth labels or those of (13), 0 or 1
//	Uint16   the numbers in pictures' names
//	Float32  predictions of a network that ends in float32
//	Float64  predictions of package dataset, which takes the sigmoid of float32 logits in float64
//
// Rounding to fewer bits would move predictions that lie next to a threshold or an edge to its other side.
func pack(values []float64) string {
	name, raw := "Uint8", make([]byte, 0, len(values))
	switch {
	case !slices.ContainsFunc(values, func(v float64) bool { return float64(uint8(v)) != v }):
		for _, v := range values {
			raw = append(raw, uint8(v))
		}
	case !slices.ContainsFunc(values, func(v float64) bool { return float64(uint16(v)) != v }):
		name = "Uint16"
		for _, v := range values {
			raw = binary.LittleEndian.AppendUint16(raw, uint16(v))
		}
	case !slices.ContainsFunc(values, func(v float64) bool { return float64(float32(v)) != v }):
		name = "Float32"
		for _, v := range values {
			raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
		}
	default:
		name = "Float64"
		for _, v := range values {
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
		}
	}
	return name + ":" + base64.StdEncoding.EncodeToString(raw)
}
