package train

import (
	"distillation/kdlib/recipe"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// lossOf is the mean loss of logits [n, 1]. Targets are [n, 1], the labels, or for recipe.Hinton [n, 2], the labels and the
// teacher's probabilities.
func lossOf(l recipe.Loss, targets, logits *Node) *Node {
	if l == (recipe.Loss{}) {
		return loss.BinaryCrossentropyLogits([]*Node{targets}, []*Node{logits})
	}
	labels, p := column(targets, 0), column(targets, 1)
	teacher := Sub(Log(p), Log1P(Neg(p))) // infinite where p is 0 or 1, which then stays what it is
	softened := Sigmoid(DivScalar(teacher, l.Temperature))
	hard := loss.BinaryCrossentropyLogits([]*Node{labels}, []*Node{logits})
	soft := loss.BinaryCrossentropyLogits([]*Node{softened}, []*Node{DivScalar(logits, l.Temperature)})
	return Add(MulScalar(hard, l.Alpha), MulScalar(soft, (1-l.Alpha)*l.Temperature*l.Temperature))
}

// column is [n, 1] of [n, columns].
func column(x *Node, i int) *Node { return Slice(x, AxisRange(), AxisRange(i, i+1)) }

// targets is how many numbers a loss takes of each picture.
func targets(l recipe.Loss) int {
	if l == (recipe.Loss{}) {
		return 1
	}
	return 2
}
