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
	{ResNet18Sixteenth, resnet18SixteenthSettings},
	{ResNet18Eighth, resnet18EighthSettings},
	{ResNet18Narrow, resnet18NarrowSettings},
	{ResNet18, resnet18Settings},
	{ResNet34, resnet34Settings},
	{ResNet50, resnet50Settings},
	{ResNet50V15, resnet50V15Settings},
}

// ParamForm is the store's hyperparameter, a conv.Form, for how the graph writes convolutions; conv.Auto when it is not set.
// Package train sets it by recipe and backend.
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

// Torchvision is torchvision's name for the same network in the same form, empty if torchvision lacks it.
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
// paper's preprocessing (2), at least 32 x 32. The result is [n, 2048] for a ResNet-50 and [n, 512] for smaller networks.
//
// A store marked for training (by train.Trainer or Store.SetTraining) gives a graph of training: batch normalization then uses
// the statistics of the batch and updates the moving ones.
//
// Variables have the number type of x. Within scope they are named "<layer>/kernel", "bias", "gamma", "beta", "moving_mean" and
// "moving_variance". They begin as in torchvision (He normal by fan out); those of ResNet50 begin as in Keras (Glorot uniform).
// See Logits about seeds.
func (n Network) Features(scope *model.Scope, x *Node) *Node {
	s, err := n.settings()
	if err != nil {
		panic(err)
	}
	x.AssertDims(-1, -1, -1, 3)
	form := model.GetParamOr(scope, ParamForm, conv.Auto)
	return s.build(builder{scope: scope, settings: s, form: form}, x)
}

// Logits builds the whole network: Features, dropout (only in training graphs; 0.5 in the paper's teacher, 0 for none) and a
// dense layer with one output, "dense/kernel" (Glorot uniform) and "dense/bias" (zero). The result is [n, 1], the logit of
// P(dog). Its sigmoid is the paper's output.
//
// All random numbers, for initial weights and for dropout, come from the state of the store's generator in the order of use. So
// two stores hold the same weights if they begin with the same Store.SetRNGStateFromSeed and build the same graphs.
func (n Network) Logits(scope *model.Scope, x *Node, dropout float64) *Node {
	return Head(scope, n.Features(scope, x), dropout)
}

// Head is what all networks end in, on features [n, c]: dropout and a dense layer with one output, as Logits has them.
func Head(scope *model.Scope, features *Node, dropout float64) *Node {
	return dense(scope.At(HeadName), layers.DropoutStatic(scope, features, dropout))
}
