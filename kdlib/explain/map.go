// Package explain says where a network looks: maps of what speaks for each of the two classes, drawn over their pictures, and
// measures of them. Package explain/attribution makes the maps.
package explain

import (
	"fmt"
	"math"
	"slices"
)

// Map is what the places of a picture say: values above 0 speak for class 1, below 0 for class 0, in the unit of the logit. Nothing of
// it is scaled.
type Map struct {
	Rows, Columns int
	Values        []float32 // row by row
}

// New returns the maps of n pictures from their values, one map after the other.
func New(values []float32, n, rows, columns int) []Map {
	maps := make([]Map, n)
	for i := range maps {
		maps[i] = Map{rows, columns, slices.Clone(values[i*rows*columns:][:rows*columns])}
	}
	return maps
}

// Evidence is the evidence for a class, 0 or 1: what speaks for it, and 0 where the other is spoken for. It is what Grad-CAM keeps
// of the class's logit, that of class 0 being the negative of the network's.
func (m Map) Evidence(class int) Map {
	sign := float32(2*class - 1)
	evidence := Map{m.Rows, m.Columns, make([]float32, len(m.Values))}
	for i, v := range m.Values {
		evidence.Values[i] = max(sign*v, 0)
	}
	return evidence
}

// Largest is the largest absolute value.
func (m Map) Largest() float32 {
	var largest float32
	for _, v := range m.Values {
		largest = max(largest, float32(math.Abs(float64(v))))
	}
	return largest
}

// Resized is the map of rows x columns places, bilinearly between the middles of the old ones, as torch's interpolate and OpenCV's
// resize have it.
func (m Map) Resized(rows, columns int) Map {
	if rows == m.Rows && columns == m.Columns {
		return m
	}
	down, across := between(m.Rows, rows), between(m.Columns, columns)
	r := Map{rows, columns, make([]float32, 0, rows*columns)}
	for _, y := range down {
		for _, x := range across {
			above, below := m.Values[y.low*m.Columns:], m.Values[y.high*m.Columns:]
			r.Values = append(r.Values, mix(mix(above[x.low], above[x.high], x.share), mix(below[x.low], below[x.high], x.share), y.share))
		}
	}
	return r
}

// place lies between two old ones, share of the way from low to high.
type place struct {
	low, high int
	share     float32
}

// between places each of n new ones between the old ones.
func between(old, n int) []place {
	places := make([]place, n)
	for i := range places {
		at := max((float64(i)+0.5)*float64(old)/float64(n)-0.5, 0)
		low := min(int(at), old-1)
		places[i] = place{low, min(low+1, old-1), float32(at - float64(low))}
	}
	return places
}

func mix(a, b, share float32) float32 { return a + (b-a)*share }

// Share is the part of the evidence for a class that lies on the places of a mask, [size, size] row by row, in [0, 1]: the energy of
// the pointing game of Wang and others (2020, Score-CAM). Of a map without evidence it is NaN.
func (m Map) Share(class int, mask []bool, size int) (float64, error) {
	if len(mask) != size*size {
		return 0, fmt.Errorf("explain: mask: got %d places, want %d x %d", len(mask), size, size)
	}
	var on, all float64
	for i, v := range m.Evidence(class).Resized(size, size).Values {
		all += float64(v)
		if mask[i] {
			on += float64(v)
		}
	}
	return on / all, nil
}
