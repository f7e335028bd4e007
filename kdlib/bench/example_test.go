package bench_test

import (
	"fmt"
	"slices"

	"distillation/kdlib/backend"
	"distillation/kdlib/bench"
	"distillation/kdlib/recipe"
)

// How long does a network take for one picture? The first call, which compiles, is kept apart.
func ExampleStep_Run() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	took, err := bench.Step{Network: recipe.ResNet18, Batch: 1, Size: 64, Mode: bench.Forward, Steps: 20}.Run(b)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.4f s, the first %.1f s\n", slices.Min(took.Warm), took.First)
}

func ExampleParseCase() {
	c, err := bench.ParseCase("18/train/64/32")
	fmt.Printf("%+v %v\n", c, err)
	// Output:
	// {Depth:18 Batch:32 Size:64 Mode:train} <nil>
}

func ExampleRead() {
	lines, err := bench.Read("../../figures/speed/peers.csv")
	if err != nil {
		panic(err)
	}
	fmt.Println(lines[0].Framework, lines[0].Case, lines[0].Median, bench.Alike(lines))
	// Output:
	// kdlib {18 32 64 train} 0.1227 <nil>
}
