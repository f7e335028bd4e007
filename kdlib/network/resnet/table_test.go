package resnet_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/resnet"
)

// total adds up the parameters of a network without its head, all of them and the trained ones.
func total(t *testing.T, network architecture.Network) (params, trainable int) {
	t.Helper()
	layers, err := network.Layers(224)
	if err != nil {
		t.Fatal(err)
	}
	for _, layer := range layers[:len(layers)-1] {
		params, trainable = params+layer.Params, trainable+layer.Trainable
	}
	return params, trainable
}

func TestNumberOfParameters(t *testing.T) {
	const (
		keras50       = 23_587_712            // keras.applications.ResNet50(include_top=False).count_params()
		torchvision18 = 11_689_512 - 1000*513 // torchvision's resnet18 without its last layer; torch counts no statistics
		torchvision34 = 21_797_672 - 1000*513 // torchvision's resnet34 in the same way
		narrow18      = 702_096               // by hand: 7*7*3*16 + 2*16, and for every block 9 c_in c + 9 c c + 4 c, with a shortcut c_in c + 2 c more
		eighth18      = 176_712               // in the same way
		sixteenth18   = 44_772
		torchvision50 = 25_557_032 - 1000*2049 // torchvision's resnet50 in the same way: 23,508,032
	)
	if got, _ := total(t, resnet.ResNet50); got != keras50 {
		t.Errorf("ResNet50: got %d parameters, want %d", got, keras50)
	}
	if _, got := total(t, resnet.ResNet18); got != torchvision18 {
		t.Errorf("ResNet18: got %d trained parameters, want %d", got, torchvision18)
	}
	for network, want := range map[architecture.Network]int{resnet.ResNet18Narrow: narrow18, resnet.ResNet18Eighth: eighth18, resnet.ResNet18Sixteenth: sixteenth18} {
		if _, got := total(t, network); got != want {
			t.Errorf("%s: got %d trained parameters, want %d", network, got, want)
		}
	}
	if _, got := total(t, resnet.ResNet34); got != torchvision34 {
		t.Errorf("ResNet34: got %d trained parameters, want %d", got, torchvision34)
	}
	if _, got := total(t, resnet.ResNet50V15); got != torchvision50 {
		t.Errorf("ResNet50V15: got %d trained parameters, want %d", got, torchvision50)
	}
}

func TestLayersAgainstOracles(t *testing.T) {
	for _, network := range networks {
		t.Run(string(network), func(t *testing.T) {
			got, err := network.Layers(224)
			if err != nil {
				t.Fatal(err)
			}
			want := oracleLayers(t, network)
			var rows []string
			for _, layer := range got {
				// torch, whose tables the others' are, has no modules for the input and for sums
				if network == resnet.ResNet18 || network == resnet.ResNet50 || layer.Kind != "InputLayer" && layer.Kind != "Add" {
					rows = append(rows, line(layer))
				}
			}
			if network == resnet.ResNet18 { // Keras lists layers by depth; here the order is torchvision's
				slices.Sort(rows)
				slices.Sort(want)
			}
			if diff := firstDifference(rows, want); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) {
			return fmt.Sprintf("got %d layers, want %d", len(got), len(want))
		}
		if got[i] != want[i] {
			return fmt.Sprintf("layer %d: got %s, want %s", i, got[i], want[i])
		}
	}
	return ""
}

func line(l architecture.Layer) string {
	output := strings.Trim(strings.ReplaceAll(fmt.Sprint(l.Output), " ", "x"), "[]")
	return fmt.Sprintf("%s,%s,%s,%d,%d", l.Name, l.Kind, output, l.Params, l.Trainable)
}

// oracleLayers reads the rows of testdata/gen_networks.py and gen_torch.py. The paddings that our ResNet18 has inside its convolutions and its
// pooling are layers without a name of their own in Keras, and left out.
func oracleLayers(t *testing.T, network architecture.Network) []string {
	t.Helper()
	f, err := os.Open("testdata/" + string(network) + "_layers.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for _, record := range records[1:] {
		if !strings.HasPrefix(record[0], "zero_padding2d") {
			rows = append(rows, strings.Join(record, ","))
		}
	}
	return rows
}

func TestLayersErrors(t *testing.T) {
	if _, err := architecture.Network("resnet7").Layers(224); err == nil || !strings.Contains(err.Error(), `"resnet7"`) {
		t.Errorf("unknown network: got error %v, want one that names it", err)
	}
	if _, err := resnet.ResNet18.Layers(31); err == nil || !strings.Contains(err.Error(), "got 31") {
		t.Errorf("size 31: got error %v, want one that names it", err)
	}
}

func Example_layers() {
	layers, err := resnet.ResNet50.Layers(224)
	if err != nil {
		panic(err)
	}
	for _, layer := range layers[:4] {
		fmt.Println(layer.Name, layer.Kind, layer.Output, layer.Params)
	}
	// Output:
	// input_layer InputLayer [224 224 3] 0
	// conv1_pad ZeroPadding2D [230 230 3] 0
	// conv1_conv Conv2D [112 112 64] 9472
	// conv1_bn BatchNormalization [112 112 64] 256
}

// Keras's ResNet50 without its top has 23,587,712 numbers, 53,120 of which are moving statistics; with the dense layer of one output
// 23,589,761.
func Example_summary() {
	layers, err := resnet.ResNet50.Summary(224)
	if err != nil {
		panic(err)
	}
	for _, l := range layers {
		fmt.Println(l.Name, l.Kind, l.Output, l.Params, l.Trainable)
	}
	// Output:
	// resnet50 Functional [7 7 2048] 23587712 23534592
	// avg_pool GlobalAveragePooling2D [2048] 0 0
	// dropout Dropout [2048] 0 0
	// dense Dense [1] 2049 2049
	// activation Activation [1] 0 0
}
