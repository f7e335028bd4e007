package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/backend"
	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/optimizer/adam"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// bright is a set of pictures of 4x4 pixels: dogs are bright.
type bright struct{}

func (bright) Size() int { return 4 }

func (bright) Image(id string) ([]uint8, bool) {
	level := uint8(20 + len(id)) // so that pictures differ
	if strings.HasPrefix(id, "dog") {
		level += 200
	}
	return slices.Repeat([]uint8{level, level + 1, level + 2}, 16), true
}

func brightAndDark(n int) dataset.Data {
	data := dataset.Data{Pictures: bright{}}
	for i := range n {
		name := [...]string{"cat", "dog"}[i%2]
		data.Examples = append(data.Examples, dataset.Example{ID: name + strings.Repeat("'", i), Label: float32(i % 2)})
	}
	return data
}

// What GoMLX gets is what comes back.
func TestStreamAndCollect(t *testing.T) {
	data := brightAndDark(10)
	got, err := dataset.Collect(&dataset.Stream{Label: "pets", Data: data, Batch: 4}, 1, 10)
	if err != nil || len(got.Examples) != 10 || !slices.Equal(got.Labels(), data.Labels()) || got.Pictures.Size() != 4 {
		t.Fatalf("got %+v, %v, want %+v", got.Examples, err, data.Examples)
	}
	for i, e := range data.Examples {
		want, _ := data.Pictures.Image(e.ID)
		if pixels, ok := got.Pictures.Image(got.Examples[i].ID); !ok || !slices.Equal(pixels, want) {
			t.Errorf("picture %d: got %v, want %v", i, pixels, want)
		}
	}
	if _, ok := got.Pictures.Image("0"); ok {
		t.Error("a picture that there is not: found")
	}
}

// Epochs are shuffled, each in its own way, and repeat themselves; what fills no batch is left out.
func TestStreamShuffles(t *testing.T) {
	epochs := func() (all [2][]float32) {
		s := &dataset.Stream{Label: "pets", Data: brightAndDark(30), Batch: 4, Augmentation: dataset.Augmentation{Seed: 7}, Shuffle: true}
		for epoch := range all {
			for b, err := range s.Iter() {
				if err != nil {
					t.Fatal(err)
				}
				all[epoch] = append(all[epoch], tensors.MustCopyFlatData[float32](b.Inputs[0])[0])
			}
		}
		return all
	}
	first, again := epochs(), epochs()
	if len(first[0]) != 7 || slices.Equal(first[0], first[1]) {
		t.Errorf("got epochs %v, want 7 batches each, in two orders", first)
	}
	if !slices.Equal(first[0], again[0]) || !slices.Equal(first[1], again[1]) {
		t.Errorf("got epochs %v, then %v, want the same", first, again)
	}
}

func TestCollectRefuses(t *testing.T) {
	stream := func(batch int) *dataset.Stream {
		return &dataset.Stream{Label: "pets", Data: brightAndDark(10), Batch: batch}
	}
	for want, c := range map[string]struct {
		from    *dataset.Stream
		whitest float64
		most    int
	}{
		"pets: got more than 9 pictures":                    {stream(4), 1, 9},
		"after 0 pictures: got a pixel of 0.0":              {stream(4), 0.01, 10},
		"pets: got batches of 0, want from 1 to the number": {stream(0), 1, 10},
	} {
		if _, err := dataset.Collect(c.from, c.whitest, c.most); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
}

// GoMLX's own Trainer learns from the pictures by this library's Adam.
func TestGoMLXTrainer(t *testing.T) {
	b := xlatest.Backend(t)
	data := &dataset.Stream{Label: "pets", Data: brightAndDark(16), Batch: 8, Shuffle: true}
	trainer := train.NewTrainer(b, model.NewStore(), logits, loss.BinaryCrossentropyLogits, adam.Keras{LearningRate: 0.1}, nil, nil)
	loop := train.NewLoop(trainer)
	first, err := loop.RunEpochs(data, 1)
	if err != nil {
		t.Fatal(err)
	}
	last, err := loop.RunEpochs(data, 60)
	if err != nil {
		t.Fatal(err)
	}
	before, after := tensors.ToScalar[float32](first[0]), tensors.ToScalar[float32](last[0])
	if !(after < before/2) {
		t.Errorf("loss after 1 and 61 epochs: got %v and %v, want less than half", before, after)
	}
}

// logits is a model of GoMLX: one dense layer on the mean colour.
func logits(scope *model.Scope, x *Node) *Node {
	return layers.Dense(scope, ReduceMean(x, 1, 2), true, 1)
}

// GoMLX's Trainer trains a network of this library on its pictures, by its Adam.
func ExampleStream() {
	b, err := backend.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	student, err := network.Named("resnet18")
	if err != nil {
		fmt.Println(err)
		return
	}
	pictures := &dataset.Stream{Label: "train", Data: brightAndDark(64), Batch: 32, Shuffle: true} // any dataset.Data
	logits := func(scope *model.Scope, x *Node) *Node { return student.Logits(scope, x, 0.2) }
	trainer := train.NewTrainer(b, model.NewStore(), logits, loss.BinaryCrossentropyLogits, adam.Keras{LearningRate: 1e-3}, nil, nil)
	if _, err := train.NewLoop(trainer).RunEpochs(pictures, 3); err != nil {
		fmt.Println(err)
	}
}
