package synth_test

import (
	"context"
	"fmt"
	"os"

	"distillation/kdlib/images/synth"
)

// Draws faces into an archive, and reads the true probabilities that come with them.
func ExampleWrite() {
	dir, err := os.MkdirTemp("", "faces")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := synth.Write(context.Background(), dir+"/faces.tar", synth.Faces{N: 4, Size: 32, Seed: 1}); err != nil {
		panic(err)
	}
	truth, err := synth.ReadTruth(dir + "/faces.tar")
	if err != nil {
		panic(err)
	}
	for _, face := range truth {
		fmt.Printf("%s: label %d, P(dog) = %.3f\n", face.ID, face.Label, face.P)
	}
	// Output:
	// cat.0: label 0, P(dog) = 0.002
	// dog.0: label 1, P(dog) = 0.986
	// cat.1: label 0, P(dog) = 0.000
	// dog.1: label 1, P(dog) = 0.999
}

func ExampleRender() {
	picture := synth.Render(synth.Shape{Ears: 1, Muzzle: 1, Face: 1, Eyes: 1}, 64, 1)
	fmt.Println(picture.Bounds())
	// Output:
	// (0,0)-(64,64)
}

// No model can err less often on drawn faces.
func ExampleBayesError() {
	fmt.Printf("%.1f %%\n", 100*synth.BayesError())
	// Output:
	// 3.6 %
}
