package background_test

import (
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/background"
)

// The study trains on after this program has ended. Stop, also by another program, interrupts it; Start goes on.
func ExampleStudy_Start() {
	s := background.Study{Recipe: recipe.Demo, Pictures: "datasets/synth.tar", Dir: "datasets/runs/mine", CacheDir: "datasets/cache"}
	if err := s.Start(); err != nil {
		panic(err)
	}
	if err := background.Stop(s.Dir); err != nil {
		panic(err)
	}
}
