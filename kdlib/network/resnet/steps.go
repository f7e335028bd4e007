package resnet

import "path"

// Op is what a step does.
type Op string

// The operations that networks consist of.
const (
	OpConvolution   Op = "convolution"   // square kernel, zeros on all sides
	OpNormalization Op = "normalization" // batch normalization
	OpRelu          Op = "relu"          // max(x, 0)
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
	p := &planner{epsilon: s.norm.epsilon}
	out := s.steps(p, flow{step: Picture, channels: 3})
	p.step(Step{Name: HeadName, Op: OpDense}, out.channels,
		[]Variable{{"kernel", []int{out.channels, 1}}, {"bias", []int{1}}}, out)
	return p.steps, nil
}

// IsHead says whether a variable belongs to the dense layer.
func IsHead(name string) bool { return path.Dir(name) == HeadName }

// flow is the output of a step on its way through the network.
type flow struct{ step, channels int }

// planner lists a network's steps: a language over flows.
type planner struct {
	steps   []Step
	epsilon float64
}

var _ language[flow] = (*planner)(nil)

// step adds one; its variables are named without their scope.
func (p *planner) step(s Step, channels int, variables []Variable, inputs ...flow) flow {
	for _, in := range inputs {
		s.Inputs = append(s.Inputs, in.step)
	}
	for _, v := range variables {
		s.Variables = append(s.Variables, Variable{path.Join(s.Name, v.Name), v.Shape})
	}
	p.steps = append(p.steps, s)
	return flow{len(p.steps) - 1, channels}
}

func (p *planner) input(x flow) flow { return x }

func (p *planner) conv(name string, x flow, c convolution) flow {
	variables := []Variable{{"kernel", []int{c.kernel, c.kernel, x.channels, c.channels}}}
	if c.bias {
		variables = append(variables, Variable{"bias", []int{c.channels}})
	}
	s := Step{Name: name, Op: OpConvolution, Kernel: c.kernel, Stride: c.stride, Padding: c.padding}
	return p.step(s, c.channels, variables, x)
}

func (p *planner) norm(name string, x flow) flow {
	var variables []Variable
	for _, v := range []string{"gamma", "beta", "moving_mean", "moving_variance"} { // Keras's order
		variables = append(variables, Variable{v, []int{x.channels}})
	}
	return p.step(Step{Name: name, Op: OpNormalization, Epsilon: p.epsilon}, x.channels, variables, x)
}

func (p *planner) relu(name string, x flow) flow {
	return p.step(Step{Name: name, Op: OpRelu}, x.channels, nil, x)
}

func (p *planner) maxPool(name string, x flow, _ string) flow {
	return p.step(Step{Name: name, Op: OpMaxPool, Kernel: 3, Stride: 2, Padding: 1}, x.channels, nil, x)
}

func (p *planner) add(name string, x, y flow) flow {
	return p.step(Step{Name: name, Op: OpAdd}, x.channels, nil, x, y)
}

func (p *planner) average(name string, x flow) flow {
	return p.step(Step{Name: name, Op: OpAverage}, x.channels, nil, x)
}
