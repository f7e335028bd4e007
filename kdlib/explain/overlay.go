package explain

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// ClassColors are the colours of evidence for class 0 and class 1: blue and orange of Okabe and Ito (2008), which people with any
// kind of colour vision can tell apart.
var ClassColors = [2]color.RGBA{{0x00, 0x72, 0xB2, 255}, {0xD5, 0x5E, 0x00, 255}}

// Picture is a picture with the maps of several networks.
type Picture struct {
	Pixels   []uint8 // [Size, Size, 3] in [0, 255]
	Size     int
	Maps     []Map
	Captions []string // below the picture, and below each map; may be nil
}

// strongest is how much of the colour covers the picture where a map is at its largest.
const strongest = 0.75

// Overlay draws a map over a picture in grey, side x side pixels: the evidence for each class in its colour, the stronger the larger
// it is, beside the largest absolute value of this map. Maps of several networks so drawn show where, not how much.
func (p Picture) Overlay(m Map, side int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	large, largest := m.Resized(side, side), m.Largest()
	for i, v := range large.Values {
		c := p.at(i%side, i/side, side)
		y := color.GrayModel.Convert(c).(color.Gray).Y
		c = color.RGBA{y, y, y, 255}
		switch {
		case v > 0:
			c = blend(c, ClassColors[1], strongest*v/largest)
		case v < 0:
			c = blend(c, ClassColors[0], strongest*-v/largest)
		}
		picture.SetRGBA(i%side, i/side, c)
	}
	return picture
}

// at is the picture's pixel at a place of an image of side x side.
func (p Picture) at(x, y, side int) color.RGBA {
	i := 3 * (y*p.Size/side*p.Size + x*p.Size/side)
	return color.RGBA{p.Pixels[i], p.Pixels[i+1], p.Pixels[i+2], 255}
}

func blend(a, b color.RGBA, share float32) color.RGBA {
	channel := func(a, b uint8) uint8 { return uint8(mix(float32(a), float32(b), share) + 0.5) }
	return color.RGBA{channel(a.R, b.R), channel(a.G, b.G), channel(a.B, b.B), 255}
}

// plain is the picture itself, side x side pixels.
func (p Picture) plain(side int) *image.RGBA {
	picture := image.NewRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		picture.SetRGBA(i%side, i/side, p.at(i%side, i/side, side))
	}
	return picture
}

// Beside are the pictures and captions of one row: the picture itself, then each map over it, side x side pixels.
func (p Picture) Beside(side int) []image.Image {
	row := []image.Image{p.plain(side)}
	for _, m := range p.Maps {
		row = append(row, p.Overlay(m, side))
	}
	return row
}

// Sheet says how pictures are laid beside each other.
type Sheet struct {
	Networks []string  // headings, one for each map of a picture
	Classes  [2]string // names of the classes 0 and 1, for the line below
	Side     int       // of each picture, in pixels; 0: 144
}

const (
	gap      = 8
	line     = 16 // height of a line of text
	usual    = 144
	charWide = 7 // of basicfont
)

// Draw lays pictures below each other, a row each: the picture and what each network sees in it, with captions, headings above, and
// what the colours mean below.
func (s Sheet) Draw(pictures ...Picture) (*image.RGBA, error) {
	if s.Side == 0 {
		s.Side = usual
	}
	if err := s.check(pictures); err != nil {
		return nil, err
	}
	height := s.Side + line + gap
	sheet := image.NewRGBA(image.Rect(0, 0, gap+(len(s.Networks)+1)*(s.Side+gap), 2*gap+line+len(pictures)*height+line))
	draw.Draw(sheet, sheet.Rect, image.White, image.Point{}, draw.Src)
	for i, name := range append([]string{"picture"}, s.Networks...) {
		s.write(sheet, name, s.left(i), gap, color.RGBA{A: 255})
	}
	for row, p := range pictures {
		top := gap + line + row*height
		for i, picture := range p.Beside(s.Side) {
			draw.Draw(sheet, image.Rect(s.left(i), top, s.left(i)+s.Side, top+s.Side), picture, image.Point{}, draw.Src)
			if p.Captions != nil {
				s.write(sheet, p.Captions[i], s.left(i), top+s.Side, color.RGBA{A: 255})
			}
		}
	}
	at := gap
	for class, name := range s.Classes {
		text := "speaks for " + name
		write(sheet, text, at, sheet.Rect.Max.Y-line-gap/2, ClassColors[class])
		at += charWide * (len(text) + 3)
	}
	return sheet, nil
}

func (s Sheet) check(pictures []Picture) error {
	if len(pictures) == 0 {
		return errors.New("explain: sheet: got no picture, want at least one")
	}
	for i, p := range pictures {
		switch {
		case len(p.Maps) != len(s.Networks):
			return fmt.Errorf("explain: sheet: picture %d: got %d maps, want %d, one for each of %q", i, len(p.Maps), len(s.Networks), s.Networks)
		case p.Captions != nil && len(p.Captions) != 1+len(p.Maps):
			return fmt.Errorf("explain: sheet: picture %d: got %d captions, want %d", i, len(p.Captions), 1+len(p.Maps))
		case len(p.Pixels) != p.Size*p.Size*3:
			return fmt.Errorf("explain: sheet: picture %d: got %d numbers, want %d x %d x 3", i, len(p.Pixels), p.Size, p.Size)
		}
	}
	return nil
}

// left is where a column begins.
func (s Sheet) left(column int) int { return gap + column*(s.Side+gap) }

// write writes what fits into a column.
func (s Sheet) write(to draw.Image, text string, x, y int, c color.RGBA) {
	write(to, text[:min(len(text), s.Side/charWide)], x, y, c)
}

func write(to draw.Image, text string, x, y int, c color.RGBA) {
	d := font.Drawer{Dst: to, Src: image.NewUniform(c), Face: basicfont.Face7x13, Dot: fixed.P(x, y+line-4)}
	d.DrawString(text)
}
