package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"

	"distillation/kdlib/dataset"
	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/metrics"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/predictions"
	"distillation/kdlib/table"

	"github.com/gomlx/compute/dtypes/float16"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/stat"
)

// Copies are some of the training pictures seen anew: so many augmented copies of each, as features, and the teacher's answers on them.
type Copies struct {
	Of     []int     // places of the pictures in the manifest, all of the training set
	Each   int       // copies of a picture
	Values []float32 // [Each, pictures, features], copy by copy, on the scale of the pictures' own features
	Logits []float32 // [Each, pictures]: the teacher's answers on the copies
	Meta   map[string]string
}

// Names of the tensors and of the free text in a file of copies, beside those of features.
const (
	placesName  = "places" // int32 [pictures]
	logitsName  = "logits" // float32 [copies, pictures]
	metaAugment = "augment"
	metaSeed    = "seed"
)

// CopyOptions say which copies there shall be.
type CopyOptions struct {
	Augment  images.Augment
	Pictures int    // how many training pictures, half of them dogs
	Each     int    // copies of a picture
	Seed     uint64 // draws the pictures and their augmentations
}

// Validate returns every fault of the options.
func (o CopyOptions) Validate() error {
	errs := []error{o.Augment.Validate()}
	if o.Augment == (images.Augment{}) {
		errs = append(errs, errors.New("augment: got none, want a flip or a shift: all copies would be the picture itself"))
	}
	if o.Pictures < 2 || o.Each < 1 {
		errs = append(errs, fmt.Errorf("pictures, each: got %d and %d, want at least 2 pictures and a copy of each", o.Pictures, o.Each))
	}
	return errors.Join(errs...)
}

// Copies shows augmented training pictures to the network, which must be the lab's teacher and the maker of its features: its answers on
// the pictures themselves are compared with the teacher's predictions, and their features with the lab's, whose scale the copies get.
func (e Extraction) Copies(ctx context.Context, l *Lab, how CopyOptions) (*Copies, error) {
	if err := how.Validate(); err != nil {
		return nil, fmt.Errorf("lab: copies: %w", err)
	}
	if got, want := manifestSum(e.Pictures.Manifest), manifestSum(l.Manifest); got != want {
		return nil, fmt.Errorf("lab: copies: got pictures of the split %.12s, want those of the lab, %.12s", got, want)
	}
	inner, err := onnx.OpenAnswering(l.backend, e.Network, e.Values...)
	if err != nil {
		return nil, err
	}
	defer inner.Finalize()
	c := &Copies{Of: balanced(l.Manifest[:l.Train()], how.Pictures, how.Seed), Each: how.Each}
	if len(c.Of) != how.Pictures {
		return nil, fmt.Errorf("lab: copies: got %d training pictures, too few of a class, want %d with half of each", l.Train(), how.Pictures)
	}
	w := &watcher{e, l, inner, c, how}
	if err := w.watch(ctx); err != nil {
		return nil, err
	}
	if c.Meta, err = e.describe(inner.Is().Size); err != nil {
		return nil, err
	}
	augment, err := json.Marshal(how.Augment)
	c.Meta[metaAugment], c.Meta[metaSeed] = string(augment), strconv.FormatUint(how.Seed, 10)
	return c, err
}

// watcher lets a network look at copies.
type watcher struct {
	Extraction
	lab    *Lab
	inner  *onnx.Inner
	copies *Copies
	how    CopyOptions
}

// watch shows the pictures, then their copies.
func (w *watcher) watch(ctx context.Context) error {
	plain, answers, err := w.pass(ctx, 0)
	if err != nil {
		return err
	}
	if err := w.answersAgree(answers); err != nil {
		return err
	}
	own, err := w.lab.sets[predictions.Train].rows(w.copies.Of)
	if err != nil {
		return err
	}
	scales, err := scalesOf(plain, own, w.lab.Width)
	if err != nil {
		return err
	}
	for pass := 1; pass <= w.how.Each; pass++ {
		values, answers, err := w.pass(ctx, pass)
		if err != nil {
			return err
		}
		for i := range values {
			values[i] = scales[i%w.lab.Width].of(values[i])
		}
		w.copies.Values, w.copies.Logits = append(w.copies.Values, values...), append(w.copies.Logits, answers...)
	}
	return nil
}

// pass shows all pictures once, in pass 0 as they are, and returns what the network finds in them and its logits.
func (w *watcher) pass(ctx context.Context, pass int) (features, logits []float32, err error) {
	data := dataset.Data{Pictures: w.Pictures.Cache}
	for _, i := range w.copies.Of {
		data.Examples = append(data.Examples, dataset.Example{ID: w.lab.Manifest[i].ID})
	}
	n := len(data.Examples)
	how := dataset.PredictOptions{Batch: w.Batch, Progress: func(done, _ int) {
		if w.Progress != nil {
			w.Progress(pass*n+done, (1+w.how.Each)*n)
		}
	}}
	if pass > 0 {
		how.Augmentation = dataset.Augmentation{Augment: w.how.Augment, Seed: w.how.Seed, Pass: pass}
	}
	values, width, err := w.inner.Features(ctx, data, how)
	if err != nil {
		return nil, nil, err
	}
	if width != w.lab.Width+1 {
		return nil, nil, fmt.Errorf("lab: copies: got %d features by %q, want %d as the lab has of each picture", width-1, w.Values, w.lab.Width)
	}
	for row := range slices.Chunk(values, width) {
		features, logits = append(features, row[:width-1]...), append(logits, row[width-1])
	}
	return features, logits, nil
}

// answerTolerance is how far an answer may be from the same network's on another processor or in another batch.
const answerTolerance = 1e-3

// answersAgree compares the network's answers on the pictures themselves with the teacher's.
func (w *watcher) answersAgree(logits []float32) error {
	for j, i := range w.copies.Of {
		p, err := dataset.Probability(logits[j])
		if err != nil {
			return fmt.Errorf("lab: copies: picture %s: %w", w.lab.Manifest[i].ID, err)
		}
		if want := w.lab.Teacher[i]; !(math.Abs(p-want) <= answerTolerance) {
			return fmt.Errorf("lab: copies: picture %s: got the answer %.4f of %s, want %.4f as the teacher has predicted: it is another network",
				w.lab.Manifest[i].ID, p, w.Network.File, want)
		}
	}
	return nil
}

// scale takes what a network finds to the scale of standardised features.
type scale struct{ shift, factor float64 }

func (s scale) of(v float32) float32 { return float32(s.shift + s.factor*float64(v)) }

// halfDigits is how far a number in half precision may be from the same number that another processor has computed, as a part of it or of 1.
const halfDigits = 0x1p-10

// scalesOf finds the scale of each feature from rows as the network gives them and the same rows as the lab has them, on a line but for
// rounding. Where they are on none they are not of the same values.
func scalesOf(raw, standardised []float32, width int) ([]scale, error) {
	scales := make([]scale, width)
	x, y := make([]float64, len(raw)/width), make([]float64, len(raw)/width)
	for j := range scales {
		for i := range x {
			x[i], y[i] = float64(raw[i*width+j]), float64(standardised[i*width+j])
		}
		s := &scales[j]
		s.shift, s.factor = stat.LinearRegression(x, y, nil, false)
		for i, v := range y {
			if e := math.Abs(s.shift + s.factor*x[i] - v); !(e <= halfDigits*max(1, math.Abs(v))) {
				return nil, fmt.Errorf("lab: copies: feature %d: got %v of the lab's features on a picture, want %.5f as the network's values say: they are of another network, or of other values in it", j, v, s.shift+s.factor*x[i])
			}
		}
	}
	return scales, nil
}

// Write writes the copies as safetensors, their features in half precision, whole or not at all.
func (c *Copies) Write(path string) error {
	n := len(c.Of)
	of := make([]int32, n)
	for j, i := range c.Of {
		of[j] = int32(i)
	}
	half := float16.FromFloat32s(c.Values...)
	file := weights.File{Meta: c.Meta, Tensors: map[string]*tensors.Tensor{
		placesName: tensors.FromFlatDataAndDimensions(of, n),
		logitsName: tensors.FromFlatDataAndDimensions(c.Logits, c.Each, n),
		tensorName: tensors.FromFlatDataAndDimensions(half, c.Each, n, len(half)/(c.Each*n)),
	}}
	return file.Write(path)
}

// ReadCopies reads what Write wrote.
func ReadCopies(path string) (*Copies, error) {
	file, err := weights.Read(path)
	if err != nil {
		return nil, err
	}
	features, logits, places := file.Tensors[tensorName], file.Tensors[logitsName], file.Tensors[placesName]
	if features == nil || logits == nil || places == nil || features.Rank() != 3 ||
		!slices.Equal(logits.Shape().Dimensions, features.Shape().Dimensions[:2]) || !slices.Equal(places.Shape().Dimensions, features.Shape().Dimensions[1:2]) {
		return nil, fmt.Errorf("lab: %s: got no tensors %q [copies, pictures, features], %q [copies, pictures] and %q [pictures], want copies of pictures as `kd lab copies` writes them", path, tensorName, logitsName, placesName)
	}
	half, err1 := tensors.CopyFlatData[float16.Float16](features)
	of, err2 := tensors.CopyFlatData[int32](places)
	c := &Copies{Each: features.Shape().Dimensions[0], Meta: file.Meta}
	c.Logits, err = tensors.CopyFlatData[float32](logits)
	if err := errors.Join(err1, err2, err); err != nil {
		return nil, fmt.Errorf("lab: %s: %w", path, err)
	}
	for _, i := range of {
		c.Of = append(c.Of, int(i))
	}
	for _, v := range half {
		c.Values = append(c.Values, v.Float32())
	}
	for _, numbers := range [][]float32{c.Values, c.Logits} {
		if i := slices.IndexFunc(numbers, func(v float32) bool { return v-v != 0 }); i >= 0 {
			return nil, fmt.Errorf("lab: %s: number %d: got %v, want a finite number", path, i, numbers[i])
		}
	}
	return c, nil
}

// check refuses copies that are not of the lab's training pictures.
func (c *Copies) check(l *Lab) error {
	if got, want := c.Meta[metaManifest], manifestSum(l.Manifest); got != want {
		return fmt.Errorf("copies: got some of the split %.12s, want those of %.12s", got, want)
	}
	n := len(c.Of)
	if n == 0 || c.Each < 1 || len(c.Logits) != c.Each*n || len(c.Values) != c.Each*n*l.Width || slices.Min(c.Of) < 0 || slices.Max(c.Of) >= l.Train() {
		return fmt.Errorf("copies: got %d features and %d answers on %d copies of each of %d pictures, want %d features of each copy, and pictures of the %d in the training set",
			len(c.Values), len(c.Logits), c.Each, n, l.Width, l.Train())
	}
	return nil
}

// Lab is a lab whose training pictures are those of the copies: the n pictures themselves, then the first copy of each, and so on, so that
// copy k of a picture stands k n places behind it (see Task.Copies). Its teacher answers on each copy by itself. Validation and test set are l's.
func (c *Copies) Lab(l *Lab) (*Lab, error) {
	m, teacher, err := c.answered(l)
	if err != nil {
		return nil, err
	}
	own, err1 := l.sets[predictions.Train].rows(c.Of)
	validation, err2 := l.sets[predictions.Validation].rows(nil)
	test, err3 := l.sets[predictions.Test].rows(nil)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	f := &Features{Width: l.Width, Values: slices.Concat(own, c.Values, validation, test)}
	return New(l.backend, append(m, l.Manifest[l.Train():]...), f, append(teacher, l.Teacher[l.Train():]...))
}

// answered are the pictures and then their copies, copy by copy, with the teacher's answers on each.
func (c *Copies) answered(l *Lab) (m images.Manifest, teacher []float64, err error) {
	if err := c.check(l); err != nil {
		return nil, nil, err
	}
	for _, i := range c.Of {
		m, teacher = append(m, l.Manifest[i]), append(teacher, l.Teacher[i])
	}
	for at, z := range c.Logits {
		e := l.Manifest[c.Of[at%len(c.Of)]]
		e.ID = fmt.Sprintf("%s, copy %d", e.ID, at/len(c.Of)+1)
		p, err := dataset.Probability(z)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", e.ID, err)
		}
		m, teacher = append(m, e), append(teacher, p)
	}
	return m, teacher, nil
}

// Tasks are those of the kinds of students that the experiment patience compares, in the lab that Lab has made. They see the same pictures in
// the same order, in as many steps an epoch as show as many pictures as there are copies:
//
//	plain pictures  never a copy, and learn what the rule makes of the teacher's answers
//	fixed           copies, with the labels of the pictures that they are copies of
//	consistent      copies, with the labels by the teacher's answers on the copies
//	hand labels     copies, with the ground truth
func (c *Copies) Tasks(in *Lab, rule distill.Rule, how Students) map[string]Task {
	seeds, n := len(how.Seeds), len(c.Of)
	own := Labels(rule, in.Teacher, in.Truth())
	fixed := slices.Clone(own)
	for i := n; i < in.Train(); i++ {
		fixed[i] = own[i%n]
	}
	task := func(labels []float64, copies int) Task {
		return Task{Labels: Same(labels, seeds), Rows: slices.Repeat([][]int{places(n)}, seeds), Steps: len(c.Logits) / how.Training.Batch, Copies: copies}
	}
	return map[string]Task{plainPictures: task(own, 0), fixedTeacher: task(fixed, c.Each), consistent: task(own, c.Each), byHand: task(in.Truth(), c.Each)}
}

// TeacherTable shows how the teacher answers on the pictures and on their copies: its accuracy, its doubt (15), and how many copies it
// takes for another class than the picture.
func (c *Copies) TeacherTable(l *Lab) (table.Table, error) {
	m, teacher, err := c.answered(l)
	if err != nil {
		return table.Table{}, err
	}
	t := table.Table{Title: "What the teacher answers", Columns: []table.Column{table.Text("on"), table.Number("pictures"), table.Number("accuracy"), table.Number("unc"), table.Number("other class than on the picture")}}
	truth, n := truthOf(m), len(c.Of)
	for what, span := range [][2]int{{0, n}, {n, len(m)}} {
		p := teacher[span[0]:span[1]]
		s, err := metrics.Summarize(p, truth[span[0]:span[1]], distill.Threshold)
		if err != nil {
			return t, fmt.Errorf("lab: copies: %w", err)
		}
		others := 0
		for i, v := range p {
			if distill.Class(v, distill.Threshold) != distill.Class(teacher[i%n], distill.Threshold) {
				others++
			}
		}
		t.Add([]string{"pictures", "copies"}[what], fmt.Sprint(len(p)), table.Fixed(s.Accuracy, table.Decimals), table.Fixed(s.Uncertainty, table.Decimals), fmt.Sprint(others))
	}
	return t, nil
}

// rows are the features of pictures of a set by their places in it, side by side; nil: of all.
func (s set) rows(places []int) ([]float32, error) {
	all, err := tensors.CopyFlatData[float32](s.features)
	if err != nil || places == nil {
		return all, err
	}
	var chosen []float32
	width := len(all) / s.n
	for _, i := range places {
		chosen = append(chosen, all[i*width:][:width]...)
	}
	return chosen, nil
}

// balanced are the places of n of some pictures, half of them dogs, that the seed draws.
func balanced(of images.Manifest, n int, seed uint64) []int {
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	var chosen []int
	for class := range 2 {
		var places []int
		for i, e := range of {
			if e.Label == class {
				places = append(places, i)
			}
		}
		rng.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		chosen = append(chosen, places[:min(len(places), (n+1-class)/2)]...)
	}
	return chosen
}
