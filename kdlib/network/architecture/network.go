package architecture

import (
	"cmp"
	"fmt"
	"slices"

	"distillation/kdlib/network/conv"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// Network names an architecture; it reads and writes as its name in JSON.
type Network string

// ParamForm is the store's hyperparameter, a conv.Form, for how the graph writes convolutions; conv.Auto when it is not set.
// Package train sets it by recipe and backend.
const ParamForm = "conv_form"

// Settings are what a network is made of: three readings of one description, and what networks do differently beside it.
type Settings struct {
	Build func(b Builder, x *Node) *Node
	Table func(r *Recorder, x Shape) Shape
	Steps func(p *Planner, x Flow) Flow

	Norm   Normalization
	Kernel func(*model.Scope) model.VariableInitializer // of convolutions

	Torchvision string // the function there that makes the same network of one output, with its arguments; empty where it has another form
	TorchHead   string // torchvision's name of the dense layer; empty: "fc"
}

// member is a network with what it is made of.
type member struct {
	Network
	Settings
}

// members are those that packages have registered.
var members []member

// Register tells what the network of a name is made of. Packages that describe networks call it as the program starts; it panics
// where the name is taken.
func Register(n Network, s Settings) Network {
	if _, err := n.settings(); err == nil {
		panic(fmt.Errorf("architecture: register: the name %q is taken", string(n)))
	}
	members = append(members, member{n, s})
	return n
}

// Networks are all of them, in the order of registration.
func Networks() []Network {
	names := make([]Network, len(members))
	for i, m := range members {
		names[i] = m.Network
	}
	return names
}

// Torchvision is torchvision's call that makes the same network in the same form, as "resnet18(num_classes=1)", empty if
// torchvision lacks it.
func (n Network) Torchvision() string {
	s, _ := n.settings() // none of an unknown network
	return s.Torchvision
}

// TorchHead is torchvision's name of the dense layer, as "fc".
func (n Network) TorchHead() string {
	s, _ := n.settings()
	return cmp.Or(s.TorchHead, "fc")
}

// String is the network's name.
func (n Network) String() string { return string(n) }

func (n Network) settings() (Settings, error) {
	i := slices.IndexFunc(members, func(m member) bool { return m.Network == n })
	if i < 0 {
		return Settings{}, fmt.Errorf("architecture: network: got %q, want one of %q", string(n), Networks())
	}
	return members[i].Settings, nil
}

// Features builds the network up to its average pooling. x holds pictures [n, rows, columns, 3] with values in [0, 1], the
// paper's preprocessing (2), at least MinSize x MinSize. The result is [n, c]: c is 2048 for a ResNet-50, 512 for smaller ResNets,
// 1280 for a MobileNetV2.
//
// A store marked for training (by train.Trainer or Store.SetTraining) gives a graph of training: batch normalization then uses
// the statistics of the batch and updates the moving ones.
//
// Variables have the number type of x. Within scope they are named "<layer>/kernel", "bias", "gamma", "beta", "moving_mean" and
// "moving_variance". They begin as in torchvision (He normal by fan out); those of resnet.ResNet50 begin as in Keras (Glorot
// uniform). See Logits about seeds.
func (n Network) Features(scope *model.Scope, x *Node) *Node {
	s, err := n.settings()
	if err != nil {
		panic(err)
	}
	x.AssertDims(-1, -1, -1, 3)
	form := model.GetParamOr(scope, ParamForm, conv.Auto)
	return s.Build(Builder{scope: scope, settings: s, form: form}, x)
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
