package train

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/images"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/conv"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/model"
)

// heard is the form that the network "listening" was last built with.
var heard conv.Form

var _ = network.Register("listening", func(scope *model.Scope, x *Node, dropout float64) *Node {
	heard = model.GetParamOr(scope, architecture.ParamForm, conv.Auto)
	return layers.Dense(scope, ReduceMean(x, 1, 2), true, 1)
})

type blank struct{}

func (blank) Size() int                    { return 32 }
func (blank) Image(string) ([]uint8, bool) { return make([]uint8, 32*32*3), true }

// The forms that a recipe asks for are those that run, and the run's config names them; fast ones stay unnamed, as they were
// before there was a choice.
func TestFormsOfConvolutions(t *testing.T) {
	data := dataset.Data{Pictures: blank{}, Examples: []dataset.Example{{ID: "a"}, {ID: "b", Label: 1}}}
	for asked, want := range map[string]conv.Form{"": conv.Auto, recipe.FastConvolutions: conv.Auto, recipe.WinogradConvolutions: conv.Winograd, recipe.PlainConvolutions: conv.Plain} {
		r := Run{Dir: t.TempDir(), Train: data, Validation: data, Recipe: recipe.Training{Network: "listening", Epochs: 1, Batch: 2, Convolutions: asked,
			Optimizer: recipe.Optimizer{Variant: recipe.KerasAdam, LearningRate: 1e-3}, Augment: images.Augment{}}}
		for range 2 { // the second time there is nothing to do
			if _, err := r.Fit(context.Background(), xlatest.Backend(t)); err != nil {
				t.Fatal(err)
			}
		}
		if heard != want {
			t.Errorf("%q: got the form %q, want %q", asked, heard, want)
		}
		text, err := os.ReadFile(filepath.Join(r.Dir, ConfigFile))
		named := strings.Contains(string(text), `"convolutions": `+strconv.Quote(asked))
		if err != nil || named != (want != conv.Auto) || strings.Contains(string(text), "fast") {
			t.Errorf("%q: got config %s, %v", asked, text, err)
		}
		heard = "none"
		m, err := Best(xlatest.Backend(t), r.Dir)
		if err != nil || heard != want {
			t.Fatalf("%q: predicts in the form %q, %v, want %q", asked, heard, err, want)
		}
		m.Finalize()
	}
}

// card is a backend that is no CPU.
type card struct{ compute.Backend }

func (card) IsCPU() bool { return false }

func TestFormsElsewhere(t *testing.T) {
	for asked, want := range map[string]string{"": recipe.PlainConvolutions, recipe.FastConvolutions: "", recipe.WinogradConvolutions: recipe.WinogradConvolutions} {
		if got := resolved(card{}, recipe.Training{Convolutions: asked}).Convolutions; got != want {
			t.Errorf("%q on a graphics card: got %q, want %q", asked, got, want)
		}
	}
}
