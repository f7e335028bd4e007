// Package nbui shows figures, tables, text and pictures below a notebook's cell.
// It is the only package that talks to the notebook; outside of one its
// functions do nothing.
//
// What cannot be shown makes them panic, so that the cell, and a headless run of
// the notebook, stops with the reason.
package nbui

import (
	"image"

	"distillation/kdlib/chart"
	"distillation/kdlib/table"

	"github.com/janpfeifer/gonb/gonbui"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Show displays a figure at the size that figures are made for.
func Show(p *plot.Plot) { ShowSized(p, chart.Width, chart.Height) }

// ShowSized displays a figure at a size in points; one point is 4/3 pixels. In a
// narrower notebook it shrinks to fit.
func ShowSized(p *plot.Plot, width, height vg.Length) {
	svg, err := chart.SVG(p, width, height)
	if err != nil {
		panic(err)
	}
	display(figureHTML(svg, p.Title.Text, width))
}

// Table displays a table with its notes; one that is wider than the page scrolls.
func Table(t table.Table) { display(`<div style="overflow-x:auto">` + t.HTML() + `</div>`) }

// HTML displays a part of a web page, which may have scripts.
func HTML(fragment string) { display(fragment) }

// Note displays a line of text in a frame, as a warning or a hint.
func Note(text string) { display(noteHTML(text)) }

// Markdown displays text with Markdown and formulas between dollar signs.
func Markdown(text string) {
	gonbui.DisplayMarkdown(text)
	gonbui.Sync()
}

// Pictures displays pictures in rows, magnified to be seen if they are small,
// with a caption below each; captions may be nil.
func Pictures(pictures []image.Image, captions []string) {
	html, err := picturesHTML(pictures, captions)
	if err != nil {
		panic(err)
	}
	display(html)
}

// display waits until the notebook has the output: what is still on its way
// when the cell's program ends is lost.
func display(html string) {
	gonbui.DisplayHTML(html)
	gonbui.Sync()
}
