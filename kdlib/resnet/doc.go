// Package resnet builds the paper's two networks as GoMLX graphs: ResNet-18, the student, and ResNet-50, the teacher, each
// with a head of one logit, and lists their layers (figure 1).
//
// Each network is described once (architecture.go); the graph and the layer table are two readings of that description.
// Convolutions come from package conv, in its fast forms unless the store's hyperparameter ParamForm says otherwise.
// Outputs, gradients and moving statistics are compared with Keras in parity_test.go.
package resnet
