// Package customgrad gives a function of several inputs a gradient written by hand. GoMLX has custom gradients for
// identities of one input only (graph.IdentityWithCustomGradient); this package builds the general case from them.
package customgrad

import (
	"github.com/gomlx/gomlx/core/graph"
)

// Backward returns the gradient of the loss with respect to one input of a function, from dy, the gradient with respect
// to its output. The result has the shape of that input.
type Backward func(dy *graph.Node) *graph.Node

// Apply returns forward(inputs...) with the gradient backward[i] for inputs[i], whatever forward is made of; where
// backward[i] is nil, the gradient is GoMLX's own. All of forward's operations must have some gradient in GoMLX:
// reverse differentiation walks through them.
//
// How it works: an identity on the output records dy when the walk backwards meets it, before anything else of the
// function; an identity on each input throws away the gradient that arrives there and returns backward[i](dy). The nodes
// between the two, GoMLX's own gradient, then feed nothing, and the compiler drops them as dead code. A backward function
// is called only if the gradient with respect to its input is asked for. What dy is held in belongs to this call, so
// graphs do not share anything, and a second graph.Gradient over the same nodes records its own dy first.
func Apply(inputs []*graph.Node, forward func(inputs []*graph.Node) *graph.Node, backward []Backward) *graph.Node {
	var dy *graph.Node
	wrapped := make([]*graph.Node, len(inputs))
	copy(wrapped, inputs)
	for i, input := range inputs {
		if backward[i] == nil {
			continue
		}
		wrapped[i] = graph.IdentityWithCustomGradient(input, func(_, _ *graph.Node) *graph.Node { return backward[i](dy) })
	}
	return graph.IdentityWithCustomGradient(forward(wrapped), func(_, v *graph.Node) *graph.Node {
		dy = v
		return v
	})
}
