package live

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"
	"slices"

	"distillation/kdlib/chart"
	"distillation/kdlib/metrics"
	"distillation/kdlib/predictions"
	"distillation/kdlib/study/analysis"
	"distillation/kdlib/study/folder"
)

// data is what a page's script is given, as JSON.
type data struct {
	Name    string      `json:"name"`
	Classes [2]string   `json:"classes"` // names of the labels 0 and 1
	Splits  []splitData `json:"sets"`
	Models  []model     `json:"models"`
	Widths  []binWidth  `json:"widths"`
	Start   Choice      `json:"start"`
	Arrays  []string    `json:"arrays"`  // see pack; others refer to them by their places
	Address bool        `json:"address"` // the page's address is its own, and carries its state
}

type splitData struct {
	Name   predictions.Split `json:"name"`
	Labels int               `json:"labels"` // the array of ground-truth labels
	Names  names             `json:"names"`

	Thumbnails *thumbnails `json:"thumbnails,omitempty"`
}

type model struct {
	Name     string `json:"name"`
	Color    string `json:"color"`
	Dark     string `json:"dark"`   // the color on a dark page
	P        []int  `json:"p"`      // the array of predictions, for each set
	Training []int  `json:"lesson"` // the array of labels that it learned from, for each set; null: ground-truth labels

	base string // its name in its study
}

type binWidth struct {
	Width float64 `json:"width"`
	Bins  int     `json:"bins"`
}

// widths are the bins that a page offers.
var widths = []float64{0.01, 0.02, 0.025, 0.04, 0.05, 0.1, 0.125, 0.2, 0.25, 0.5}

func offeredWidths() ([]binWidth, error) {
	var offered []binWidth
	for _, w := range widths {
		bins, err := metrics.BinCount(w)
		if err != nil {
			return nil, err
		}
		offered = append(offered, binWidth{w, bins})
	}
	return offered, nil
}

// add keeps an array and returns its place. The soft labels of a student are its teacher's predictions: they are kept once.
func (d *data) add(values []float64) int {
	text := pack(values)
	if at := slices.Index(d.Arrays, text); at >= 0 {
		return at
	}
	d.Arrays = append(d.Arrays, text)
	return len(d.Arrays) - 1
}

// readData reads the predictions of all models that the studies have evaluated on all sets. The tables are those of the first one.
func readData(runs []*analysis.Study, splits []predictions.Split) (d data, first []predictions.Table, err error) {
	if d.Widths, err = offeredWidths(); err != nil {
		return d, nil, err
	}
	for i, run := range runs {
		for _, name := range run.Models() {
			tables, err := readTables(run, name, splits)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return d, nil, err
			}
			if first == nil {
				first = tables
				d.addSplits(splits, tables)
				if d.Classes, err = run.Classes(tables[0]); err != nil {
					return d, nil, err
				}
			}
			if err := sameRows(run, name, first, tables); err != nil {
				return d, nil, err
			}
			if err := d.addModel(run, name, tables); err != nil {
				return d, nil, err
			}
			if len(runs) > 1 {
				d.Models[len(d.Models)-1].tell(namesOf(runs)[i], i > 0)
			}
		}
	}
	if first == nil {
		return d, nil, fmt.Errorf("live: %s: no model has predictions on all of %q", runs[0].Dir, splits)
	}
	d.Start = d.start()
	return d, first, nil
}

// namesOf are the studies' names.
func namesOf(runs []*analysis.Study) []string {
	if len(runs) == 1 {
		return []string{runs[0].Recipe.Name}
	}
	first, second := analysis.DirNames(runs[0], runs[1])
	return []string{first, second}
}

// tell makes a model one of two studies: it is named by its own, and pale in the second.
func (m *model) tell(study string, second bool) {
	m.Name = study + ": " + m.base
	if second {
		m.Color = hexColor(chart.Pale(chart.ModelColor(m.base)))
		m.Dark = hexColor(chart.Pale(chart.OnDark(chart.ModelColor(m.base))))
	}
}

// readTables reads a model's predictions, a table a set.
func readTables(run *analysis.Study, name string, splits []predictions.Split) ([]predictions.Table, error) {
	tables := make([]predictions.Table, len(splits))
	for i, split := range splits {
		t, err := run.Predictions(name, split)
		if err != nil {
			return nil, err
		}
		tables[i] = t
	}
	return tables, nil
}

// sameRows wants the same pictures with the same labels in the same order from every model.
func sameRows(run *analysis.Study, name string, want, got []predictions.Table) error {
	for i, t := range got {
		if !slices.Equal(t.IDs(), want[i].IDs()) || !slices.Equal(t.Labels(), want[i].Labels()) {
			return fmt.Errorf("live: %s: its pictures or their labels are not those of the models before",
				folder.PredictionPath(run.Dir, name, want[i][0].Split))
		}
	}
	return nil
}

func (d *data) addSplits(splits []predictions.Split, tables []predictions.Table) {
	for i, t := range tables {
		d.Splits = append(d.Splits, splitData{Name: splits[i], Labels: d.add(t.Labels()), Names: d.addNames(t)})
	}
}

func (d *data) addModel(run *analysis.Study, name string, tables []predictions.Table) error {
	m := model{Name: name, base: name, Color: hexColor(chart.ModelColor(name)), Dark: hexColor(chart.OnDark(chart.ModelColor(name)))}
	_, _, distilled := run.LabelSource(name)
	for i, t := range tables {
		m.P = append(m.P, d.add(t.P()))
		if !distilled {
			continue
		}
		labels, err := run.TrainingLabels(name, d.Splits[i].Name)
		if err != nil {
			return err
		}
		m.Training = append(m.Training, d.add(labels))
	}
	d.Models = append(d.Models, m)
	return nil
}

// start is Default as far as the data allow.
func (d *data) start() Choice {
	c := Default()
	var models []string
	for _, m := range d.Models {
		if slices.Contains(c.Models, m.base) {
			models = append(models, m.Name)
		}
	}
	if c.Models = models; len(models) == 0 {
		c.Models = []string{d.Models[0].Name}
	}
	if !slices.ContainsFunc(d.Splits, func(s splitData) bool { return s.Name == c.Split }) {
		c.Split = d.Splits[0].Name
	}
	return c
}

func hexColor(c color.Color) string {
	rgb := color.RGBAModel.Convert(c).(color.RGBA)
	return fmt.Sprintf("#%02x%02x%02x", rgb.R, rgb.G, rgb.B)
}
