// Package smallnet has a network for tests of all that does not depend on which network is trained: it has what the large ones have
// (convolution, batch normalization with its moving statistics, rectifier, dropout, dense layer) and compiles in a second.
package smallnet

import (
	"distillation/kdlib/network"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/model"
)

// Name is the network's, registered by an import of this package.
const Name = "small"

var _ = network.Register(Name, func(scope *model.Scope, x *Node, dropout float64) *Node {
	x = layers.Convolution(scope.In("conv"), x).Channels(8).KernelSize(3).Strides(2).PadSame().Done()
	x = activation.Relu(norm.BatchNorm(scope.In("bn"), x, -1).Momentum(0.9).Done())
	x = activation.Relu(layers.Dense(scope.In("wide"), ReduceMean(x, 1, 2), true, 1<<16)) // 2 MB of weights, for tests of full disks
	x = layers.DropoutStatic(scope, x, dropout)
	return layers.Dense(scope.In("head"), x, true, 1)
})
