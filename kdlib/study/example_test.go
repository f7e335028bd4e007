package study_test

import (
	"context"
	"fmt"
	"os"

	"distillation/kdlib/backend"
	"distillation/kdlib/distill"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/notebook"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/report"
	"distillation/kdlib/study"
)

// A whole study: a teacher, three students, two chains. The same call goes on with a study that was interrupted.
func ExampleStudy_Run() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	demo := study.Study{Recipe: recipe.Demo, Pictures: "faces.tar", Dir: "runs/demo", CacheDir: "cache", Report: notebook.NewProgress()}
	if err := demo.Run(context.Background(), b); err != nil {
		panic(err)
	}
	results, err := report.Open(demo.Dir)
	if err != nil {
		panic(err)
	}
	notebook.Table(results.SummaryTable())
}

// A student that learns from label smoothing is one line more in the recipe.
func ExampleStudy_Run_furtherRule() {
	how := recipe.Demo
	how.Name, how.Generations = "smoothed", 0
	how.FurtherRules = []distill.Named{{Rule: distill.Smoothed{Smoothing: 0.1}}}
	fmt.Println(how.Validate(), how.Rules())
	// Output:
	// <nil> [hard soft smoothed]
}

// A picture of one's own, and what the teacher and the students of a finished study say of it.
func ExampleAsk() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	notebook.Asked(study.Ask(context.Background(), b, study.Question{Study: "runs/mine", Pictures: "holiday/IMG_7.jpg"}))
}

// Pictures become data to train on: decoded once, split 70/15/15.
func ExampleOpenCollection() {
	dir, err := os.MkdirTemp("", "faces")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	if err := synth.Write(ctx, dir+"/faces.tar", synth.Faces{N: 40, Size: 32, Seed: 1}); err != nil { // any folder, zip or tar
		panic(err)
	}
	faces, err := study.OpenCollection(ctx, study.CollectionOptions{
		Pictures: dir + "/faces.tar", CacheDir: dir, Manifest: dir + "/manifest.csv", Data: recipe.Demo.Data, Report: notebook.NewProgress()})
	if err != nil {
		panic(err)
	}
	defer faces.Close()
	data := faces.GroundTruth(predictions.Train)
	fmt.Println(len(data.Examples), "pictures of", data.Pictures.Size(), "pixels, labels", data.Labels()[:4])
	// Output:
	// 28 pictures of 32 pixels, labels [0 1 0 1]
}
