// Package chart draws the figures of the paper with gonum/plot: histograms of predictions (figures 6 to 9), learning curves
// (figures 2 to 5), and general lines, bars and points. A model has the same colour in every figure.
//
// The functions return a *plot.Plot, and the caller decides where it goes. SVG and Save render a plot, always to the same
// bytes.
package chart

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Width and Height are the size at which figures look best, 880 by 440 pixels
// in a notebook.
const (
	Width  = 660 * vg.Length(1)
	Height = 330 * vg.Length(1)
)

// pngDPI is twice a screen's 96 dots per inch, sharp on dense displays and in print.
const pngDPI = 192

// margin around a figure, in points.
const margin = 8

// fonts follow the one that gonum names in an SVG, for browsers that lack it.
const fonts = "font-family:Liberation Sans,Arial,Helvetica,sans-serif;"

// SVG renders a plot of the given size as an SVG document.
func SVG(p *plot.Plot, width, height vg.Length) ([]byte, error) {
	canvas := vgsvg.New(width, height)
	drawOn(canvas, p)
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return bytes.ReplaceAll(out.Bytes(), []byte("font-family:Liberation Sans;"), []byte(fonts)), nil
}

// raster renders a plot of the given size as a PNG picture.
func raster(p *plot.Plot, width, height vg.Length) ([]byte, error) {
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(pngDPI))}
	drawOn(canvas, p)
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("chart: %w", err)
	}
	return out.Bytes(), nil
}

func drawOn(canvas vg.CanvasSizer, p *plot.Plot) {
	c := draw.New(canvas)
	c.SetColor(p.BackgroundColor)
	c.Fill(c.Rectangle.Path())
	drawIn(draw.Crop(c, margin, -margin, margin, -margin), p)
}

// Save renders a plot to a file, whose name ends in .svg or .png (192 dots per
// inch). The file is written whole or not at all.
func Save(p *plot.Plot, path string, width, height vg.Length) error {
	render := SVG
	switch suffix := strings.ToLower(filepath.Ext(path)); suffix {
	case ".svg":
	case ".png":
		render = raster
	default:
		return fmt.Errorf("chart: %s: suffix: got %q, want .svg or .png", path, suffix)
	}
	data, err := render(p, width, height)
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(path, data, 0o644); err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	return nil
}
