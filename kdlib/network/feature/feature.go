// Package feature names the stages of a network, so that their feature maps are found in its graph afterwards. What explains a
// prediction looks there: see package explain/attribution.
package feature

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	. "github.com/gomlx/gomlx/core/graph"
)

// Build makes what is wanted of a network's logits [n, 1] and of the feature maps of a stage, which the logits depend on, so that
// gradients can be asked for.
type Build func(logits *Node, features Maps) *Node

// Maps are feature maps of n pictures. ChannelsAxis tells their layout: 3 of [n, rows, columns, channels], 1 of [n, channels, rows,
// columns].
type Maps struct {
	*Node
	ChannelsAxis int
}

// named is a marked node.
type named struct {
	name string
	*Node
}

// key is where a graph keeps its marked nodes, in the order of their marks.
type key struct{}

func all(g *Graph) []named {
	marked, _ := g.State(key{}).([]named)
	return marked
}

// Mark names x, feature maps [n, rows, columns, channels], and returns it. Nothing of what is computed changes. A network of one's
// own marks what Find shall find:
//
//	x = feature.Mark("block1", activation.Relu(x))
func Mark(name string, x *Node) *Node {
	x.Graph().AttachState(key{}, append(all(x.Graph()), named{name, x}))
	return x
}

// Find returns the feature maps [n, rows, columns, channels] of the stage of that name among what output is computed from, Match
// says how; without a name the last ones: what the last convolution gave, normalized and rectified, before its places are averaged.
// It panics, as graph builders do, if there are none.
func Find(name string, pictures, output *Node) Maps {
	maps, err := find(name, pictures, output)
	if err == nil {
		err = maps.Check(name)
	}
	if err != nil {
		panic(err)
	}
	return maps
}

func find(name string, pictures, output *Node) (Maps, error) {
	if name == "" {
		return Last(pictures, output, func(*Node) int { return 3 })
	}
	between := between(pictures, output)
	var names []string
	var nodes []*Node
	for _, m := range all(output.Graph()) {
		if slices.Contains(between, m.Node) {
			names, nodes = append(names, m.name), append(nodes, m.Node)
		}
	}
	i, err := Match(name, names)
	if err != nil {
		return Maps{}, err
	}
	return Maps{nodes[i], 3}, nil
}

// Last returns the last feature maps among what output is computed from; channels tells the axis of the channels of a node with four.
func Last(pictures, output *Node, channels func(*Node) int) (Maps, error) {
	n := pictures.Shape().Dimensions[0]
	for _, x := range slices.Backward(between(pictures, output)) {
		if d := x.Shape().Dimensions; len(d) != 4 || d[0] != n {
			continue
		}
		if maps := (Maps{x, channels(x)}); maps.Check("") == nil {
			return maps, nil
		}
	}
	return Maps{}, errors.New("feature: the network has no feature maps of more than one place before its output")
}

// SquareChannels is the axis of the channels of feature maps of square pictures, by their equal sides.
func SquareChannels(x *Node) int {
	if d := x.Shape().Dimensions; d[1] == d[2] && d[2] != d[3] {
		return 3
	}
	return 1
}

// between lists the nodes that depend on from and that to depends on, in the order in which they were built.
func between(from, to *Node) []*Node {
	nodes := from.Graph().Nodes()
	after := map[*Node]bool{from: true}
	for _, n := range nodes {
		after[n] = after[n] || slices.ContainsFunc(n.Inputs(), func(in *Node) bool { return after[in] })
	}
	before := map[*Node]bool{to: true}
	for _, n := range slices.Backward(nodes) {
		for _, in := range n.Inputs() {
			before[in] = before[in] || before[n]
		}
	}
	return slices.DeleteFunc(slices.Clone(nodes), func(n *Node) bool { return n == from || !after[n] || !before[n] })
}

// Check returns an error unless the maps of a stage have more than one place.
func (m Maps) Check(name string) error {
	if d := m.Shape().Dimensions; len(d) == 4 && d[1]*d[2]*d[3]/d[m.ChannelsAxis] > 1 {
		return nil
	}
	layout := [...]string{1: "channels, rows, columns", 3: "rows, columns, channels"}[m.ChannelsAxis]
	return fmt.Errorf("feature: stage %q: got shape %s, want [n, %s] with more than one place; take an earlier stage, or larger pictures", name, m.Shape(), layout)
}

// Match returns the place of a stage's name among the names of a network, in order. A name that is none of them stands for the last
// one that begins with it: "layer4" for "layer4.1.relu2", "conv5_block3" for "conv5_block3_out".
func Match(name string, names []string) (int, error) {
	if i := lastOf(names, func(n string) bool { return n == name }); i >= 0 {
		return i, nil
	}
	within := func(n string) bool {
		rest, begins := strings.CutPrefix(n, name)
		return begins && strings.ContainsAny(rest[:1], "._/")
	}
	if i := lastOf(names, within); i >= 0 {
		return i, nil
	}
	return -1, fmt.Errorf("feature: stage: got %q, want one of %s", name, listed(names))
}

func lastOf(names []string, is func(string) bool) int {
	for i, n := range slices.Backward(names) {
		if is(n) {
			return i
		}
	}
	return -1
}

// listed are the names, of many the last ones.
func listed(names []string) string {
	const most = 40
	switch left := len(names) - most; {
	case len(names) == 0:
		return "none: the network marks none, see feature.Mark"
	case left > 0:
		return fmt.Sprintf("%s, or one of the %d before them", strings.Join(names[left:], ", "), left)
	}
	return strings.Join(names, ", ")
}
