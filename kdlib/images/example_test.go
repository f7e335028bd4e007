package images_test

import (
	"context"
	"fmt"
	"os"

	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/predictions"
)

// From an archive to pixels: open, split, decode once, read.
func ExampleBuildCache() {
	dir, err := os.MkdirTemp("", "faces")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	if err := synth.Write(ctx, dir+"/faces.tar", synth.Faces{N: 20, Size: 32, Seed: 1}); err != nil { // any folder, zip or tar
		panic(err)
	}
	source, err := images.Open(dir + "/faces.tar")
	if err != nil {
		panic(err)
	}
	defer source.Close()
	split, err := images.Split(source.Pictures(), images.SplitOptions{Seed: 1})
	if err != nil {
		panic(err)
	}
	problems, err := images.BuildCache(ctx, source, dir+"/pixels", images.CacheOptions{Size: 16})
	if err != nil {
		panic(err)
	}
	cache, err := images.OpenCache(dir + "/pixels")
	if err != nil {
		panic(err)
	}
	defer cache.Close()
	pixels, _ := cache.Image("cat.0")
	fmt.Println(len(split.Of(predictions.Train)), "pictures to train on,", len(problems), "broken,", len(pixels), "values in each")
	// Output:
	// 14 pictures to train on, 0 broken, 768 values in each
}

// Two folders of pictures are two classes, by their names.
func ExampleOpen() {
	dir, err := os.MkdirTemp("", "faces")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := synth.WriteFolders(context.Background(), dir+"/mine", [2]string{"left", "right"}, synth.Faces{N: 4, Size: 32, Seed: 1}); err != nil {
		panic(err)
	}
	source, err := images.Open(dir + "/mine")
	if err != nil {
		panic(err)
	}
	defer source.Close()
	for _, p := range source.Pictures() {
		fmt.Println(p.ID, p.Label)
	}
	// Output:
	// left.0 0
	// left.1 0
	// right.0 1
	// right.1 1
}

// The transform of a picture depends on seed, epoch and name alone.
func ExampleAugment_Sample() {
	a := images.Augment{Flip: true, Shift: 0.1}
	for epoch := 1; epoch <= 2; epoch++ {
		t := a.Sample(1, epoch, "cat.0", 64)
		fmt.Printf("flip %v, shift %.1f, %.1f\n", t.Flip, t.DX, t.DY)
	}
	// Output:
	// flip true, shift 2.7, -6.2
	// flip false, shift -2.8, 3.1
}
