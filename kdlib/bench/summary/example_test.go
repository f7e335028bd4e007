package summary_test

import (
	"os"

	"distillation/kdlib/bench"
	"distillation/kdlib/bench/summary"
)

// A training step of this library beside TensorFlow's and PyTorch's, from a committed file.
func ExampleTimeTable() {
	lines, err := bench.Read("../../../figures/speed/peers.csv")
	if err != nil {
		panic(err)
	}
	t, err := summary.TimeTable(lines)
	if err != nil {
		panic(err)
	}
	if err := t.WriteCSV(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// network,mode,size,batch,kdlib,tensorflow,torch_channels_last,kdlib / best other
	// ResNet-18,train,64,32,0.1238,0.1567,0.1271,0.97
	// ResNet-50,train,64,32,0.3057,0.3816,0.3683,0.83
	// ResNet-18,forward,224,1,0.0154,0.0168,0.0188,0.92
	// ResNet-18,forward,224,32,0.3618,0.3174,0.3066,1.18
	// ResNet-18,train,224,32,1.4339,1.2502,1.0174,1.41
}
