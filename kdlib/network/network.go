// Package network says what training, predictions and exports need of a network, and lists the networks that there are.
package network

import (
	"fmt"
	"slices"
	"strings"

	"distillation/kdlib/network/mobilenet"
	"distillation/kdlib/network/resnet"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Network is a classifier of pictures of two classes.
type Network interface {
	// Logits builds the graph on pictures x [n, size, size, 3], values in [0, 1], and returns [n, 1], the logit of class 1.
	// Variables lie within scope and are of the number type of x. The graph is one of training if the scope says so
	// (scope.IsTraining); only there does dropout act, the rate before the last layer, [0, 1). It panics as graph builders do.
	Logits(scope *model.Scope, x *Node, dropout float64) *Node
	// String is the name, which recipes and files of results keep.
	String() string
}

// Func builds the graph of a Network: see its Logits.
type Func func(scope *model.Scope, x *Node, dropout float64) *Node

// own is a network that is one function.
type own struct {
	name  string
	build Func
}

func (o *own) Logits(scope *model.Scope, x *Node, dropout float64) *Node {
	return o.build(scope, x, dropout)
}

func (o *own) String() string { return o.name }

// members are the networks that a name finds, in the order of Names.
var members []Network

func init() {
	for _, n := range slices.Concat(resnet.Networks(), mobilenet.Networks()) {
		members = append(members, n)
	}
}

// Register makes a function the network of that name for the rest of the process: recipes, training and predictions find it.
// It returns the network, so that a declaration of a package or of a notebook's cell registers it:
//
//	var mine = network.Register("mine", func(scope *model.Scope, x *Node, dropout float64) *Node { ... })
//
// It panics where the name is empty or taken.
func Register(name string, build Func) Network {
	if _, err := Named(name); err == nil || name == "" {
		panic(fmt.Errorf("network: register: the name %q is taken or empty; want another than %s", name, strings.Join(Names(), ", ")))
	}
	n := &own{name, build}
	members = append(members, n)
	return n
}

// Named returns the network of a name.
func Named(name string) (Network, error) {
	i := slices.IndexFunc(members, func(n Network) bool { return n.String() == name })
	if i < 0 {
		return nil, fmt.Errorf("network: got %q, want one of %s; a network of your own is a Go function: only a program that gives it to network.Register can train it or predict with it",
			name, strings.Join(Names(), ", "))
	}
	return members[i], nil
}

// Names are the names of all networks: kdlib's, then the registered ones, in the order of registration.
func Names() (names []string) {
	for _, n := range members {
		names = append(names, n.String())
	}
	return names
}

// Own tells whether the program registered the network. The graph of such a network may change from one run of the program to
// the next.
func Own(n Network) bool {
	_, is := n.(*own)
	return is
}
