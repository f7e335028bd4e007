package convert_test

import (
	"fmt"

	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/resnet"
)

// A trained student leaves as ONNX, for another device.
func ExampleWriteONNX() {
	weights, err := convert.Read("runs/demo/soft/best.safetensors", resnet.ResNet18)
	if err != nil {
		panic(err)
	}
	if err := convert.WriteONNX("student.onnx", resnet.ResNet18, weights); err != nil {
		panic(err)
	}
}

func ExampleFindPublic() {
	public, err := convert.FindPublic("resnet18-torchvision")
	fmt.Println(public.Network, public.Path("weights"), err)
	// Output:
	// resnet18 weights/resnet18_tv_in1k.safetensors <nil>
}
