package lab

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
)

const innerValue = "/net/Add_output_0"

// faces are drawn pictures, what a small network finds in them, and its answers as a teacher's.
func faces(t *testing.T) (Extraction, *Lab) {
	t.Helper()
	dir, backend := t.TempDir(), xlatest.Backend(t)
	if err := synth.Write(t.Context(), filepath.Join(dir, "faces.tar"), synth.Faces{N: 40, Size: 32, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	e := Extraction{Network: recipe.ONNX{File: filepath.Join("..", "..", "network", "onnx", "testdata", "bytes_logit.onnx")}, Values: []string{innerValue}, Batch: 8}
	var err error
	e.Pictures, err = study.OpenCollection(t.Context(), study.CollectionOptions{Pictures: filepath.Join(dir, "faces.tar"), CacheDir: dir, Manifest: filepath.Join(dir, "manifest.csv"),
		Data: recipe.Data{Size: 32, Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Pictures.Close() })
	f, err := e.Run(t.Context(), backend)
	if err != nil {
		t.Fatal(err)
	}
	model, err := onnx.Open(backend, e.Network)
	if err != nil {
		t.Fatal(err)
	}
	defer model.Finalize()
	var teacher []float64
	for _, split := range folder.Splits {
		predicted, err := model.Predict(t.Context(), e.Pictures.GroundTruth(split), dataset.PredictOptions{Batch: 8})
		if err != nil {
			t.Fatal(err)
		}
		teacher = append(teacher, predicted.P...)
	}
	l, err := New(backend, e.Pictures.Manifest, f, teacher)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return e, l
}

// moved are pictures as an augmentation leaves them, to be shown as they are.
type moved struct {
	dataset.Pictures
	of func(id string) images.Transform
}

func (m moved) Image(id string) ([]uint8, bool) {
	src, ok := m.Pictures.Image(id)
	if !ok {
		return nil, false
	}
	values := make([]float32, len(src))
	m.of(id).Apply(values, src, m.Size())
	out := make([]uint8, len(src))
	for i, v := range values {
		out[i] = uint8(v) // whole: these are flips
	}
	return out, true
}

// A flipped copy has the features and the answer of the mirror image, on the scale of the pictures' own features: the same line leads from raw
// to standardised values for both.
func TestCopiesOfPictures(t *testing.T) {
	const tolerance = 1e-5 // of a standardised feature and of a logit, in float32
	e, l := faces(t)
	how := CopyOptions{Augment: images.Augment{Flip: true}, Pictures: 10, Each: 3, Seed: 4}
	var last, total int
	e.Progress = func(done, of int) { last, total = done, of }
	c, err := e.Copies(t.Context(), l, how)
	if err != nil {
		t.Fatal(err)
	}
	dogs := 0
	for _, i := range c.Of {
		dogs += l.Manifest[i].Label
	}
	if len(c.Of) != 10 || dogs != 5 || len(c.Logits) != 30 || len(c.Values) != 30*l.Width || last != 40 || total != 40 {
		t.Fatalf("got %d pictures with %d dogs, %d answers, %d features, progress %d of %d", len(c.Of), dogs, len(c.Logits), len(c.Values), last, total)
	}
	if c.Meta[metaAugment] != `{"flip":true,"shift":0}` || c.Meta[metaSeed] != "4" || c.Meta[metaNetwork] != "bytes_logit.onnx" {
		t.Errorf("got %v", c.Meta)
	}
	network, err := onnx.OpenAnswering(l.backend, e.Network, innerValue)
	if err != nil {
		t.Fatal(err)
	}
	defer network.Finalize()
	means, deviations := standards(t, e, l)
	flips := 0
	for pass := 1; pass <= c.Each; pass++ {
		transform := func(id string) images.Transform { return how.Augment.Sample(how.Seed, pass, id, 32) }
		data := dataset.Data{Pictures: moved{e.Pictures.Cache, transform}}
		for _, i := range c.Of {
			data.Examples = append(data.Examples, dataset.Example{ID: l.Manifest[i].ID})
		}
		raw, width, err := network.Features(t.Context(), data, dataset.PredictOptions{Batch: 10})
		if err != nil {
			t.Fatal(err)
		}
		for j, i := range c.Of {
			at := (pass-1)*10 + j
			if z := raw[j*width+width-1]; !(math.Abs(float64(c.Logits[at]-z)) <= tolerance*max(1, math.Abs(float64(z)))) {
				t.Errorf("copy %d of %s: got the logit %v, want %v", pass, l.Manifest[i].ID, c.Logits[at], z)
			}
			if transform(l.Manifest[i].ID).Flip {
				flips++
			}
			for k := range l.Width {
				if want := (float64(raw[j*width+k]) - means[k]) / deviations[k]; !(math.Abs(float64(c.Values[at*l.Width+k])-want) <= tolerance*max(1, math.Abs(want))) {
					t.Errorf("copy %d of %s, feature %d: got %v, want %v", pass, l.Manifest[i].ID, k, c.Values[at*l.Width+k], want)
				}
			}
		}
	}
	if flips == 0 || flips == 30 {
		t.Errorf("%d of 30 copies are flipped", flips)
	}
}

// standards are the mean and the standard deviation of each raw value over the training pictures.
func standards(t *testing.T, e Extraction, l *Lab) (means, deviations []float64) {
	t.Helper()
	inner, err := onnx.OpenInner(l.backend, e.Network, e.Values...)
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Finalize()
	raw, width, err := inner.Features(t.Context(), e.Pictures.GroundTruth(predictions.Train), dataset.PredictOptions{Batch: 8})
	if err != nil {
		t.Fatal(err)
	}
	for feature := range width {
		sum, squares, n := 0.0, 0.0, float64(len(raw)/width)
		for i := feature; i < len(raw); i += width {
			sum += float64(raw[i])
		}
		for i := feature; i < len(raw); i += width {
			squares += (float64(raw[i]) - sum/n) * (float64(raw[i]) - sum/n)
		}
		means, deviations = append(means, sum/n), append(deviations, math.Sqrt(squares/n))
	}
	return means, deviations
}

// Whoever names another network, other values, or asks for what cannot be, is told so.
func TestCopiesThatCannotBe(t *testing.T) {
	e, l := faces(t)
	flip := images.Augment{Flip: true}
	for want, o := range map[string]CopyOptions{
		"augment: got none":            {Pictures: 4, Each: 1},
		"augment.shift: got 2":         {Augment: images.Augment{Shift: 2}, Pictures: 4, Each: 1},
		"got 1 and 0, want at least 2": {Augment: flip, Pictures: 1},
		"got 28 training pictures":     {Augment: flip, Pictures: 400, Each: 1},
	} {
		if _, err := e.Copies(t.Context(), l, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q in it", err, want)
		}
	}
	o := CopyOptions{Augment: flip, Pictures: 4, Each: 1}
	other := e
	other.Values = []string{"/net/Clip_output_0"}
	if _, err := other.Copies(t.Context(), l, o); err == nil || !strings.Contains(err.Error(), "feature") {
		t.Errorf("other values: got error %v", err)
	}
	for i := range l.Teacher {
		l.Teacher[i] = 1 - l.Teacher[i]/2
	}
	if _, err := e.Copies(t.Context(), l, o); err == nil || !strings.Contains(err.Error(), "it is another network") {
		t.Errorf("another teacher: got error %v", err)
	}
}
