// Package live makes the live page of a study. Its controls set threshold, bins, models, set, labels and axis. The histogram,
// the scores and the marks on the ROC and precision-recall curves follow while a control moves. A click on a bar, a curve or a
// count shows its pictures, where the page has them (AddPictures). A part that opens asks what mistakes cost, and between which
// predictions nothing is said: it has the expected cost at every threshold, the cheapest one of the validation set, and what the
// answers that are given are worth.
//
// The page is HTML with everything inside: the models' predictions, the rules (rules.js, which the tests compare with packages
// distill and metrics) and the drawing (uPlot, folder uplot). It needs no network and no kernel. So it works below a notebook's
// cell, in a notebook that was reopened or exported, and as a file of its own.
//
//	page, err := live.New(study)
//	notebook.HTML(page.Fragment("live"))                          // below a cell
//	choice, err := live.Read(notebook.Ask(live.Question("live"))) // in a later cell: the page's settings
//
// The page holds the numbers of the files to the bit.
package live

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"

	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
)

var (
	//go:embed rules.js
	rulesScript string
	//go:embed page.js
	pageScript string
	//go:embed page.css
	pageStyle string
	//go:embed document.html
	documentText string

	// uPlot 1.6.32, the chart library; its licence is MIT. It is 51 KB; Observable Plot with its part of D3 would be
	// some 250 KB and would need a bundler.
	//go:embed uplot/uPlot.iife.min.js
	uplotScript string
	//go:embed uplot/uPlot.min.css
	uplotStyle string
	//go:embed uplot/LICENSE
	uplotLicense string
)

// Splits are the sets of a page unless others are named. The train set is many times larger, and predictions on it say little.
var Splits = []predictions.Split{predictions.Validation, predictions.Test}

// Page is the live page of a study, or of two beside each other.
type Page struct {
	runs []*analysis.Study
	data data
	ids  [][]string // of the pictures, for each set
}

// New reads the models' predictions on the sets, or on Splits if it gets none. It leaves out models of an unfinished study that
// lack predictions on one of them. It is an error if no model is left, or if models predicted different pictures.
func New(run *analysis.Study, splits ...predictions.Split) (*Page, error) {
	return page([]*analysis.Study{run}, splits)
}

// Beside is New of two studies on one page. Their sets must be the same pictures. A model is named by its study's folder, and those of the
// second are paler.
func Beside(a, b *analysis.Study, splits ...predictions.Split) (*Page, error) {
	return page([]*analysis.Study{a, b}, splits)
}

func page(runs []*analysis.Study, splits []predictions.Split) (*Page, error) {
	if len(splits) == 0 {
		splits = Splits
	}
	d, tables, err := readData(runs, splits)
	if err != nil {
		return nil, err
	}
	p := &Page{runs: runs, data: d}
	for _, t := range tables {
		p.ids = append(p.ids, t.IDs())
	}
	return p, nil
}

// Fragment is the page as a part of another page, such as a notebook. Question finds it by its name. If several fragments have
// the same name, the one that was moved last answers.
func (p *Page) Fragment(name string) string { return p.fragment(name, false) }

func (p *Page) fragment(name string, address bool) string {
	d := p.data
	d.Name, d.Address = name, address
	text, err := json.Marshal(d)
	if err != nil {
		panic(err) // numbers are finite, everything else is text
	}
	var b strings.Builder
	b.WriteString(`<div class="kdlib-whatif" data-lm-suppress-shortcuts="true">` + "\n<style>" + uplotStyle + pageStyle + "</style>\n")
	b.WriteString(`<p class="kw-still">The controls appear when the notebook may run its scripts: choose “Trust Notebook” in JupyterLab, or run the cell.</p>` + "\n")
	fmt.Fprintf(&b, "<script>\n(() => {\nconst root = document.currentScript.parentElement;\n/*!\n%s*/\n%s\n%s\nconst data = %s;\n%s})();\n</script>\n</div>\n",
		uplotLicense, uplotScript, compact(rulesScript), text, compact(pageScript))
	return b.String()
}

// compact is a script without indentation and without lines of comment alone: a fifth smaller, and no string of it has two lines.
func compact(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

var document = template.Must(template.New("document").Parse(documentText))

// WriteDocument writes the page as a file of its own. Its address follows the controls, so that a link to it can carry, say, a
// threshold: page.html#threshold=0.35&models=teacher,soft.
func (p *Page) WriteDocument(w io.Writer) error {
	err := document.Execute(w, map[string]any{
		"Study":       strings.Join(namesOf(p.runs), " beside "),
		"Classes":     p.data.Classes,
		"Differences": p.differences(),
		"Fragment":    template.HTML(p.fragment("report", true)),
	})
	if err != nil {
		return fmt.Errorf("live: %w", err)
	}
	return nil
}

// differences are those of the studies from the paper's.
func (p *Page) differences() []string {
	if len(p.runs) == 1 {
		return p.runs[0].Recipe.Differences()
	}
	var all []string
	for i, name := range namesOf(p.runs) {
		for _, d := range p.runs[i].Recipe.Differences() {
			all = append(all, name+": "+d)
		}
	}
	return all
}
