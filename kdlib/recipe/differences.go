package recipe

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
)

// paperPictures are all pictures of the paper's data set.
const paperPictures = 25_000

// Differences says in words how a study departs from the paper's, Paper: what its values tell, then its notes. A study of an older
// version has its own words.
func (s Study) Differences() []string {
	if s.Reductions != nil {
		return s.Reductions
	}
	var all []string
	for _, part := range [][]string{s.differentData(), s.differentTeacher(), s.differentStudents(), s.differentChains(), s.differentMeasurements()} {
		all = append(all, part...)
	}
	return append(all, s.Notes...)
}

func (s Study) differentData() (all []string) {
	if n := s.Data.Pictures; n != 0 && n != paperPictures {
		all = append(all, fmt.Sprintf("%s pictures instead of %s", thousands(n), thousands(paperPictures)))
	}
	if s.Data.Size != Paper.Data.Size {
		what := "pictures"
		if s.Given != (Given{}) {
			what = "students see pictures"
		}
		all = append(all, fmt.Sprintf("%s of %s instead of %s", what, square(s.Data.Size), square(Paper.Data.Size)))
	}
	if s.Data.GroupDuplicates {
		all = append(all, "pictures with the same pixels are in one set")
	}
	if n := s.Data.HandLabels; n != 0 {
		all = append(all, fmt.Sprintf("%s training pictures have hand labels, the others a teacher's predictions alone", thousands(n)))
	}
	return all
}

func (s Study) differentTeacher() []string {
	instead := "instead of a trained " + NetworkTitle(Paper.Teacher.Network)
	switch {
	case s.Given.Predictions != "":
		return []string{fmt.Sprintf("the teacher is given by its predictions, %s, %s", filepath.Base(s.Given.Predictions), instead)}
	case s.Given != (Given{}):
		return []string{fmt.Sprintf("the teacher is given as a network, %s, %s", filepath.Base(s.Given.ONNX.File), instead)}
	}
	return titled("the teacher", s.Teacher.differences(Paper.Teacher))
}

func (s Study) differentStudents() []string {
	all := titled("students", s.Student.differences(Paper.Student))
	if s.Seeds > 1 {
		all = append(all, fmt.Sprintf("each student is trained from %d seeds", s.Seeds))
	}
	if t := cmp.Or(s.SoftLabels.Temperature, 1); t != 1 {
		all = append(all, fmt.Sprintf("soft labels at the temperature %v", t))
	}
	if s.SoftLabels.Alpha != 0 {
		all = append(all, fmt.Sprintf("soft labels with a share of %v of the ground truth", s.SoftLabels.Alpha))
	}
	if len(s.FurtherRules) > 0 {
		all = append(all, "students by further rules: "+strings.Join(namesOf(s.FurtherRules), ", "))
	}
	return all
}

func namesOf(rules []distill.Named) (names []string) {
	for _, rule := range rules {
		names = append(names, rule.String())
	}
	return names
}

func (s Study) differentChains() (all []string) {
	if s.Generations == 0 {
		return []string{"no recursive chains"}
	}
	if s.Generations != Paper.Generations {
		all = append(all, fmt.Sprintf("%s a chain instead of %d", counted(s.Generations, "generation"), Paper.Generations))
	}
	if how := s.Generation(1).differences(s.Student); len(how) > 0 {
		later := "generation 1"
		if s.Generations > 1 {
			later = fmt.Sprintf("generations 1 to %d", s.Generations)
		}
		all = append(all, fmt.Sprintf("%s of the chains, unlike the student, generation 0: %s; they compare with each other alone", later, strings.Join(how, ", ")))
	}
	return all
}

func (s Study) differentMeasurements() (all []string) {
	if s.Repetitions != Paper.Repetitions {
		all = append(all, fmt.Sprintf("%s of an evaluation with augmentation instead of %d", counted(s.Repetitions, "repetition"), Paper.Repetitions))
	}
	if s.Timing.Images != Paper.Timing.Images {
		all = append(all, fmt.Sprintf("timing on %s pictures a network instead of %s", thousands(s.Timing.Images), thousands(Paper.Timing.Images)))
	}
	if s.Timing.Size != Paper.Timing.Size {
		all = append(all, fmt.Sprintf("timing on pictures of %s instead of %s", square(s.Timing.Size), square(Paper.Timing.Size)))
	}
	return all
}

// differences says what of a training is unlike another one; seeds and forms of convolutions are no difference.
func (t Training) differences(other Training) (all []string) {
	add := func(differ bool, format string, args ...any) {
		if differ {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	add(t.network() != other.network(), "%s instead of %s", t.network(), other.network())
	add(t.Weights != other.Weights && t.Network != ONNXNetwork, "from %s instead of %s", start(t.Weights), start(other.Weights))
	add(t.Epochs != other.Epochs, "%s instead of %d", counted(t.Epochs, "epoch"), other.Epochs)
	add(t.Batch != other.Batch, "batches of %d instead of %d", t.Batch, other.Batch)
	o, p := t.Optimizer, other.Optimizer
	add(o.Variant != p.Variant, "the %s optimizer instead of the %s one", o.Variant, p.Variant)
	add(o.LearningRate != p.LearningRate || o.Decay != p.Decay || o.Schedule != p.Schedule, "learning rate %s instead of %s", rate(o, p), rate(p, o))
	add(t.Dropout != other.Dropout, "dropout %v instead of %v", t.Dropout, other.Dropout)
	all = append(all, moves(t.Augment, other.Augment)...)
	if !slices.Equal(t.EarlyStages, other.EarlyStages) {
		all = append(all, stages(t.EarlyStages)...)
	}
	add(predicting(t) != predicting(other), "%s instead of %s", predicting(t), predicting(other))
	return all
}

// stages says what an early stage has, one by one: they are learned from in this order.
func stages(early []Stage) (all []string) {
	first := 1
	for _, s := range early {
		all = append(all, fmt.Sprintf("epochs %d to %d on pictures of %s with shifts up to %v", first, first+s.Epochs-1, square(s.Size), s.Shift))
		first += s.Epochs
	}
	return all
}

// predicting says which weights answer.
func predicting(t Training) string {
	switch t.Answer {
	case AverageWeights:
		return fmt.Sprintf("the moving average of the weights (%v)", t.Average)
	case LastEpoch:
		return "the weights of the last epoch"
	}
	return "those of the best one"
}

func titled(title string, parts []string) []string {
	if len(parts) == 0 {
		return nil
	}
	return []string{title + ": " + strings.Join(parts, ", ")}
}

// network is the network's name; of one from a file that, and what of it is trained.
func (t Training) network() string {
	switch b := t.Backbone; {
	case t.Network != ONNXNetwork:
		return NetworkTitle(t.Network)
	case b.Trained == HeadOnly:
		return fmt.Sprintf("a head on the network %s", filepath.Base(b.File))
	case b.Trained == Everything:
		return fmt.Sprintf("a head on the network %s and all of that", filepath.Base(b.File))
	default:
		return fmt.Sprintf("a head on the network %s and that from %s on", filepath.Base(b.File), b.Trained)
	}
}

// NetworkTitle is a network's name as tables show it: ResNet-18, MobileNetV2.
func NetworkTitle(network string) string {
	if depth, is := strings.CutPrefix(network, "resnet"); is {
		return "ResNet-" + depth
	}
	if version, is := strings.CutPrefix(network, "mobilenet-v"); is {
		return "MobileNetV" + version
	}
	return network
}

func start(weights string) string {
	switch weights {
	case "":
		return "random weights"
	case Paper.Teacher.Weights:
		return "ImageNet's"
	}
	return "the weights " + filepath.Base(weights)
}

// rate is "1e-3 with d = 0.002", where the other one has a decay "1e-3 without".
func rate(o, other Optimizer) string {
	text := strconv.FormatFloat(o.LearningRate, 'g', -1, 64)
	if o.LearningRate < 0.01 {
		text = strings.Replace(strconv.FormatFloat(o.LearningRate, 'e', -1, 64), "e-0", "e-", 1)
	}
	switch {
	case o.Schedule.Name == OneCycle:
		return fmt.Sprintf("up to %s in %v of the steps and then as a cosine to 0", text, o.Schedule.WarmUp)
	case o.Schedule.Name == Cosine:
		return fmt.Sprintf("from %s as a cosine to 0", text)
	case o.Decay != 0:
		return fmt.Sprintf("%s with d = %v", text, o.Decay)
	case other.Decay != 0:
		return text + " without"
	}
	return text
}

// moves says how an augmentation is unlike another one.
func moves(a, other images.Augment) (all []string) {
	switch {
	case a.Shift == other.Shift:
	case a.Shift == 0:
		all = append(all, fmt.Sprintf("no shifts instead of up to %v", other.Shift))
	case other.Shift == 0:
		all = append(all, fmt.Sprintf("shifts up to %v", a.Shift))
	default:
		all = append(all, fmt.Sprintf("shifts up to %v instead of %v", a.Shift, other.Shift))
	}
	if a.Flip != other.Flip {
		all = append(all, map[bool]string{true: "flips", false: "no flips"}[a.Flip])
	}
	return all
}

func square(size int) string { return fmt.Sprintf("%dx%d", size, size) }

// thousands is 25,000.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
