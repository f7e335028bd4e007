package synth

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// A look is what says nothing about the class.
type look struct {
	middle                    point   // of the face, as a part of the picture's side
	scale                     float64 // the head's radius, as a part of the side
	tilt                      float64 // radians
	fur, patch, iris, whisker color.RGBA
	sky, ground               color.RGBA // the background's top and bottom
	lightFrom, lightBy        float64    // direction in radians, strength
	noise                     float64    // standard deviation, in levels of 0..255
}

var (
	furs = []color.RGBA{
		{206, 140, 74, 255}, {150, 104, 66, 255}, {110, 108, 112, 255}, {62, 56, 58, 255},
		{224, 208, 180, 255}, {176, 168, 160, 255}, {128, 72, 44, 255}, {236, 232, 224, 255},
	}
	irises = []color.RGBA{{208, 176, 58, 255}, {122, 170, 84, 255}, {118, 76, 40, 255}, {96, 150, 190, 255}}
)

func sampleLook(rng *rand.Rand) look {
	uniform := func(low, high float64) float64 { return low + (high-low)*rng.Float64() }
	fur := blend(furs[rng.IntN(len(furs))], furs[rng.IntN(len(furs))], uniform(0, 0.5))
	l := look{
		middle:    point{uniform(0.44, 0.56), uniform(0.46, 0.56)},
		scale:     uniform(0.24, 0.29),
		tilt:      uniform(-0.2, 0.2),
		fur:       fur,
		patch:     blend(fur, white, uniform(0.4, 1)),
		iris:      irises[rng.IntN(len(irises))],
		whisker:   white,
		lightFrom: uniform(0, 2*math.Pi),
		lightBy:   uniform(0, 0.3),
		noise:     uniform(2, 6),
	}
	l.sky, l.ground = scenery(rng), scenery(rng)
	if brightness(l.patch) > 150 {
		l.whisker = black
	}
	return l
}

// scenery is a muted colour of the background.
func scenery(rng *rand.Rand) color.RGBA {
	grey := 70 + rng.IntN(120)
	channel := func() uint8 { return uint8(grey - 40 + rng.IntN(80)) }
	return color.RGBA{channel(), channel(), channel(), 255}
}

func brightness(c color.RGBA) float64 {
	return 0.299*float64(c.R) + 0.587*float64(c.G) + 0.114*float64(c.B) // ITU-R BT.601
}

func newCanvas(size int, l look) *canvas {
	side := float64(size)
	return &canvas{
		img:    image.NewRGBA(image.Rect(0, 0, size, size)),
		raster: vector.NewRasterizer(size, size),
		middle: l.middle.times(side),
		scale:  l.scale * side,
		tilt:   l.tilt,
	}
}

// background paints a gradient with three blurred things in it.
func background(c *canvas, l look, rng *rand.Rand) {
	size := c.img.Rect.Dy()
	for y := range size {
		shade := blend(l.sky, l.ground, float64(y)/float64(size))
		for x := range size {
			c.img.SetRGBA(x, y, shade)
		}
	}
	for range 3 {
		middle := point{6*rng.Float64() - 3, 6*rng.Float64() - 3}
		c.ellipse(blend(l.sky, scenery(rng), 0.5), ellipse{middle, 0.3 + rng.Float64(), 0.3 + rng.Float64(), 3 * rng.Float64()})
	}
}

// light brightens one side of the picture, darkens the other and adds noise.
func light(img *image.RGBA, l look, rng *rand.Rand) {
	size := float64(img.Rect.Dx())
	sin, cos := math.Sincos(l.lightFrom)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			across := 2*(float64(x)*cos+float64(y)*sin)/size - cos - sin
			gain := 1 + l.lightBy*across
			pixel := img.Pix[img.PixOffset(x, y):][:3]
			for i, v := range pixel {
				pixel[i] = uint8(min(max(float64(v)*gain+l.noise*rng.NormFloat64()+0.5, 0), 255))
			}
		}
	}
}
