package notebook_test

import (
	"image"

	"distillation/kdlib/chart"
	"distillation/kdlib/notebook"
	"distillation/kdlib/table"
)

// The examples have no output outside of a notebook.

func ExampleShow() {
	p, err := chart.Lines(chart.Axes{Title: "Loss", X: "epoch", Y: "loss"}, chart.Curve{Name: "train", Y: []float64{0.7, 0.4, 0.3}})
	if err != nil {
		panic(err)
	}
	notebook.Show(p)
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
