package resnet

import (
	"fmt"
	"slices"

	"distillation/kdlib/network/conv"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// Network names an architecture; it reads and writes as its name in JSON.
type Network string

// member is a network with what it is made of: its file.
type member struct {
	Network
	settings
}

// members are all networks, smaller ones first.
var members = []member{
	{ResNet18Narrow, resnet18NarrowSettings},
	{ResNet18, resnet18Settings},
	{ResNet34, resnet34Settings},
	{ResNet50, resnet50Settings},
	{ResNet50V15, resnet50V15Settings},
}

// ParamForm is the hyperparameter of the store, a conv.Form, that says how the convolutions are written as a graph:
// conv.Auto when it is not set. Package train sets it by recipe and backend.
const ParamForm = "conv_form"

// settings are what the networks do differently beside their blocks.
type settings struct {
	build  func(b builder, x *Node) *Node
	table  func(r *recorder, x shape) shape
	steps  func(p *planner, x flow) flow
	norm   normalization
	kernel func(*model.Scope) model.VariableInitializer

	torchvision string // the name there of the same network; empty where it has another form
}

// torchNorm is torch.nn.BatchNorm2d, whose momentum 0.1 is the weight of the new value.
var torchNorm = normalization{epsilon: 1e-5, momentum: 0.9, unbiased: true}

// Networks are all of them, smaller ones first.
func Networks() []Network {
	names := make([]Network, len(members))
	for i, m := range members {
		names[i] = m.Network
	}
	return names
}

// Torchvision is the name that torchvision has for the same network, in the same form; empty where it has none.
func (n Network) Torchvision() string {
	s, _ := n.settings() // none of an unknown network
	return s.torchvision
}

// String is the network's name.
func (n Network) String() string { return string(n) }

func (n Network) settings() (settings, error) {
	i := slices.IndexFunc(members, func(m member) bool { return m.Network == n })
	if i < 0 {
		return settings{}, fmt.Errorf("resnet: network: got %q, want one of %q", string(n), Networks())
	}
	return members[i].settings, nil
}

// Features builds the network up to its average pooling. x holds pictures [n, rows, columns, 3] with values in [0, 1], the
// paper's preprocessing (2), at least 32 x 32; the result is [n, 2048] for a ResNet-50, [n, 512] for
// smaller ones and [n, 128] for the narrow one.
//
// The graph is one of training if the store is marked so (train.Trainer does it, or Store.SetTraining): batch
// normalization then uses the statistics of the batch and moves its moving ones.
//
// Variables are of the number type of x, named "<layer>/kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance" within scope, and
// initialized as torchvision does (He normal by fan out), and those of ResNet50 as Keras does (Glorot uniform); see Logits
// about seeds.
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
