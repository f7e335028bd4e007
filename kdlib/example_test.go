package kdlib_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"distillation/kdlib/backend"
	"distillation/kdlib/distill"
	"distillation/kdlib/notebook"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study"
)

// Three students of a teacher that is known by its predictions alone, and a fourth with smoothed labels beside them.
func Example() {
	how := recipe.Demo // plain data: what is trained, and how
	how.Name, how.Generations = "mine", 0
	how.Teacher, how.Given.Predictions = recipe.Training{}, "mine.csv" // id,p: the teacher's probability of label 1 for each picture
	how.SoftLabels = distill.Soft{Temperature: 2}
	how.FurtherRules = []distill.Named{{Rule: distill.Smoothed{Smoothing: 0.1}}}

	mine := study.Study{Recipe: how, Pictures: "mine.zip", Dir: "runs/mine", CacheDir: "cache", Report: notebook.NewProgress()}
	notebook.Check(mine.Run(context.Background(), notebook.Must(backend.New()))) // interrupted, the same call goes on

	results := notebook.Must(report.Open(mine.Dir)) // predictions, histories and recipe, on disk
	notebook.Table(results.SummaryTable())
	notebook.Show(results.SummaryFigure())
}

// README shows the example as it is compiled here.
func TestReadmeShowsTheExample(t *testing.T) {
	source, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, ok1 := strings.Cut(string(source), "func Example() {\n")
	body, _, ok2 := strings.Cut(body, "\n}\n")
	readme, err := os.ReadFile("../README.md")
	if err != nil || !ok1 || !ok2 {
		t.Fatal("no example", err)
	}
	want := "```go\n" + strings.ReplaceAll(strings.TrimPrefix(body, "\t"), "\n\t", "\n") + "\n```\n"
	if !strings.Contains(string(readme), want) {
		t.Errorf("README.md does not show\n%s", want)
	}
}
