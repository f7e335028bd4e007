package recipe_test

import (
	"fmt"
	"os"

	"distillation/kdlib/recipe"
)

// A recipe is data: take a preset, change what you want, and let it check itself.
func ExamplePreset() {
	how, err := recipe.Preset("demo")
	if err != nil {
		panic(err)
	}
	how.Student.Epochs = 0
	fmt.Println(how.Validate())
	// Output:
	// student: epochs: got 0, want at least 1
}

// A teacher that comes from elsewhere: a file of its predictions.
func ExampleGiven() {
	how := recipe.Demo
	how.Name, how.Teacher = "own teacher", recipe.Training{} // no teacher is trained
	how.Given.Predictions = "teacher.csv"
	how.Notes = []string{"drawn faces"}
	fmt.Println(how.Validate())
	// Output:
	// <nil>
}

// A study's recipe is kept as JSON, for `kd study --config`.
func ExampleWriteJSON() {
	dir, err := os.MkdirTemp("", "recipe")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	if err := recipe.WriteJSON(dir+"/mine.json", recipe.Demo); err != nil {
		panic(err)
	}
	back, err := recipe.Read(dir + "/mine.json")
	fmt.Println(back.Name, back.Student.Network, err)
	// Output:
	// demo resnet18 <nil>
}
