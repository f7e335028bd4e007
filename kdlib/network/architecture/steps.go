package architecture

import "path"

// Op is what a step does.
type Op string

// The operations that networks consist of.
const (
	OpConvolution   Op = "convolution"   // square kernel, zeros on all sides
	OpNormalization Op = "normalization" // batch normalization
	OpRelu          Op = "relu"          // max(x, 0)
	OpRelu6         Op = "relu6"         // max(x, 0), and 6 at most
	OpMaxPool       Op = "max pool"      // square window, padded
	OpAdd           Op = "add"           // sum of two inputs
	OpAverage       Op = "average"       // over all pixels: [n, rows, columns, c] to [n, c]
	OpDense         Op = "dense"         // [n, c] to the logit [n, 1]
)

// Step is one operation of a network.
type Step struct {
	Name      string // the layer's
	Op        Op
	Inputs    []int // steps whose outputs it takes; Picture for the network's input
	Variables []Variable

	Kernel, Stride, Padding int     // of OpConvolution and OpMaxPool: pixels, the same both ways
	Groups                  int     // of OpConvolution: 1, or the number of channels where each has a kernel of its own
	Epsilon                 float64 // of OpNormalization
}

// Picture stands for the network's input among the inputs of a step.
const Picture = -1

// Variable is a variable of a network.
type Variable struct {
	Name  string // scope and variable, as "conv1/kernel"
	Shape []int
}

// Steps lists the operations of the network with its dense layer. Each step comes after the steps whose outputs it takes; the
// last one's output is the logit. Dropout does nothing outside of training and is left out.
func (n Network) Steps() ([]Step, error) {
	s, err := n.settings()
	if err != nil {
		return nil, err
	}
	p := &Planner{epsilon: s.Norm.Epsilon}
	out := s.Steps(p, Flow{step: Picture, channels: 3})
	p.step(Step{Name: HeadName, Op: OpDense}, out.channels,
		[]Variable{{"kernel", []int{out.channels, 1}}, {"bias", []int{1}}}, out)
	return p.steps, nil
}

// IsHead says whether a variable belongs to the dense layer.
func IsHead(name string) bool { return path.Dir(name) == HeadName }

// Flow is the output of a step on its way through the network.
type Flow struct{ step, channels int }

// Planner lists a network's steps: a Language over flows.
type Planner struct {
	steps   []Step
	epsilon float64
}

var _ Language[Flow] = (*Planner)(nil)

// step adds one; its variables are named without their scope.
func (p *Planner) step(s Step, channels int, variables []Variable, inputs ...Flow) Flow {
	for _, in := range inputs {
		s.Inputs = append(s.Inputs, in.step)
	}
	for _, v := range variables {
		s.Variables = append(s.Variables, Variable{path.Join(s.Name, v.Name), v.Shape})
	}
	p.steps = append(p.steps, s)
	return Flow{len(p.steps) - 1, channels}
}

// Input is x.
func (p *Planner) Input(x Flow) Flow { return x }

// Conv has the variable "kernel" and, if c says so, "bias".
func (p *Planner) Conv(name string, x Flow, c Convolution) Flow {
	variables := []Variable{{"kernel", c.shape(x.channels)}}
	if c.Bias {
		variables = append(variables, Variable{"bias", []int{c.Channels}})
	}
	s := Step{Name: name, Op: OpConvolution, Kernel: c.Kernel, Stride: c.Stride, Padding: c.Padding, Groups: 1}
	if c.Depthwise {
		s.Groups = c.Channels
	}
	return p.step(s, c.Channels, variables, x)
}

// Norm has the four variables of a batch normalization.
func (p *Planner) Norm(name string, x Flow) Flow {
	var variables []Variable
	for _, v := range []string{"gamma", "beta", "moving_mean", "moving_variance"} { // Keras's order
		variables = append(variables, Variable{v, []int{x.channels}})
	}
	return p.step(Step{Name: name, Op: OpNormalization, Epsilon: p.epsilon}, x.channels, variables, x)
}

// Relu adds a step.
func (p *Planner) Relu(name string, x Flow) Flow {
	return p.step(Step{Name: name, Op: OpRelu}, x.channels, nil, x)
}

// Relu6 adds a step.
func (p *Planner) Relu6(name string, x Flow) Flow {
	return p.step(Step{Name: name, Op: OpRelu6}, x.channels, nil, x)
}

// MaxPool adds a step.
func (p *Planner) MaxPool(name string, x Flow, _ string) Flow {
	return p.step(Step{Name: name, Op: OpMaxPool, Kernel: 3, Stride: 2, Padding: 1}, x.channels, nil, x)
}

// Add adds a step of two inputs.
func (p *Planner) Add(name string, x, y Flow) Flow {
	return p.step(Step{Name: name, Op: OpAdd}, x.channels, nil, x, y)
}

// Average adds a step.
func (p *Planner) Average(name string, x Flow) Flow {
	return p.step(Step{Name: name, Op: OpAverage}, x.channels, nil, x)
}
