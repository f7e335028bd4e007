package main

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

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
