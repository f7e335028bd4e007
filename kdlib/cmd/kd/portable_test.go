package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/distill"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/paper"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/analysis"
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
	for _, name := range []string{"deep", "seeds", "mobile"} {
		run, err := analysis.Open(filepath.Join(root, "datasets", "results", name))
		if err != nil {
			t.Fatal(err)
		}
		network := architecture.Network(run.Recipe.Student.Network)
		students := []string{paper.Classical, paper.Soft}
		var all []analysis.Labelled
		for _, student := range students {
			predicted, err := run.Predictions(student, predictions.Test)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, analysis.Labelled{Predicted: analysis.Predicted(predicted), Y: predicted.Labels(), Class: analysis.Classes(predicted)})
		}
		measured, err := analysis.WithIntervals(all, distill.Threshold)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range measured {
			shown.Add(recipe.NetworkTitle(network.String()), fmt.Sprint(parameters(t, network)), students[i], table.Fixed(m.Accuracy, table.Decimals),
				table.Fixed(m.AccuracyInterval.Low, table.Decimals)+" to "+table.Fixed(m.AccuracyInterval.High, table.Decimals), table.Fixed(m.Uncertainty, table.Decimals))
		}
	}
	text, err := markdown(shown, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkPage(t, filepath.Join(root, "figures", "README.md"), "three networks", text)
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
