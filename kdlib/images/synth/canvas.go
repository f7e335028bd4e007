package synth

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// A point of the face: the head's middle is (0, 0), its radius about 1, y goes down.
type point struct{ x, y float64 }

// turn rotates p by angle (radians, clockwise as seen) about the middle.
func (p point) turn(angle float64) point {
	sin, cos := math.Sincos(angle)
	return point{p.x*cos - p.y*sin, p.x*sin + p.y*cos}
}

func (p point) plus(q point) point        { return point{p.x + q.x, p.y + q.y} }
func (p point) times(k float64) point     { return point{p.x * k, p.y * k} }
func (p point) mirrored(side int) point   { return point{p.x * float64(side), p.y} }
func mix(p, q point, share float64) point { return p.times(1 - share).plus(q.times(share)) }
func blend(a, b color.RGBA, share float64) color.RGBA {
	channel := func(a, b uint8) uint8 { return uint8(float64(a)*(1-share) + float64(b)*share + 0.5) }
	return color.RGBA{channel(a.R, b.R), channel(a.G, b.G), channel(a.B, b.B), 255}
}

// A canvas draws shapes given in the face's coordinates.
type canvas struct {
	img     *image.RGBA
	raster  *vector.Rasterizer
	outline []point     // of the shape being drawn, in pixels
	middle  point       // of the face, in pixels
	scale   float64     // pixels a unit
	tilt    float64     // radians
	paint   *color.RGBA // of every shape; nil: each has its own
}

// largestFixed is the side of a picture from which on the rasterizer counts in another way, by the size that it is told.
const largestFixed = 512

// polygon fills a closed shape, with soft edges. It composes only where the shape is, a small part of the picture: elsewhere nothing changes.
func (c *canvas) polygon(fill color.RGBA, outline []point) {
	c.outline = c.outline[:0]
	for _, p := range outline {
		c.outline = append(c.outline, p.turn(c.tilt).times(c.scale).plus(c.middle))
	}
	box := c.img.Rect
	if box.Dx() <= largestFixed {
		box = boxOf(c.outline).Intersect(box)
	}
	if box.Empty() {
		return
	}
	c.raster.Reset(box.Dx(), box.Dy())
	for i, q := range c.outline {
		x, y := float32(q.x)-float32(box.Min.X), float32(q.y)-float32(box.Min.Y) // exact: a whole number is taken from a larger one
		if i == 0 {
			c.raster.MoveTo(x, y)
		} else {
			c.raster.LineTo(x, y)
		}
	}
	c.raster.ClosePath()
	if c.paint != nil {
		fill = *c.paint
	}
	c.raster.Draw(c.img, box, image.NewUniform(fill), image.Point{})
}

// boxOf is the smallest rectangle of pixels that holds points.
func boxOf(points []point) (box image.Rectangle) {
	for _, p := range points {
		x, y := int(math.Floor(float64(float32(p.x)))), int(math.Floor(float64(float32(p.y))))
		box = box.Union(image.Rect(x, y, x+1, y+1))
	}
	return box
}

// An ellipse has its first axis turned by angle.
type ellipse struct {
	middle        point
	rx, ry, angle float64
}

func (c *canvas) ellipse(fill color.RGBA, e ellipse) {
	const corners = 48
	outline := make([]point, corners)
	for i := range outline {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		outline[i] = point{e.rx * cos, e.ry * sin}.turn(e.angle).plus(e.middle)
	}
	c.polygon(fill, outline)
}

// line fills a thin line.
func (c *canvas) line(fill color.RGBA, from, to point, width float64) {
	dx, dy := to.x-from.x, to.y-from.y
	k := width / 2 / math.Hypot(dx, dy)
	side := point{-dy * k, dx * k}
	c.polygon(fill, []point{from.plus(side), to.plus(side), to.plus(side.times(-1)), from.plus(side.times(-1))})
}

// curve returns points on the Bezier curve from a to d with the handles b and c.
func curve(a, b, c, d point) []point {
	const steps = 16
	points := make([]point, steps+1)
	for i := range points {
		t := float64(i) / steps
		ab, bc, cd := mix(a, b, t), mix(b, c, t), mix(c, d, t)
		points[i] = mix(mix(ab, bc, t), mix(bc, cd, t), t)
	}
	return points
}
