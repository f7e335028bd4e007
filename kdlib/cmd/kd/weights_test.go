package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/internal/testweights"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"
)

// finished makes the folder of a run of ResNet-18 whose weights are all zero.
func finished(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := recipe.WriteJSON(filepath.Join(dir, train.ConfigFile), recipe.Demo.Student); err != nil {
		t.Fatal(err)
	}
	testweights.Zero(t, resnet.ResNet18, filepath.Join(dir, train.BestFile))
	return dir
}

// The paper's teacher starts from the file that the command fetches for its network.
func TestPaperStartsFromWhatIsFetched(t *testing.T) {
	p, err := convert.FindPublic("resnet50-keras")
	if err != nil {
		t.Fatal(err)
	}
	dir := weightsFetchCommand().Flag("dir").DefValue
	if teacher := recipe.Paper.Teacher; teacher.Weights != p.Path(dir) || teacher.Network != string(p.Network) {
		t.Errorf("got %s from %s, want %s from %s", teacher.Network, teacher.Weights, p.Network, p.Path(dir))
	}
}

func TestWeights(t *testing.T) {
	dir := finished(t)
	out := filepath.Join(dir, "student.safetensors")
	if got, err := kd("weights", "export", "--model", dir, "--format", "safetensors", "--out", out); err != nil || got != out+": resnet18 as safetensors\n" {
		t.Errorf("export: got %q, %v", got, err)
	}
	// torchvision's resnet18 has 11,176,512 numbers without its head, and 9,600 moving statistics; the head has 513.
	want := out + ": torchvision's names, safetensors; 102 tensors, 11186625 numbers fit resnet18, with its head of one output\n"
	if got, err := kd("weights", "check", "--network", "resnet18", out); err != nil || got != want {
		t.Errorf("check: got %q, %v, want %q", got, err, want)
	}
	again := filepath.Join(dir, "again")
	for format, old := range map[string]string{"safetensors": out, "onnx": filepath.Join(dir, "student.onnx")} {
		if _, err := kd("weights", "export", "--model", dir, "--format", format, "--out", old); err != nil {
			t.Error(err)
		}
		if got, err := kd("export", format, "--model", dir, "--out", again); err != nil || got != again+": resnet18 as "+format+"\n" {
			t.Errorf("export %s: got %q, %v", format, got, err)
		}
		if string(must(os.ReadFile(again))) != string(must(os.ReadFile(old))) {
			t.Errorf("export %s: got another file than weights export writes", format)
		}
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"check", out}, "resnet18"},
		{[]string{"check", "absent.h5"}, "absent.h5"},
		{[]string{"export", "--model", dir, "--format", "pth", "--out", out}, `got "pth"`},
		{[]string{"export", "--model", "absent", "--out", out}, "absent"},
		{[]string{"fetch", "vgg"}, `got weights "vgg"`},
	} {
		if got, err := kd(append([]string{"weights"}, test.args...)...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%q: printed %q, error %v, want one with %q", test.args, got, err, test.want)
		}
	}
}

// A network of a program's own is a Go function that kd does not have: it says so.
func TestOwnNetworksNeedTheirFunction(t *testing.T) {
	dir := t.TempDir()
	how := recipe.Demo.Student
	how.Network = "mine"
	if err := recipe.WriteJSON(filepath.Join(dir, train.ConfigFile), how); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{
		{"predict", "--model", dir, "--pictures", dir, "--manifest", "absent.csv", "--set", "test", "--out", filepath.Join(dir, "test.csv")},
		{"weights", "export", "--model", dir, "--out", filepath.Join(dir, "mine.onnx")},
	} {
		_, err := kd(command...)
		if err == nil || !strings.Contains(err.Error(), `got "mine"`) || !strings.Contains(err.Error(), "a Go function") {
			t.Errorf("%v: got error %v, want one that names the network and says what it needs", command[:2], err)
		}
	}
}
