// Package resnet builds the paper's two networks as GoMLX graphs: ResNet-18, the student, and ResNet-50, the teacher, each
// with a head of one logit, and lists their layers (figure 1). ResNet-50 comes in Keras's form, the paper's, and in
// torchvision's, for whose form other public weights exist.
//
// Each network is one file and one line of members. It is described once, of the blocks in architecture.go; the graph, the
// layer table and the list of steps, from which other formats are written, are three readings of that description.
// Convolutions come from package conv, in its fast forms unless the store's hyperparameter ParamForm says otherwise.
// Outputs, gradients and moving statistics are compared with Keras and torchvision in parity_test.go.
package resnet
