// Package architecture describes convolutional networks once and reads the description three ways: as a GoMLX graph (Builder), as
// the table of layers that Keras prints (Recorder), and as a list of steps from which other formats are written (Planner).
//
// A network is a function of a Language, over any type T that stands for a picture on its way, and its Settings: packages resnet and
// mobilenet have them and register them here. Package conv writes the convolutions, in its fast forms unless the store's
// hyperparameter ParamForm says otherwise.
package architecture
