// Package recipe says how networks are trained: one Training value for each network of the paper, one Study value for each
// experiment. A recipe is plain data. Every result has its recipe beside it.
package recipe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/optimizer/reference"

	"github.com/google/renameio/v2"
)

// The networks that a recipe can name.
const (
	ResNet18    = "resnet18"      // students: 512 features
	ResNet50    = "resnet50"      // teacher, in Keras's form: 2048 features
	ResNet50V15 = "resnet50-v1.5" // the same in torchvision's form
	MobileNetV2 = "mobilenet-v2"  // students for phones: 1280 features
)

// The two readings of the paper's optimizer.
const (
	KerasAdam   = "keras"   // (9) with the raw moments of (4), (5): what made the paper's tables
	LiteralAdam = "literal" // (6), (7) and (9) as printed: the bias corrected twice until k1, k2
)

// Optimizer holds the numbers of equations (4)-(10).
type Optimizer struct {
	Variant      string  `json:"variant"`       // KerasAdam or LiteralAdam
	LearningRate float64 `json:"learning_rate"` // eta_0 > 0
	Decay        float64 `json:"decay"`         // d >= 0 of (9)
	K1           int     `json:"k1,omitempty"`  // (6), LiteralAdam only
	K2           int     `json:"k2,omitempty"`  // (7), LiteralAdam only

	// Schedule lets the learning rate, its peak, end in 0 with the last epoch; without one it goes as (9).
	Schedule Schedule `json:"schedule,omitzero"`
}

// The forms that package conv has for the convolutions of kdlib's networks: the same sums in another order.
const (
	FastConvolutions     = "fast"     // matrix products and other convolutions that XLA runs fast on a CPU
	WinogradConvolutions = "winograd" // faster: minimal filtering, too, where its rounding is no greater than the plain sums'
	PlainConvolutions    = "plain"    // one operation each
)

var convolutions = []string{FastConvolutions, WinogradConvolutions, PlainConvolutions}

// CheckConvolutions returns an error unless form is one of the forms of convolutions, or empty.
func CheckConvolutions(form string) error {
	if form == "" || slices.Contains(convolutions, form) {
		return nil
	}
	return fmt.Errorf("convolutions: got %q, want one of %q or none", form, convolutions)
}

// Training says how one network is trained.
type Training struct {
	Network   string    `json:"network"`           // a name that package network knows, or ONNXNetwork
	Weights   string    `json:"weights"`           // file to start from, of any format of package convert; empty, and a head that it lacks: random from the seed
	Backbone  Backbone  `json:"backbone,omitzero"` // of ONNXNetwork, which starts from its file
	Dropout   float64   `json:"dropout"`           // rate before the dense layer, [0, 1)
	Optimizer Optimizer `json:"optimizer"`
	// Convolutions is one of the forms above; empty: fast on a CPU, plain elsewhere. In the config.json of a run it
	// names what ran, empty being fast.
	Convolutions string         `json:"convolutions,omitzero"`
	Loss         Loss           `json:"loss,omitzero"`          // of one training run; those of a study have none
	Augment      images.Augment `json:"augment"`                // of the epochs after EarlyStages, and of evaluations with augmentation
	EarlyStages  []Stage        `json:"early_stages,omitempty"` // the first epochs, where they differ from the others in size and shift
	Epochs       int            `json:"epochs"`                 // all, with those of EarlyStages
	Batch        int            `json:"batch"`                  // pictures a step; the rest of an epoch that fills no batch is left to the next shuffle
	Seed         uint64         `json:"seed"`                   // of the first weights, the order, the augmentation and dropout

	// Average is the momentum, in (0, 1), of an exponential moving average of the weights, as Keras's ema_momentum; 0: there is none.
	Average float64 `json:"average,omitzero"`
	// Answer says which weights predict when the training is done: LastEpoch, AverageWeights, or, empty, those of the best epoch.
	Answer string `json:"answer,omitzero"`
	// Mirror lets the network look at every picture and at its mirror image, too, and writes the mean of both predictions beside the plain one.
	Mirror bool `json:"mirror,omitzero"`
}

// The weights that predict, beside those of the best epoch.
const (
	LastEpoch      = "last"
	AverageWeights = "average" // with the statistics of batch normalization measured anew for them
)

// Equal says whether two trainings are the same.
func (t Training) Equal(other Training) bool { return reflect.DeepEqual(t, other) }

// IsZero says whether there is no training.
func (t Training) IsZero() bool { return t.Equal(Training{}) }

// Data says which pictures take part and at which size.
type Data struct {
	Pictures int           `json:"pictures"`        // size of the balanced subset; 0: all
	Size     int           `json:"size"`            // width and height after the nearest neighbour resize
	Seed     uint64        `json:"seed"`            // of the subset and its 70/15/15 split
	Layout   images.Layout `json:"layout,omitzero"` // where the labels come from, should the pictures leave two ways

	// GroupDuplicates keeps pictures with the same pixels in one set. The presets of before it have them where chance puts them.
	GroupDuplicates bool `json:"group_duplicates,omitzero"`

	// HandLabels is how many training pictures have a ground-truth label that networks learn from, half of them of each class; 0: all. The
	// others are unlabelled: only a teacher's predictions make labels of them. What learns from the ground truth, the classical student and
	// a teacher that is trained, sees the labelled pictures as often as makes an epoch of all.
	HandLabels int `json:"hand_labels,omitzero"`
}

// Study is a whole experiment of the paper: a teacher, three students and two recursive chains.
type Study struct {
	Name         string          `json:"name"`
	Data         Data            `json:"data"`
	Teacher      Training        `json:"teacher,omitzero"`
	Given        Given           `json:"given,omitzero"`          // a teacher that is not trained, instead of Teacher
	Student      Training        `json:"student"`                 // the classical, hard and soft student
	Chain        Training        `json:"chain,omitzero"`          // every later generation of the chains; none: as Student
	SoftLabels   distill.Soft    `json:"soft_labels,omitzero"`    // options of (14) in the whole soft chain; none: the paper's
	Generations  int             `json:"generations"`             // per recursive chain (4.4)
	FurtherRules []distill.Named `json:"further_rules,omitempty"` // students beside the paper's, without a chain
	Seeds        int             `json:"seeds,omitzero"`          // so often each student is trained, from student.seed, student.seed + 1, ...; 0: once
	Repetitions  int             `json:"repetitions"`             // of an evaluation with augmentation; 0: there is none
	Timing       Timing          `json:"timing,omitzero"`         // none: section 4.1 is not measured
	Notes        []string        `json:"notes,omitzero"`          // what else is to be said of it, in free words; see Differences
	Reductions   []string        `json:"reductions,omitzero"`     // how studies of older versions say that they depart from the paper
}

// Timing says how section 4.1 is measured.
type Timing struct {
	Size   int `json:"size"`           // width and height
	Images int `json:"images"`         // pictures per network, one at a time
	Batch  int `json:"batch,omitzero"` // the same pictures again, so many at a time; 0: no more than one at a time
}

// Batches returns the batch sizes that are measured.
func (t Timing) Batches() []int {
	if t.Batch == 0 {
		return []int{1}
	}
	return []int{1, t.Batch}
}

// Generation returns how generation k of a chain is trained; 0 is the student itself.
func (s Study) Generation(k int) Training {
	if k == 0 || s.Chain.IsZero() {
		return s.Student
	}
	return s.Chain
}

// FurtherSeeds returns the seeds, after its own, from which each student is trained again.
func (s Study) FurtherSeeds() []uint64 {
	var seeds []uint64
	for i := 1; i < s.Seeds; i++ {
		seeds = append(seeds, s.Student.Seed+uint64(i))
	}
	return seeds
}

// FirstAlike returns the first generation from which all are trained alike, so that they differ only in their labels: 0, the
// student, or 1 if the chains have a training of their own.
func (s Study) FirstAlike() int {
	if !s.Generation(1).Equal(s.Student) {
		return 1
	}
	return 0
}

// Chains returns the rules of the recursive chains: (13), and (14) with the study's options.
func (s Study) Chains() []distill.Rule { return []distill.Rule{distill.Hard{}, s.SoftLabels} }

// Rules returns the rules of the distilled students: those of Chains, then the further ones.
func (s Study) Rules() []distill.Rule {
	rules := s.Chains()
	for _, further := range s.FurtherRules {
		rules = append(rules, further)
	}
	return rules
}

// Paper is the experiment as the paper ran it. The teacher starts from Keras's ImageNet weights, in the file that
// `kd weights fetch resnet50-keras` writes.
var Paper = Study{
	Name: "paper",
	Data: Data{Size: 224, Seed: 1},
	Teacher: Training{
		Network: ResNet50, Weights: "datasets/weights/resnet50_notop.h5", Dropout: 0.5,
		Optimizer: Optimizer{Variant: KerasAdam, LearningRate: 1e-6, Decay: 0.01},
		Augment:   images.Augment{Flip: true},
		Epochs:    25, Batch: 32, Seed: 1,
	},
	Student: Training{
		Network:   ResNet18,
		Optimizer: Optimizer{Variant: KerasAdam, LearningRate: 1e-4},
		Augment:   images.Augment{Flip: true, Shift: 0.4},
		Epochs:    100, Batch: 32, Seed: 1,
	},
	Generations: 6,
	Repetitions: 5,
	Timing:      Timing{Size: 224, Images: 3750},
}

// Reduced is a study of some forty minutes on two cores.
var Reduced = reduced()

func reduced() Study {
	s := Paper
	s.Name = "reduced"
	s.Data = Data{Pictures: 4000, Size: 64, Seed: 1}
	s.Teacher.Weights = ""
	s.Teacher.Dropout = 0.2
	s.Teacher.Optimizer = Optimizer{Variant: KerasAdam, LearningRate: 1e-3, Decay: 0.002}
	s.Teacher.Augment.Shift = 0.1
	s.Teacher.Epochs = 12
	s.Student.Optimizer = Optimizer{Variant: KerasAdam, LearningRate: 1e-3, Decay: 0.002}
	s.Student.Augment.Shift = 0.1
	s.Student.Epochs = 8
	s.Generations = 2
	s.Repetitions = 3
	s.Timing.Images = 40
	return s
}

// Full is the experiment on all pictures, with a teacher that is clearly better than its students: an ImageNet network with
// a head for two classes. Some hours on two cores.
var Full = full()

func full() Study {
	s := Paper
	s.Name = "full"
	s.Data.Size = 64
	s.Teacher = Training{}
	s.Given = Given{ONNX: ONNX{File: "datasets/weights/teacher-efficientnet-lite0.onnx"}, Augment: Paper.Teacher.Augment}
	s.Student.Optimizer = Optimizer{Variant: KerasAdam, LearningRate: 1e-3, Decay: 0.002}
	s.Student.Augment.Shift = 0.1
	s.Student.Epochs = 10
	s.Chain = s.Student
	s.Chain.Optimizer.Decay = 0.005 // falls to the same rate in fewer steps
	s.Chain.Epochs = 4
	s.Repetitions = 3
	s.Timing.Batch = 32
	return s
}

// studentsOnly is Full without its chains, and timed in passing.
func studentsOnly(name string) Study {
	s := Full
	s.Name = name
	s.Chain = Training{}
	s.Generations = 0
	s.Timing = Timing{Size: 224, Images: 40}
	return s
}

// Long trains the three students of Full for more epochs, on larger pictures. It asks how much of their distance to the paper's
// accuracies is too little training. Two and a half hours on two cores.
var Long = long()

func long() Study {
	s := studentsOnly("long")
	s.Data.Size = 96
	s.Student.Epochs = 20
	s.Student.Optimizer.Decay = 0.001 // falls to about the same rate in more steps
	return s
}

// Seeds trains each of the three students from three seeds, on fewer pictures. It tells how much of a difference between
// students is chance. About half an hour on two cores.
var Seeds = seeds()

func seeds() Study {
	s := studentsOnly("seeds")
	s.Data.Pictures = 4000
	s.Student.Optimizer.Decay = 0.0125 // falls to the same rate in fewer steps
	s.Seeds = 3
	return s
}

// Better trains the three students of Full by what has been learned of training since the paper's recipe: most epochs on small
// pictures, a learning rate that ends in 0, batches of 64, an average of the weights. Its pictures are split as Full's. An hour a
// student on two cores with AVX-512, three with AVX2.
//
// Its teacher is Full's network with the last five blocks fine-tuned, and so nearly as sure of the pictures it learned from as the paper's;
// one hour. The file that it starts from is written by "go run ./kernel-setup teacher" ("A teacher of your own" in kernel-setup/README.md).
//
// Nothing of it is tuned: one cycle and its rise are fastai's defaults (Howard and Gugger 2020), the peak lies in the middle of the
// 1e-3 to 3e-3 that are usual for it with Adam on a ResNet from random weights, and the average forgets the pictures of the stage before,
// since it halves in 138 of the last stage's 819 steps. All three students have it, so that they differ in their labels alone.
var Better = better()

func better() Study {
	s := studentsOnly("better")
	s.Data.Size = 128
	s.Given = Given{}
	s.Teacher = Training{
		Network:   ONNXNetwork,
		Backbone:  Backbone{ONNX: ONNX{File: "datasets/weights/efficientnet-lite0-imagenet.onnx"}, Trained: "/_blocks.10/Add_output_0"},
		Dropout:   0.2,
		Optimizer: Optimizer{Variant: KerasAdam, LearningRate: 1e-4},
		Augment:   Paper.Teacher.Augment,
		Epochs:    5, Batch: 32, Seed: 1,
	}
	s.Student.Optimizer = Optimizer{Variant: KerasAdam, LearningRate: 2e-3, Schedule: Schedule{Name: OneCycle, WarmUp: 0.25}}
	s.Student.EarlyStages = []Stage{{Epochs: 16, Size: 64, Shift: 0.2}, {Epochs: 10, Size: 96, Shift: 0.15}}
	s.Student.Epochs = 29
	s.Student.Batch = 64
	s.Student.Average, s.Student.Answer = 0.995, AverageWeights
	s.Student.Mirror = true
	s.Student.Convolutions = WinogradConvolutions // a step at 64x64 to 128x128 takes 7 to 20 % less
	return s
}

// Deep is Seeds, once, with a ResNet-50 in the place of each student. It asks whether a larger student learns more from the
// same pictures in as many steps. About a quarter of an hour on two cores.
var Deep = deep()

func deep() Study {
	s := Seeds
	s.Name = "deep"
	s.Student.Network = ResNet50
	s.Seeds = 0
	return s
}

// Demo is a study of about a minute on synthetic faces, for a first look and for tests.
var Demo = demo()

func demo() Study {
	s := Reduced
	s.Name = "demo"
	s.Data = Data{Size: 32, Seed: 1}
	s.Teacher.Network = ResNet18
	s.Teacher.Epochs, s.Student.Epochs = 2, 1
	s.Generations, s.Repetitions = 1, 1
	s.Timing = Timing{Size: 32, Images: 3}
	return s
}

// Presets returns the named studies.
func Presets() []Study { return []Study{Paper, Full, Better, Long, Seeds, Deep, Reduced, Demo} }

// Preset returns the study of that name.
func Preset(name string) (Study, error) {
	for _, s := range Presets() {
		if s.Name == name {
			return s, nil
		}
	}
	return Study{}, fmt.Errorf("recipe: got preset %q, want one of %v", name, PresetNames())
}

// PresetNames returns the names that Preset knows.
func PresetNames() []string {
	var names []string
	for _, s := range Presets() {
		names = append(names, s.Name)
	}
	return names
}

// Validate returns every fault of the optimizer's numbers.
func (o Optimizer) Validate() error {
	var errs []error
	if o.Variant != KerasAdam && o.Variant != LiteralAdam {
		errs = append(errs, fmt.Errorf("optimizer.variant: got %q, want %q or %q", o.Variant, KerasAdam, LiteralAdam))
	}
	if !(o.LearningRate > 0) {
		errs = append(errs, fmt.Errorf("optimizer.learning_rate: got %v, want above 0", o.LearningRate))
	}
	if !(o.Decay >= 0) {
		errs = append(errs, fmt.Errorf("optimizer.decay: got %v, want at least 0", o.Decay))
	}
	if o.Decay != 0 && o.Schedule != (Schedule{}) {
		errs = append(errs, fmt.Errorf("optimizer.decay: got %v with the schedule %q, want one of the two", o.Decay, o.Schedule.Name))
	}
	errs = append(errs, o.Schedule.Validate())
	if o.Variant == LiteralAdam && (o.K1 < 0 || o.K2 < 0) {
		errs = append(errs, fmt.Errorf("optimizer.k1, k2: got %d and %d, want at least 0", o.K1, o.K2))
	}
	errs = append(errs, o.validateLargest())
	return errors.Join(errs...)
}

// Literal returns the same optimizer in the form of the paper's text, with the usual k1 and k2.
func (o Optimizer) Literal() Optimizer {
	o.Variant, o.K1, o.K2 = LiteralAdam, reference.K1, reference.K2
	return o
}

// Extends tells whether a run of t may go on with the results of a run of before. The two may differ only in the number of
// epochs, which must not shrink. No epoch depends on how
// many follow, unless a schedule ends with the last one: such a run is not extended.
func (t Training) Extends(before Training) bool {
	if before.Epochs > t.Epochs || t.EndsWithSchedule(before) {
		return false
	}
	before.Epochs = t.Epochs
	return before.Equal(t)
}

// EndsWithSchedule says whether the two differ in nothing but the number of epochs, with which the schedule of both ends.
func (t Training) EndsWithSchedule(before Training) bool {
	other := before.Epochs != t.Epochs
	before.Epochs = t.Epochs
	return other && t.Optimizer.Schedule != (Schedule{}) && before.Equal(t)
}

// Extends tells whether a study may go on with the results of a study of before. The two may differ only in how often each
// student is trained, which must not shrink, and in the words about it. No model depends on how many seeds follow.
func (s Study) Extends(before Study) bool {
	if before.Seeds > s.Seeds {
		return false
	}
	before.Seeds, before.Notes, before.Reductions = s.Seeds, s.Notes, s.Reductions
	return reflect.DeepEqual(before, s)
}

// Validate returns every fault of the training's numbers.
func (t Training) Validate() error {
	errs := []error{t.Optimizer.Validate(), t.Augment.Validate(), t.Loss.Validate(), t.validateStages(), t.validateAnswer(), t.validateBackbone()}
	if t.Network == "" {
		errs = append(errs, errors.New("network: got an empty name"))
	}
	errs = append(errs, CheckConvolutions(t.Convolutions))
	if !(t.Dropout >= 0 && t.Dropout < 1) {
		errs = append(errs, fmt.Errorf("dropout: got %v, want in [0, 1)", t.Dropout))
	}
	if t.Epochs < 1 {
		errs = append(errs, fmt.Errorf("epochs: got %d, want at least 1", t.Epochs))
	}
	if t.Batch < 2 {
		errs = append(errs, fmt.Errorf("batch: got %d, want at least 2 (batch normalization needs a spread)", t.Batch))
	}
	errs = append(errs, t.validateLargest())
	return errors.Join(errs...)
}

// validateAnswer returns every fault of the average and of the weights that answer.
func (t Training) validateAnswer() error {
	var errs []error
	if !(t.Average >= 0 && t.Average < 1) {
		errs = append(errs, fmt.Errorf("average: got %v, want in (0, 1), or 0 for none", t.Average))
	}
	if t.Answer != "" && t.Answer != LastEpoch && t.Answer != AverageWeights {
		errs = append(errs, fmt.Errorf("answer: got %q, want %q, %q or none (the best epoch)", t.Answer, LastEpoch, AverageWeights))
	}
	if t.Answer == AverageWeights && t.Average == 0 {
		errs = append(errs, fmt.Errorf("answer: got %q and no average, want its momentum", t.Answer))
	}
	return errors.Join(errs...)
}

// MinSize is the smallest picture that leaves a pixel after the five halvings of a ResNet.
const MinSize = 32

// Validate returns every fault of the study, each with its field's path in the JSON.
func (s Study) Validate() error {
	errs := []error{s.validateTeacher(), prefixed("student", s.Student.Validate()), prefixed("soft_labels", s.SoftLabels.Validate())}
	if s.Name == "" {
		errs = append(errs, errors.New("name: got an empty one"))
	}
	if s.Data.Pictures < 0 {
		errs = append(errs, fmt.Errorf("data.pictures: got %d, want 0 (all) or more", s.Data.Pictures))
	}
	errs = append(errs, s.validateHandLabels())
	for field, size := range map[string]int{"data.size": s.Data.Size, "timing.size": s.Timing.Size} {
		if size < MinSize && !(s.Timing == (Timing{}) && field == "timing.size") {
			errs = append(errs, fmt.Errorf("%s: got %d, want at least %d", field, size, MinSize))
		}
	}
	errs = append(errs, prefixed("data", s.Data.Layout.Validate()))
	if !s.Chain.IsZero() {
		errs = append(errs, prefixed("chain", s.Chain.Validate()))
	}
	for _, t := range []Training{s.Teacher, s.Student, s.Chain} { // it would be the classical student's too, who has no teacher
		if t.Loss != (Loss{}) {
			errs = append(errs, fmt.Errorf("loss: got %q in a study, whose students differ in their labels alone; train one with kd train or train.Run", t.Loss.Name))
		}
	}
	if b := s.Timing.Batch; b != 0 && (b < 2 || b > s.Timing.Images) {
		errs = append(errs, fmt.Errorf("timing.batch: got %d, want 0 or from 2 to the number of images, %d", b, s.Timing.Images))
	}
	if s.Seeds < 0 {
		errs = append(errs, fmt.Errorf("seeds: got %d, want at least 0", s.Seeds))
	}
	errs = append(errs, s.validateRules(), s.validateLargest())
	if s.Generations < 0 || s.Repetitions < 0 || s.Timing.Images < 1 && s.Timing != (Timing{}) {
		errs = append(errs, fmt.Errorf("generations, repetitions, timing.images: got %d, %d, %d, want at least 0, 0, 1 (no timing: none is measured)",
			s.Generations, s.Repetitions, s.Timing.Images))
	}
	return errors.Join(errs...)
}

// validateHandLabels refuses labels that would mix in the ground truth of pictures that have none.
func (s Study) validateHandLabels() error {
	n := s.Data.HandLabels
	if n < 0 || n%2 != 0 {
		return fmt.Errorf("data.hand_labels: got %d, want 0 (all) or an even number, half of it of each class", n)
	}
	if n == 0 {
		return nil
	}
	for _, rule := range s.Rules() {
		if soft, ok := distill.Unnamed(rule).(distill.Soft); ok && soft.Alpha != 0 {
			return fmt.Errorf("data.hand_labels: got %d, and %s with alpha = %v mixes in the ground truth of all pictures; want alpha 0, or 0 hand labels (all)", n, rule, soft.Alpha)
		}
	}
	return nil
}

// validateRules finds students that would share a folder.
func (s Study) validateRules() error {
	var names []string
	var errs []error
	for _, rule := range s.Rules() {
		if slices.Contains(names, rule.String()) {
			errs = append(errs, fmt.Errorf("further_rules: got %s twice, want each rule once, and neither of the paper's", rule))
		}
		names = append(names, rule.String())
	}
	for _, rule := range s.FurtherRules {
		errs = append(errs, prefixed("further_rules: "+rule.String(), errors.Join(rule.Validate(), checkName(rule.Name))))
	}
	return errors.Join(errs...)
}

func prefixed(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

// Read reads a study from JSON and validates it. An unknown field is an error.
func Read(path string) (Study, error) {
	var s Study
	if err := ReadJSON(path, &s); err != nil {
		return s, err
	}
	if err := s.Validate(); err != nil {
		return s, fmt.Errorf("recipe: %s: %w", path, err)
	}
	return s, nil
}

// ReadJSON reads a JSON file into v, refusing fields that v does not have.
func ReadJSON(path string, v any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("recipe: %w", err)
	}
	if err := decode(text, v); err != nil {
		return fmt.Errorf("recipe: %s: %w", path, err)
	}
	return nil
}

// decode reads one JSON value and nothing after it. An error names the line where JSON tells it.
func decode(text []byte, v any) error {
	line := func(offset int64) int { return 1 + bytes.Count(text[:offset], []byte("\n")) }
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("line %d: %w", line(syntax.Offset), err)
	case errors.As(err, &kind):
		return fmt.Errorf("line %d: %w", line(kind.Offset), err)
	case err != nil:
		return misplaced(v, err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("line %d: text after the JSON value", line(decoder.InputOffset()))
	}
	return nil
}

// unknownField is how package json calls a field that there is not.
var unknownField = regexp.MustCompile(`unknown field "(.+)"`)

// misplaced tells where an unknown field belongs if a study has it: it stands inside another one.
func misplaced(v any, err error) error {
	found := unknownField.FindStringSubmatch(err.Error())
	if _, ok := v.(*Study); !ok || found == nil {
		return err
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Study]()) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name == found[1] {
			return fmt.Errorf(`%w: "%s" stands at the top of the recipe, beside "student", not inside another field%s`, err, name, instead[name])
		}
	}
	return err
}

// instead are fields that take another's place.
var instead = map[string]string{"given": `; with it there is no "teacher"`}

// WriteJSON writes v as indented JSON, whole or not at all.
func WriteJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("recipe: %s: %w", path, err)
	}
	if err := renameio.WriteFile(path, append(data, '\n'), 0o644, renameio.WithTempDir(filepath.Dir(path))); err != nil {
		return fmt.Errorf("recipe: %w", err)
	}
	return nil
}
