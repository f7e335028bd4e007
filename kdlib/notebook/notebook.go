// Package notebook shows figures, tables and pictures below a notebook's cell.
// It is the only package that talks to the notebook; outside of one its
// functions do nothing.
//
// An error stops the cell, and a headless run of the notebook, with the reason.
// Table and Show take both results of a call, as in notebook.Table(study.ScoresTable("soft")).
package notebook

import (
	"image"

	"distillation/kdlib/chart"
	"distillation/kdlib/table"

	"github.com/janpfeifer/gonb/gonbui"
	"gonum.org/v1/plot"
)

// Show displays a figure at the size that figures are made for; in a narrower
// notebook it shrinks to fit. An error stops the cell, as in Must.
func Show(p *plot.Plot, errs ...error) {
	Check(errs...)
	svg, err := chart.SVG(p, chart.Width, chart.Height)
	Check(err)
	display(figureHTML(svg, p.Title.Text, chart.Width))
}

// Table displays a table with its notes; one that is wider than the page scrolls.
// An error stops the cell, as in Must.
func Table(t table.Table, errs ...error) {
	Check(errs...)
	display(`<div style="overflow-x:auto">` + t.HTML() + `</div>`)
}

// HTML displays a part of a web page, which may have scripts.
func HTML(fragment string) { display(fragment) }

// Pictures displays pictures in rows, with a caption below each; captions may be nil. It magnifies small pictures.
func Pictures(pictures []image.Image, captions []string) {
	html, err := picturesHTML(pictures, captions)
	Check(err)
	display(html)
}

// display waits until the notebook has the output: what is still on its way
// when the cell's program ends is lost.
func display(html string) {
	gonbui.DisplayHTML(html)
	gonbui.Sync()
}
