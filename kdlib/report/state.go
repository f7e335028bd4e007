package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/chart"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// begun reads the recipe of a study that may have nothing else yet.
func begun(dir string) (*folder.Study, error) {
	how, err := recipe.Read(filepath.Join(dir, folder.StudyFile))
	if err != nil {
		return nil, fmt.Errorf("report: %s has not begun: %w", dir, err)
	}
	return &folder.Study{Dir: dir, Recipe: how}, nil
}

// StateTable tells how far each part of a study is, while processes on any machines that share its folder work in it: done, running,
// interrupted, ready to be made or waiting for another part, its epoch, and who works on it.
func StateTable(dir string) (table.Table, error) {
	t := table.Table{Columns: []table.Column{table.Text("part"), table.Text("state"), table.Text("epoch"), table.Text("needs"), table.Text("by")}}
	study, err := begun(dir)
	if err != nil {
		return t, err
	}
	states := study.States()
	for _, s := range states {
		epoch := ""
		if s.Epochs > 0 {
			epoch = fmt.Sprintf("%d of %d", s.Epoch, s.Epochs)
		}
		t.Add(s.Name, s.Is, epoch, strings.Join(needed(s), ", "), s.By)
	}
	t.Title = stateTitle(dir, states)
	return t, nil
}

func stateTitle(dir string, states []folder.State) string {
	return fmt.Sprintf("%s: %d of %d parts done, %d running", filepath.Base(dir), count(states, folder.Done), len(states), count(states, folder.Running))
}

func count(states []folder.State, is string) (n int) {
	for _, s := range states {
		if s.Is == is {
			n++
		}
	}
	return n
}

// needed are the models whose files a part needs.
func needed(s folder.State) []string {
	var models []string
	for _, file := range s.Needs {
		model, _, _ := strings.Cut(file, "/")
		models = append(models, model)
	}
	return slices.Compact(models)
}

// graphStates are the states of parts in the order of their colours.
var graphStates = []string{folder.Done, folder.Running, folder.Interrupted, folder.Ready, folder.Waiting}

// StateFigure draws the graph of a study: which model waits for which, and how far each is, as in StateTable. The students of one kind from
// several seeds are one box. A figure of this height and chart.Width shows all of it.
func StateFigure(dir string) (p *plot.Plot, height vg.Length, err error) {
	study, err := begun(dir)
	if err != nil {
		return nil, 0, err
	}
	states := study.States()
	kinds := map[string][]folder.State{}
	var order []string
	for _, s := range states {
		kind := study.Kind(s.Name)
		if kinds[kind] == nil {
			order = append(order, kind)
		}
		kinds[kind] = append(kinds[kind], s)
	}
	var nodes []chart.Node
	for _, kind := range order {
		nodes = append(nodes, stateNode(kind, kinds[kind]))
	}
	p, err = chart.Graph(stateTitle(dir, states), graphStates, nodes)
	return p, chart.GraphHeight(nodes), err
}

// stateNode is the box of a kind: running if any of it is, done if all of it is.
func stateNode(kind string, states []folder.State) chart.Node {
	n := chart.Node{Name: kind, Needs: needed(states[0])}
	first := states[0]
	for _, is := range []string{folder.Running, folder.Interrupted, folder.Ready, folder.Waiting, folder.Done} {
		if at := slices.IndexFunc(states, func(s folder.State) bool { return s.Is == is }); at >= 0 {
			first = states[at]
			break
		}
	}
	n.State, n.Note = slices.Index(graphStates, first.Is), first.Is
	switch {
	case len(states) > 1:
		n.Note = fmt.Sprintf("%d of %d done", count(states, folder.Done), len(states))
	case first.Is == folder.Running || first.Is == folder.Interrupted:
		n.Note = fmt.Sprintf("epoch %d/%d", first.Epoch, first.Epochs)
	}
	return n
}
