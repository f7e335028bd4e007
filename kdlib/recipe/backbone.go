package recipe

import (
	"errors"
	"fmt"
)

// ONNXNetwork is the network of a Training that puts a head of its own, dropout and a dense layer, on the features that an ONNX
// file computes: Training.Backbone says which. This is how a network that knows ImageNet becomes a teacher.
const ONNXNetwork = "onnx"

// Backbone is a network from an ONNX file, from its pictures to features, and says which of its weights are trained.
//
// Its weights are the file's initializers of float32 numbers that have a dimension, but for the statistics of batch normalization,
// which stay as they are. A program's constants, such as the mean of ImageNet's colours, are none of them: exporters write them as
// nodes. Where one does not, name the value that it goes into in Trained.
type Backbone struct {
	ONNX            // Output has no meaning
	Features string `json:"features,omitzero"` // the value of the file's graph that the head takes, [n, features]; empty: the file's output
	Trained  string `json:"trained"`           // HeadOnly, Everything, or the name of a value: what only comes after it is trained, too
}

// What of a network with a Backbone is trained, beside values by their names.
const (
	HeadOnly   = "head"
	Everything = "all"
)

// Validate returns every fault of the backbone.
func (b Backbone) Validate() error {
	errs := []error{b.ONNX.Validate()}
	if b.Output != "" {
		errs = append(errs, fmt.Errorf("output: got %q, want none: features are neither logits nor probabilities", b.Output))
	}
	if b.Trained == "" {
		errs = append(errs, fmt.Errorf("trained: got none, want %q, %q, or the name of a value of the graph, after which all is trained", HeadOnly, Everything))
	}
	return errors.Join(errs...)
}

// validateBackbone wants a backbone for the network ONNXNetwork alone, and nothing beside it that would have no effect.
func (t Training) validateBackbone() error {
	if t.Network != ONNXNetwork {
		if t.Backbone != (Backbone{}) {
			return fmt.Errorf("backbone: got the file %q with the network %q, want it with %q alone", t.Backbone.File, t.Network, ONNXNetwork)
		}
		return nil
	}
	errs := []error{prefixed("backbone", t.Backbone.Validate())}
	if t.Weights != "" {
		errs = append(errs, fmt.Errorf("weights: got %s with the network %q, want none: the backbone's file has them", t.Weights, ONNXNetwork))
	}
	if t.Convolutions != "" {
		errs = append(errs, fmt.Errorf("convolutions: got %q with the network %q, want none: its file says how they are made", t.Convolutions, ONNXNetwork))
	}
	if len(t.EarlyStages) > 0 {
		errs = append(errs, fmt.Errorf("early_stages: got %d with the network %q, want none: it takes pictures of one size", len(t.EarlyStages), ONNXNetwork))
	}
	return errors.Join(errs...)
}
