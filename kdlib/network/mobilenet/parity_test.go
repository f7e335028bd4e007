package mobilenet_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/internal/parity"
	"distillation/kdlib/network/mobilenet"

	"github.com/gomlx/compute/dtypes"
)

// What testdata/gen_torch.py wrote: torchvision's network of a quarter of the channels, and the layers of all.
var torch = parity.Oracle{Network: mobilenet.MobileNetV2Quarter, File: "mobilenet-v2-quarter_golden.json"}

func TestInferenceAgainstTorchvision(t *testing.T) { torch.Inference(t) }

// In float64, where rounding does not hide a small mistake.
func TestTrainingStepAgainstTorchvision(t *testing.T) {
	torch.TrainingStep(t, dtypes.Float64, parity.Float64Rounding)
}

func TestLayersAgainstTorchvision(t *testing.T) {
	for _, network := range mobilenet.Networks() {
		layers, err := network.Layers(224)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range layers {
			if l.Kind == "InputLayer" || l.Kind == "Add" || l.Kind == "GlobalAveragePooling2D" { // no modules of torchvision
				continue
			}
			output := strings.Trim(strings.ReplaceAll(fmt.Sprint(l.Output), " ", "x"), "[]")
			got = append(got, fmt.Sprintf("%s,%s,%s,%d,%d", l.Name, l.Kind, output, l.Params, l.Trainable))
		}
		if want := rows(t, network); !slices.Equal(got, want) {
			t.Errorf("%s: got layers\n%s\nwant\n%s", network, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// rows are those of a network's table.
func rows(t *testing.T, network architecture.Network) (rows []string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", network.String()+"_layers.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		rows = append(rows, strings.Join(record, ","))
	}
	return rows
}

// Without its last layer torchvision's network has 3,504,872 - 1000*1281 parameters, the number of its documentation less the layer's.
func TestNumberOfParameters(t *testing.T) {
	layers, err := mobilenet.MobileNetV2.Layers(64)
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	for _, l := range layers[:len(layers)-1] {
		got += l.Trainable
	}
	if want := 3_504_872 - 1000*1281; got != want {
		t.Errorf("got %d parameters before the head, want %d", got, want)
	}
}
