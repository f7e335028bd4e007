package onnx

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"distillation/kdlib/network/internal/onnxfile"
	"distillation/kdlib/recipe"
)

// ending is what a graph says of its output.
type ending struct {
	last   *onnxfile.Node // the sigmoid or softmax that makes probabilities; nil: none is seen
	linear bool           // the output comes right from a dense layer or a convolution: a logit, or a probability that nothing keeps in [0, 1]
}

// shaping are operators that leave the numbers as they are.
var shaping = []string{"Identity", "Dropout", "Squeeze", "Unsqueeze", "Reshape", "Flatten"}

// endingOf follows a graph from its output to the node that makes its numbers.
func endingOf(g *onnxfile.Graph) ending {
	makers, takers := map[string]*onnxfile.Node{}, map[string]int{g.Outputs[0].Name: 1}
	for _, n := range g.Nodes {
		for _, out := range n.Outputs {
			makers[out] = n
		}
		for _, in := range n.Inputs {
			takers[in]++
		}
	}
	value := g.Outputs[0].Name
	for range g.Nodes { // a graph without circles ends before
		n := makers[value]
		switch {
		case n == nil || takers[value] != 1 || len(n.Inputs) == 0 || len(n.Outputs) == 0:
			return ending{}
		case slices.Contains(shaping, n.Op):
			value = n.Inputs[0]
		case n.Op == "Sigmoid" || n.Op == "Softmax":
			return ending{last: n}
		case n.Op == "Add" && len(n.Inputs) == 2:
			return ending{linear: isProduct(makers[n.Inputs[0]]) || isProduct(makers[n.Inputs[1]])}
		default:
			return ending{linear: isProduct(n)}
		}
	}
	return ending{}
}

func isProduct(n *onnxfile.Node) bool {
	return n != nil && slices.Contains([]string{"Gemm", "MatMul", "Conv"}, n.Op)
}

// decide says what the output is, as far as it was told, its name says so, or the graph ends so. Where name and graph disagree it
// refuses to choose.
func (m *Model) decide(end ending) error {
	named := ""
	for _, kind := range []string{recipe.Logit, recipe.Probability} {
		if strings.Contains(strings.ToLower(m.output), kind[:min(len(kind), len("prob"))]) {
			named = kind
		}
	}
	seen := ""
	if end.last != nil && !(end.last.Op == "Softmax" && m.columns == 1) {
		seen = recipe.Probability
	}
	switch {
	case m.Is.Output != "":
	case named != "" && seen != "" && named != seen:
		return fmt.Errorf("output %q: its name says %s, but a %s makes it; tell which it is: %s or %s",
			m.output, named, end.last.Op, recipe.Logit, recipe.Probability)
	case named != "":
		m.Is.Output, m.named = named, !end.linear && seen == ""
	default:
		m.Is.Output = seen
	}
	m.logits = m.Is.Output == recipe.Logit
	if m.Is.Output == recipe.Probability && seen != "" { // its logit has all the digits that a probability near 1 has lost
		end.last.Op, end.last.Attributes = "Identity", nil
		m.logits = true
	}
	return nil
}

// sumTolerance is how far two float32 probabilities may be from adding up to 1.
const sumTolerance = 1e-4

// check compares the values of a batch with what the output is said to be, and decides where nothing has said it. Two outputs
// that add up to 1 are probabilities; one outside of [0, 1] is none.
func (m *Model) check(values []float32) error {
	if m.logits && !m.named {
		return nil // what was told, and what the graph makes sure of
	}
	could, why := m.couldBeProbabilities(values)
	switch {
	case m.Is.Output == "" && m.columns == 1 && could:
		return fmt.Errorf("neither its name nor its %d values, which lie in [0, 1], say what it is; tell: %s or %s", len(values), recipe.Logit, recipe.Probability)
	case m.Is.Output == "":
		m.Is.Output = recipe.Logit
		if could {
			m.Is.Output = recipe.Probability
		}
		m.logits = !could
	case m.Is.Output == recipe.Probability && !could:
		return fmt.Errorf("got %s as %s; it may be the %s: tell which it is", why, recipe.Probability, recipe.Logit)
	case m.Is.Output == recipe.Logit && could:
		return fmt.Errorf("its name says %s, but all %d values look like probabilities: %s; tell which it is: %s or %s",
			recipe.Logit, len(values)/m.columns, why, recipe.Logit, recipe.Probability)
	}
	m.named = false
	return nil
}

// couldBeProbabilities tells whether all values could be, and what shows it or shows the contrary.
func (m *Model) couldBeProbabilities(values []float32) (could bool, why string) {
	for _, row := range slices.Collect(slices.Chunk(values, m.columns)) {
		sum := float64(row[0])
		if m.columns == 2 {
			sum += float64(row[1])
		}
		switch {
		case slices.ContainsFunc(row, func(v float32) bool { return !(v >= 0 && v <= 1) }):
			return false, fmt.Sprintf("%v, outside of [0, 1],", row)
		case m.columns == 2 && math.Abs(sum-1) > sumTolerance:
			return false, fmt.Sprintf("%v, which do not add up to 1,", row)
		}
	}
	if m.columns == 2 {
		return true, "two of a picture add up to 1"
	}
	return true, "they lie in [0, 1]"
}
