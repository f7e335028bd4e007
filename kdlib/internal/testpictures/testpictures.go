// Package testpictures has the pictures on which networks are compared with other libraries, whose generators draw the same.
package testpictures

import "fmt"

// Patterns are pictures of so many pixels width and height; picture k is called "k".
type Patterns int

// Size is the width and height.
func (p Patterns) Size() int { return int(p) }

// Image draws RGB pixels, row by row.
func (p Patterns) Image(id string) ([]uint8, bool) {
	var k int
	if _, err := fmt.Sscan(id, &k); err != nil {
		return nil, false
	}
	var pixels []uint8
	for y := range int(p) {
		for x := range int(p) {
			for c := range 3 {
				pixels = append(pixels, uint8(7*x+13*y+x*y/(k+2)+29*c+31*k))
			}
		}
	}
	return pixels, true
}
