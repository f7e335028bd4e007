// Makespan says what many machines bring for the paper's study with 20 seeds of each student, simulated from its plan and measured times.
//
//	go run ./kernel-setup/cluster/makespan
//
// prints the table of kernel-setup/cluster/README.md and draws the figure beside it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"distillation/kdlib/chart"
	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/table"
)

func main() {
	if err := run(filepath.Join("kernel-setup", "cluster", "makespan.svg")); err != nil {
		fmt.Fprintln(os.Stderr, "makespan:", err)
		os.Exit(1)
	}
}

func run(figure string) error {
	plan := plan()
	if err := draw(plan, figure); err != nil {
		return err
	}
	return tableOf(plan).WriteMarkdown(os.Stdout)
}

// plan is that of the paper's preset with 20 seeds of each student.
func plan() folder.Plan {
	how := recipe.Paper
	how.Seeds, how.Timing = 20, recipe.Timing{}
	return (&folder.Study{Recipe: how}).Plan()
}

// hours are how long a model takes on a node of two cores. A student's 100 epochs take 546 training steps of 1.43 s each (figures/README.md,
// "Speed") and 118 batches of the validation set of 0.36 s, 22.9 hours; each step of the teacher's 25 epochs takes 2.5 times as long, as
// at 64x64, together 14 hours.
func hours(model string) float64 {
	if model == paper.Teacher {
		return 14
	}
	return 22.9
}

func days(p folder.Plan, nodes int) float64 { return p.Makespan(nodes, hours) / 24 }

func tableOf(p folder.Plan) table.Table {
	t := table.Table{Columns: []table.Column{table.Text("nodes")}}
	row := []string{"makespan"}
	for _, nodes := range []int{1, 2, 5, 10, 20, 50, 100} {
		t.Columns = append(t.Columns, table.Number(fmt.Sprint(nodes)))
		row = append(row, fmt.Sprintf("%.1f days", days(p, nodes)))
	}
	t.Add(row...)
	return t
}

// draw draws the makespan on 1 to 100 nodes, beside what it would be if no model waited for another one.
func draw(p folder.Plan, figure string) error {
	simulated, divided := chart.Curve{Name: "makespan"}, chart.Curve{Name: "all the work, divided by the nodes", Dashed: true}
	for nodes := 1; nodes <= 100; nodes++ {
		simulated.X, simulated.Y = append(simulated.X, float64(nodes)), append(simulated.Y, days(p, nodes))
		divided.X, divided.Y = append(divided.X, float64(nodes)), append(divided.Y, days(p, 1)/float64(nodes))
	}
	plot, err := chart.Lines(chart.Axes{Title: "The paper's study with 20 seeds of each student", X: "nodes", Y: "days", LogX: true, LogY: true}, simulated, divided)
	if err != nil {
		return err
	}
	return chart.Save(plot, figure, chart.Width, chart.Height)
}
