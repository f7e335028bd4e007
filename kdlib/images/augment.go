package images

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// An Augment says how pictures are augmented at random during training (the
// paper's table of models): the teacher's is {Flip: true}, the students'
// {Flip: true, Shift: 0.4}.
type Augment struct {
	Flip  bool    `json:"flip"`  // mirror left and right with probability 1/2
	Shift float64 `json:"shift"` // greatest shift as a part of width and height, 0 to 1
}

// Validate returns what is wrong with the numbers.
func (a Augment) Validate() error {
	if !(a.Shift >= 0 && a.Shift <= 1) {
		return fmt.Errorf("augment.shift: got %v, want in [0, 1]", a.Shift)
	}
	return nil
}

// A Transform is one flip and shift, in pixels. DX and DY are tx and ty of Keras's ImageDataGenerator.apply_transform: the
// result at row r, column c is the source at r+DY, c+DX. So a positive DX moves the picture to the left, and a positive DY
// moves it up. The flip comes after the shift.
//
// Keras 3 draws tx from height_shift_range, yet shifts along the width by it, because apply_affine_transform swaps the axes.
// With square pictures and the paper's single range of 0.4 that makes no difference.
type Transform struct {
	Flip   bool
	DX, DY float64
}

// Sample returns the transform of one picture in one epoch. It depends only on its arguments: neither on the order of pictures
// nor on earlier samples. Shifts are uniform in [-Shift, Shift) times size, each direction on its own.
func (a Augment) Sample(seed uint64, epoch int, id string, size int) Transform {
	key := binary.LittleEndian.AppendUint64(nil, seed)
	key = binary.LittleEndian.AppendUint64(key, uint64(epoch))
	sum := sha256.Sum256(append(key, id...))
	rng := rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum[:]), binary.LittleEndian.Uint64(sum[8:])))
	// Always three draws, so that Flip does not change the shifts.
	flip, dx, dy := rng.Float64() < 0.5, 2*rng.Float64()-1, 2*rng.Float64()-1
	pixels := a.Shift * float64(size)
	return Transform{Flip: a.Flip && flip, DX: dx * pixels, DY: dy * pixels}
}

// Apply writes the transformed picture src to dst, both size*size*3 values, HWC.
// Gaps are filled with the nearest pixel and fractions of a pixel are
// interpolated linearly, as in Keras's apply_affine_transform with
// fill_mode="nearest", order=1. Values stay in [0, 255].
func (m Transform) Apply(dst []float32, src []uint8, size int) {
	columns := taps(m.DX, size)
	if m.Flip {
		for i, j := 0, size-1; i < j; i, j = i+1, j-1 {
			columns[i], columns[j] = columns[j], columns[i]
		}
	}
	stride := 3 * size
	row := make([]float64, stride) // one row between two source rows
	for y, t := range taps(m.DY, size) {
		blendRows(row, src[t.low*stride:][:stride], src[t.high*stride:][:stride], t)
		blendColumns(dst[y*stride:][:stride], row, columns)
	}
}

// A tap is a place between two source pixels: value = a*src[low] + b*src[high].
type tap struct {
	low, high int
	a, b      float64
}

// taps returns the places of a row or column shifted by d, clamped to it.
func taps(d float64, size int) []tap {
	t := make([]tap, size)
	for i := range t {
		place := float64(i) + d
		floor := math.Floor(place)
		b := place - floor
		t[i] = tap{clamp(floor, size), clamp(floor+1, size), 1 - b, b}
	}
	return t
}

// clamp returns the pixel in 0..size-1 nearest to place.
func clamp(place float64, size int) int {
	return int(min(max(place, 0), float64(size-1)))
}

func blendRows(row []float64, low, high []uint8, t tap) {
	if t.b == 0 || t.low == t.high {
		for i, v := range low {
			row[i] = float64(v)
		}
		return
	}
	high = high[:len(low)]
	row = row[:len(low)]
	for i, v := range low {
		row[i] = t.a*float64(v) + t.b*float64(high[i])
	}
}

func blendColumns(dst []float32, row []float64, columns []tap) {
	for x, t := range columns {
		out, low, high := dst[3*x:][:3], row[3*t.low:][:3], row[3*t.high:][:3]
		out[0] = float32(t.a*low[0] + t.b*high[0])
		out[1] = float32(t.a*low[1] + t.b*high[1])
		out[2] = float32(t.a*low[2] + t.b*high[2])
	}
}
