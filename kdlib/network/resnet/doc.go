// Package resnet builds the paper's two networks as GoMLX graphs: ResNet-18, the student, and ResNet-50, the teacher. Each has
// a head of one logit. The package also lists their layers (figure 1). ResNet-50 comes in Keras's form, which the paper used,
// and in torchvision's, because other public weights have that form.
//
// A network is one file and one line of members. The blocks of architecture.go describe it once. The graph, the layer table and
// the list of steps (from which other formats are written) are three readings of that description. Package conv writes the
// convolutions, in its fast forms unless the store's hyperparameter ParamForm says otherwise. parity_test.go compares outputs,
// gradients and moving statistics with Keras and torchvision.
package resnet
