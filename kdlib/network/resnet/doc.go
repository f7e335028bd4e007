// Package resnet describes the paper's two networks: ResNet-18, the student, and ResNet-50, the teacher, each with a head of one
// logit. ResNet-50 comes in Keras's form, which the paper used, and in torchvision's, because other public weights have that form.
//
// A network is one file and one line of members, in the language of package architecture, which makes graphs, layer tables
// (figure 1) and other formats of it. parity_test.go compares outputs, gradients and moving statistics with Keras and torchvision.
package resnet
