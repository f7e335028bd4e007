package notebook_test

import (
	"fmt"
	"image"
	"os"
	"strconv"
	"time"

	"distillation/kdlib/chart"
	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/notebook"
	"distillation/kdlib/table"
	"distillation/kdlib/train/history"
)

// The examples have no output outside of a notebook.

// Both results of a call may be given: an error stops the cell.
func ExampleShow() {
	notebook.Show(chart.Lines(chart.Axes{Title: "Loss", X: "epoch", Y: "loss"}, chart.Curve{Name: "train", Y: []float64{0.7, 0.4, 0.3}}))
	// Output:
}

func ExampleTable() {
	t := table.Table{Title: "Test accuracy", Columns: []table.Column{table.Text("model"), table.Number("ours"), table.Number("printed"), table.Number("difference")}}
	t.Add(append([]string{"soft"}, table.Versus(0.9648, "0.96320")...)...)
	notebook.Table(t)
	// Output:
}

func ExamplePictures() {
	face := image.NewRGBA(image.Rect(0, 0, 64, 64))
	notebook.Pictures([]image.Image{face, face}, []string{"as it is", "flipped"})
	// Output:
}

// A row for each element, a column for each field; the total of Params stands in the title.
func ExampleRows() {
	type layer struct {
		Name   string
		Output []int
		Params int
	}
	notebook.Rows("Layers", []layer{{"conv1", []int{112, 112, 64}, 9408}, {"dense", []int{1}, 513}}, "Params")
	// Output:
}

// Must is for a result that a cell goes on with, Check for a call that returns only an error.
func ExampleMust() {
	colour := notebook.Must(strconv.Atoi("255"))
	notebook.Check(os.MkdirAll(os.TempDir(), 0o755))
	fmt.Println(colour)
	// Output:
	// 255
}

// The browser that shows the notebook computes the expression. Without one the answer is empty.
func ExampleAsk() {
	width := notebook.Ask("window.innerWidth")
	fmt.Printf("%q\n", width)
	// Output:
	// ""
}

func ExampleFaces() {
	notebook.Faces(64, 1, synth.Shape{}, synth.Shape{Ears: 1, Muzzle: 1})
	// Output:
}

func ExampleAugmented() {
	face := synth.Render(synth.Shape{}, 64, 1)
	notebook.Augmented(face, images.Augment{Flip: true, Shift: 0.2}, 5, 1)
	// Output:
}

func ExampleResized() {
	notebook.Resized(synth.Render(synth.Shape{}, 64, 1), 32, 16)
	// Output:
}

// What trains tells the report, and the cell shows a bar, a table and curves.
func ExampleProgress() {
	report := notebook.NewProgress()
	report.Say("two epochs")
	for epoch := 1; epoch <= 2; epoch++ {
		for step := 1; step <= 3; step++ {
			report.Step("soft", history.Step{Epoch: epoch, Epochs: 2, Number: step, Steps: 3, MeanLoss: 0.7 / float64(epoch)})
		}
		report.Epoch("soft", 2, history.Epoch{Number: epoch, TrainLoss: 0.7 / float64(epoch), ValidationLoss: 0.6, ValidationAccuracy: 0.7})
	}
	// Output:
}

// The cell looks at the study for a minute, or until nobody works on it.
func ExampleWatch() {
	notebook.Watch("datasets/runs/mine", time.Minute)
	// Output:
}
