package train

import (
	"fmt"

	"distillation/kdlib/network/feature"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// OnStage makes a program of pictures, float32 [n, size, size, 3] in [0, 255], that computes what build makes of the network's
// logits and of the feature maps of a stage, by its name as feature.Find takes it. A stage that is not there is an error when the
// program first runs.
func (m *Model) OnStage(name string, build feature.Build) (*model.Exec, error) {
	exec, err := model.NewExec(m.backend, m.store, func(scope *model.Scope, x *graph.Node) *graph.Node {
		logits := m.logits(scope, x)
		return build(logits, feature.Find(name, x, logits))
	})
	if err != nil {
		return nil, fmt.Errorf("train: stage %q: %w", name, err)
	}
	return exec, nil
}
