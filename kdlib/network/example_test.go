package network_test

import (
	"fmt"

	"distillation/kdlib/network"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// A network is a function from pictures [n, size, size, 3] to logits [n, 1]. This one sees the mean colour alone.
var colour = network.Register("mean colour", func(scope *model.Scope, x *graph.Node, dropout float64) *graph.Node {
	return layers.Dense(scope.In("head"), graph.ReduceMean(x, 1, 2), true, 1)
})

// Recipes find a registered network by its name.
func ExampleRegister() {
	found, err := network.Named("mean colour")
	fmt.Println(found == colour, network.Own(found), err)
	// Output:
	// true true <nil>
}

// Another name is an error that lists those that there are.
func ExampleNamed() {
	found, err := network.Named("resnet18")
	fmt.Println(found, network.Own(found), err)
	// Output:
	// resnet18 false <nil>
}
