package attribution

import (
	"fmt"

	"distillation/kdlib/explain"

	"github.com/gomlx/gomlx/core/tensors"
)

// Occlusion covers each part of a picture in turn and asks how much the logit falls (Zeiler and Fergus 2014). The cover is a square
// in the picture's mean colour. Where covers overlap, a place has the mean of the falls of all that covered it. It needs no
// gradient and no stage.
type Occlusion struct {
	Network Network
	Window  int // side of the cover in pixels; 0: a quarter of the picture's
	Stride  int // from one cover to the next, at most Window; 0: half of it
}

// Maps returns a map for each picture, of its pixels.
func (o Occlusion) Maps(pictures *tensors.Tensor) ([]explain.Map, error) {
	d := pictures.Shape().Dimensions
	n, size := d[0], d[1]
	if o.Window == 0 {
		o.Window = max(size/4, 1)
	}
	if o.Stride == 0 {
		o.Stride = max(o.Window/2, 1)
	}
	if o.Window < 1 || o.Window > size || o.Stride < 1 || o.Stride > o.Window {
		return nil, fmt.Errorf("attribution: occlusion: got window %d and stride %d, want 1 <= stride <= window <= %d, the pictures' side", o.Window, o.Stride, size)
	}
	pixels, err := tensors.CopyFlatData[float32](pictures)
	if err != nil {
		return nil, fmt.Errorf("attribution: occlusion: %w", err)
	}
	uncovered, err := o.Network.Logits(pictures)
	if err != nil {
		return nil, err
	}
	s := newScreen(pixels, n, size)
	covered := tensors.FromShape(pictures.Shape())
	defer covered.MustFinalizeAll()
	for _, top := range o.places(size) {
		for _, left := range o.places(size) {
			cover := rectangle{top, left, min(top+o.Window, size), min(left+o.Window, size)}
			if err := tensors.MutableFlatData(covered, func(to []float32) { s.cover(to, cover) }); err != nil {
				return nil, fmt.Errorf("attribution: occlusion: %w", err)
			}
			logits, err := o.Network.Logits(covered)
			if err != nil {
				return nil, err
			}
			s.note(cover, uncovered, logits)
		}
	}
	return s.maps(), nil
}

// places are where covers begin: as many as it takes to reach the end, where the last one may be smaller.
func (o Occlusion) places(size int) (places []int) {
	last := (size - o.Window + o.Stride - 1) / o.Stride
	for i := range last + 1 {
		places = append(places, i*o.Stride)
	}
	return places
}

type rectangle struct{ top, left, bottom, right int }

// screen sums up what covers did.
type screen struct {
	n, size int
	pixels  []float32   // [n, size, size, 3]
	colours [][]float32 // mean of each picture
	falls   []float32   // [n, size, size], sums
	times   []float32   // [size, size]: how often each place was covered
}

func newScreen(pixels []float32, n, size int) *screen {
	s := &screen{n: n, size: size, pixels: pixels, falls: make([]float32, n*size*size), times: make([]float32, size*size)}
	for i := range n {
		sums := make([]float64, 3)
		for j, v := range pixels[i*size*size*3:][:size*size*3] {
			sums[j%3] += float64(v)
		}
		var mean []float32
		for _, sum := range sums {
			mean = append(mean, float32(sum/float64(size*size)))
		}
		s.colours = append(s.colours, mean)
	}
	return s
}

// cover writes the pictures with a cover.
func (s *screen) cover(to []float32, r rectangle) {
	copy(to, s.pixels)
	for i := range s.n {
		for y := r.top; y < r.bottom; y++ {
			for x := r.left; x < r.right; x++ {
				copy(to[((i*s.size+y)*s.size+x)*3:], s.colours[i])
			}
		}
	}
}

// note adds how much the logits fell.
func (s *screen) note(r rectangle, before, after []float32) {
	for y := r.top; y < r.bottom; y++ {
		for x := r.left; x < r.right; x++ {
			at := y*s.size + x
			s.times[at]++
			for i := range s.n {
				s.falls[i*s.size*s.size+at] += before[i] - after[i]
			}
		}
	}
}

func (s *screen) maps() []explain.Map {
	for i := range s.falls {
		s.falls[i] /= s.times[i%len(s.times)]
	}
	return explain.New(s.falls, s.n, s.size, s.size)
}
