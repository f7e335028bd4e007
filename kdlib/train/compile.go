package train

import (
	"fmt"
	"time"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/ml/model"
)

// Watch is called twice for every program that is compiled: before, with took = 0, and after. Compiling takes seconds unless an
// earlier process has done it. The name of the program is as in "training step of resnet18 for batch 32 at 64x64".
type Watch func(program string, took time.Duration)

// compile builds a program for inputs of these shapes, unless the model has it.
func (m *Model) compile(exec *model.Exec, program string, inputs ...shapes.Shape) error {
	if m.compiled[program] {
		return nil
	}
	watch := m.Watch
	if watch == nil {
		watch = func(string, time.Duration) {}
	}
	watch(program, 0)
	start := time.Now()
	err := catchPanic(func() error {
		_, err := exec.Compile(inputs...)
		return err
	})
	if err != nil {
		return err
	}
	m.compiled[program] = true
	watch(program, time.Since(start))
	return nil
}

// program names what is compiled for pictures [n, size, size, 3].
func (m *Model) program(task string, pictures shapes.Shape) string {
	d := pictures.Dimensions
	return fmt.Sprintf("%s of %s for batch %d at %dx%d", task, m.Network, d[0], d[1], d[2])
}
