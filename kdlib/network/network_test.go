package network_test

import (
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/network"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

func nothing(_ *model.Scope, x *Node, _ float64) *Node { return x }

func TestNamed(t *testing.T) {
	mine := network.Register("mine", nothing)
	for name, want := range map[string]network.Network{"resnet18": resnet.ResNet18, "mine": mine} {
		got, err := network.Named(name)
		if err != nil || got.String() != want.String() || network.Own(got) != (name == "mine") {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	_, err := network.Named("vgg")
	if want := `got "vgg", want one of ` + strings.Join(network.Names(), ", "); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q", err, want)
	}
}

func TestRegisterRefuses(t *testing.T) {
	for _, name := range []string{"", "resnet18"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q: registered, want a panic", name)
				}
			}()
			network.Register(name, nothing)
		}()
	}
}

// Recipes name networks that there are.
func TestPresets(t *testing.T) {
	for _, s := range recipe.Presets() {
		for _, how := range []recipe.Training{s.Teacher, s.Student, s.Generation(1)} {
			ofFile := how.Network == recipe.ONNXNetwork // which package train builds of a file
			if how.Network != "" && !ofFile && !slices.Contains(network.Names(), how.Network) {
				t.Errorf("preset %s: got network %q, want one of %q", s.Name, how.Network, network.Names())
			}
		}
	}
}
