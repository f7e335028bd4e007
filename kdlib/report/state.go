package report

import (
	"fmt"
	"path/filepath"
	"strings"

	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

// StateTable tells how far each part of a study is, while processes on any machines that share its folder work in it: done, running,
// interrupted, ready to be made or waiting for another part, its epoch, and who works on it.
func StateTable(dir string) (table.Table, error) {
	t := table.Table{Columns: []table.Column{table.Text("part"), table.Text("state"), table.Text("epoch"), table.Text("needs"), table.Text("by")}}
	how, err := recipe.Read(filepath.Join(dir, folder.StudyFile))
	if err != nil {
		return t, fmt.Errorf("report: %s has not begun: %w", dir, err)
	}
	counts := map[string]int{}
	for _, s := range (&folder.Study{Dir: dir, Recipe: how}).States() {
		epoch, needs := "", ""
		if s.Epochs > 0 {
			epoch = fmt.Sprintf("%d of %d", s.Epoch, s.Epochs)
		}
		if len(s.Needs) > 0 {
			needs, _, _ = strings.Cut(s.Needs[0], "/")
		}
		counts[s.Is]++
		t.Add(s.Name, s.Is, epoch, needs, s.By)
	}
	t.Title = fmt.Sprintf("%s: %d of %d parts done, %d running", filepath.Base(dir), counts[folder.Done], len(t.Rows), counts[folder.Running])
	return t, nil
}
