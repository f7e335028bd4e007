package synth

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
)

// Render returns a picture of size x size pixels of a face with that shape. The seed decides everything else: place, size,
// tilt, colours, light, noise. None of that tells the class.
func Render(s Shape, size int, seed uint64) *image.RGBA {
	return renderFace(s, size, source(seed, "look", ""))
}

func renderFace(s Shape, size int, rng *rand.Rand) *image.RGBA {
	l := sampleLook(rng)
	c := newCanvas(size, l)
	background(c, l, rng)
	f := newFace(s, c, l)
	f.ears(squash(s.Ears))
	f.head()
	f.eyes(squash(s.Eyes))
	f.muzzle(squash(s.Muzzle))
	light(c.img, l, rng)
	return c.img
}

// squash maps a shape parameter to (-1, 1), one to one: no value is lost, and
// the extremes still fit the picture.
func squash(z float64) float64 { return math.Tanh(z / 1.8) }

// A face is drawn from back to front.
type face struct {
	*canvas
	look
	rx, ry float64 // the head's radii
}

func newFace(s Shape, c *canvas, l look) face {
	return face{canvas: c, look: l, rx: math.Exp(-0.07 * s.Face), ry: 0.95 * math.Exp(0.07*s.Face)}
}

var (
	black = color.RGBA{24, 20, 22, 255}
	white = color.RGBA{246, 243, 238, 255}
	pink  = color.RGBA{226, 128, 140, 255}
)

// ears: dog in (-1, 1) turns them from upright to hanging and rounds their tips.
func (f *face) ears(dog float64) {
	angle := (80 + 75*dog) * math.Pi / 180 // from upright, outwards
	tip := 0.17 + 0.16*dog                 // half the width near the tip
	for _, side := range []int{-1, 1} {
		f.ear(side, angle, earShape{0.36, tip, 1.0}, blend(f.fur, black, 0.45))
		f.ear(side, angle, earShape{0.29, tip * 0.8, 0.9}, blend(f.fur, black, 0.18))
		f.ear(side, angle, earShape{0.16, tip * 0.45, 0.68}, blend(f.fur, pink, 0.6))
	}
}

// earShape is half as wide as base at its root, tip near its end.
type earShape struct{ base, tip, length float64 }

// ear fills one ear, turned by angle from upright, outwards.
func (f *face) ear(side int, angle float64, s earShape, fill color.RGBA) {
	root := point{0.66 * f.rx, -0.60 * f.ry}
	at := func(across, along float64) point {
		return point{across, -along}.turn(angle).plus(root).mirrored(side)
	}
	left := curve(at(-s.base, -0.15), at(-s.base, 0.45*s.length), at(-s.tip, s.length), at(0, s.length))
	right := curve(at(0, s.length), at(s.tip, s.length), at(s.base, 0.45*s.length), at(s.base, -0.15))
	f.polygon(fill, append(left, right...))
}

func (f *face) head() {
	f.ellipse(blend(f.fur, black, 0.45), ellipse{point{}, f.rx + 0.04, f.ry + 0.04, 0})
	f.ellipse(f.fur, ellipse{point{}, f.rx, f.ry, 0})
	f.ellipse(blend(f.fur, f.patch, 0.6), ellipse{point{0, -0.55 * f.ry}, 0.2, 0.4 * f.ry, 0})
}

// eyes: dog in (-1, 1) levels them and widens their pupils.
func (f *face) eyes(dog float64) {
	slant := (12 - 20*dog) * math.Pi / 180
	pupil := 0.10 + 0.07*dog // half the width
	for _, side := range []int{-1, 1} {
		middle := point{0.44 * f.rx * float64(side), -0.18 * f.ry}
		angle := -slant * float64(side) // outer corners up
		f.ellipse(black, ellipse{middle, 0.29, 0.21, angle})
		f.ellipse(f.iris, ellipse{middle, 0.25, 0.175, angle})
		f.ellipse(black, ellipse{middle, pupil, 0.17, 0})
		f.ellipse(white, ellipse{middle.plus(point{-0.06, -0.07}), 0.04, 0.04, 0})
	}
}

// muzzle: dog in (-1, 1) makes it longer, the nose bigger, the whiskers
// shorter, and from 0 on lets the tongue out.
func (f *face) muzzle(dog float64) {
	rx, ry := 0.38+0.13*dog, 0.37+0.19*dog
	middle := point{0, 0.40*f.ry + 0.16*dog}
	nose := 0.14 + 0.09*dog
	mouth := middle.plus(point{0, 0.35 * ry})
	if dog > 0 {
		f.ellipse(blend(pink, black, 0.1), ellipse{mouth.plus(point{0, 0.5 * dog}), 0.15, 0.5 * dog, 0})
	}
	f.ellipse(blend(f.fur, black, 0.3), ellipse{middle, rx + 0.03, ry + 0.03, 0})
	f.ellipse(blend(f.fur, f.patch, 0.75), ellipse{middle, rx, ry, 0})
	top := middle.plus(point{0, -0.55 * ry})
	f.line(black, top, mouth, 0.05)
	for _, side := range []int{-1, 1} {
		f.line(black, mouth, mouth.plus(point{0.2 * float64(side), 0.08}), 0.05)
		f.whiskers(side, middle, 0.45-0.42*dog)
	}
	f.polygon(black, append(
		curve(top.plus(point{-nose, -0.06}), top.plus(point{-nose, -0.6 * nose}), top.plus(point{nose, -0.6 * nose}), top.plus(point{nose, -0.06})),
		top.plus(point{0, 1.1 * nose})))
}

func (f *face) whiskers(side int, muzzle point, length float64) {
	for _, angle := range []float64{-0.25, 0, 0.25} {
		from := point{0.28, 0.5 * angle}.mirrored(side).plus(muzzle)
		f.line(f.whisker, from, from.plus(point{length + 0.1, 0}.turn(angle).mirrored(side)), 0.045)
	}
}
