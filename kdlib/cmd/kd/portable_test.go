package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/table"
)

// figures/README.md shows what figures/portable/measure.py measured.
func TestReadmeShowsWhatSmallerNumbersCost(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "figures")
	file, err := os.Open(filepath.Join(folder, "portable", "portable.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	const text, shown = 3, 9 // columns: the rest are machine, versions and commit
	var all table.Table
	for i, name := range rows[0][:shown] {
		column := table.Number(strings.ReplaceAll(name, "_", " "))
		if i < text {
			column = table.Text(column.Name)
		}
		all.Columns = append(all.Columns, column)
	}
	for _, row := range rows[1:] {
		all.Add(row[:shown]...)
	}
	var b strings.Builder
	if err := all.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	checkPage(t, filepath.Join(folder, "README.md"), "smaller numbers", b.String())
}

// figures/README.md shows what students of three networks know that were trained alike: the studies deep, seeds and mobile.
func TestReadmeShowsWhatStudentsOfThreeNetworksKnow(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	shown := table.Table{Columns: []table.Column{table.Text("network"), table.Number("parameters"), table.Text("student"), table.Number("accuracy"),
		table.Text("accuracy, 95 %"), table.Number("unc")}}
	for _, study := range []string{"deep", "seeds", "mobile"} {
		run, err := report.Open(filepath.Join(root, "datasets", "results", study))
		if err != nil {
			t.Fatal(err)
		}
		summary, err := run.SummaryTable()
		if err != nil {
			t.Fatal(err)
		}
		const model, accuracy, unc, interval = 0, 2, 5, 8 // columns
		network := architecture.Network(run.Recipe.Student.Network)
		for _, row := range summary.Rows {
			if row[model] != "teacher" {
				shown.Add(recipe.NetworkTitle(network.String()), fmt.Sprint(parameters(t, network)), row[model], row[accuracy], row[interval], row[unc])
			}
		}
	}
	var b strings.Builder
	if err := shown.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	checkPage(t, filepath.Join(root, "figures", "README.md"), "three networks", b.String())
}

// parameters are the trained ones.
func parameters(t *testing.T, network architecture.Network) int {
	t.Helper()
	layers, err := network.Layers(architecture.MinSize)
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for _, l := range layers {
		sum += l.Trainable
	}
	return sum
}
