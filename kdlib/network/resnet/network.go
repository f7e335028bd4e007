package resnet

import (
	"fmt"

	"distillation/kdlib/network/conv"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// Network names an architecture; it reads and writes as its name in JSON.
type Network string

const (
	// ResNet18 is the student, He et al. 2015 (arXiv:1512.03385), in the layout and with the names of torchvision.
	ResNet18 Network = "resnet18"
	// ResNet50 is the teacher in the form of keras.applications.ResNet50 (v1): the stride of a stage lies in the first 1x1
	// convolution, convolutions have biases. Scopes are named as Keras's layers.
	ResNet50 Network = "resnet50"
	// ResNet50V15 is the same network in the form of torchvision.models.resnet50 (v1.5): the stride of a stage lies in the
	// 3x3 convolution, convolutions have no biases. Scopes are named as torchvision's modules.
	ResNet50V15 Network = "resnet50-v1.5"
)

// ParamForm is the hyperparameter of the store, a conv.Form, that says how the convolutions are written as a graph:
// conv.Auto when it is not set.
const ParamForm = "conv_form"

// settings are what the networks do differently beside their blocks.
type settings struct {
	build  func(b builder, x *Node) *Node
	table  func(r *recorder, x shape) shape
	steps  func(p *planner, x flow) flow
	norm   normalization
	kernel func(*model.Scope) model.VariableInitializer
}

// torchNorm is torch.nn.BatchNorm2d, whose momentum 0.1 is the weight of the new value. ResNet18 takes its numbers, but the
// biased moving variance, as it was trained with Keras.
var torchNorm = normalization{epsilon: 1e-5, momentum: 0.9, unbiased: true}

var networks = map[Network]settings{
	ResNet18: {
		build: resnet18[*Node, builder], table: resnet18[shape, *recorder], steps: resnet18[flow, *planner],
		norm:   normalization{epsilon: torchNorm.epsilon, momentum: torchNorm.momentum},
		kernel: heNormal,
	},
	ResNet50: {
		build: resnet50[*Node, builder], table: resnet50[shape, *recorder], steps: resnet50[flow, *planner],
		norm:   normalization{epsilon: 1.001e-5, momentum: 0.99}, // Keras resnet.py; BatchNormalization's default
		kernel: glorotUniform,
	},
	ResNet50V15: {
		build: resnet50V15[*Node, builder], table: resnet50V15[shape, *recorder], steps: resnet50V15[flow, *planner],
		norm:   torchNorm,
		kernel: heNormal,
	},
}

// Networks are all of them, smaller ones first.
func Networks() []Network { return []Network{ResNet18, ResNet50, ResNet50V15} }

// String is the network's name.
func (n Network) String() string { return string(n) }

func (n Network) settings() (settings, error) {
	s, ok := networks[n]
	if !ok {
		return s, fmt.Errorf("resnet: network: got %q, want one of %q", string(n), Networks())
	}
	return s, nil
}

// Features builds the network up to its average pooling. x holds pictures [n, rows, columns, 3] with values in [0, 1], the
// paper's preprocessing (2), at least 32 x 32; the result is [n, 512] for ResNet18 and [n, 2048] for the others.
//
// The graph is one of training if the store is marked so (train.Trainer does it, or Store.SetTraining): batch
// normalization then uses the statistics of the batch and moves its moving ones.
//
// Variables are of the number type of x, named "<layer>/kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance" within scope, and
// initialized as torchvision does ResNet18 and ResNet50V15 (He normal by fan out) and Keras ResNet50 (Glorot uniform); see
// Logits about seeds.
func (n Network) Features(scope *model.Scope, x *Node) *Node {
	s, err := n.settings()
	if err != nil {
		panic(err)
	}
	x.AssertDims(-1, -1, -1, 3)
	form := model.GetParamOr(scope, ParamForm, conv.Auto)
	return s.build(builder{scope: scope, settings: s, form: form}, x)
}

// Logits builds the whole network: Features, dropout (in training graphs only; the paper's teacher has 0.5, 0 is none), and
// a dense layer with one output, "dense/kernel" (Glorot uniform) and "dense/bias" (zero). The result is [n, 1], the logit
// of P(dog): its sigmoid is the paper's output.
//
// All random numbers, of initial weights and of dropout, come from the state of the store's generator in the order of use, so
// two stores that start with the same Store.SetRNGStateFromSeed and build the same graphs hold the same weights.
func (n Network) Logits(scope *model.Scope, x *Node, dropout float64) *Node {
	features := layers.DropoutStatic(scope, n.Features(scope, x), dropout)
	return dense(scope.At(HeadName), features)
}
