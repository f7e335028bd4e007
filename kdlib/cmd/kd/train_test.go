package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/paper"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"

	"github.com/spf13/pflag"
)

// A flag that is given counts more than the file, the file more than a flag's default.
func TestConfigAndFlags(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.json")
	want := recipe.Full.Chain
	if err := recipe.WriteJSON(file, want); err != nil {
		t.Fatal(err)
	}
	for args, change := range map[string]func(*recipe.Training){
		"":                     func(*recipe.Training) {},
		"--epochs 1 --seed 77": func(t *recipe.Training) { t.Epochs, t.Seed = 1, 77 },
	} {
		var got recipe.Training
		flags := pflag.NewFlagSet("train", pflag.ContinueOnError)
		flags.IntVar(&got.Epochs, "epochs", 5, "")
		flags.Uint64Var(&got.Seed, "seed", 6, "")
		if err := flags.Parse(strings.Fields(args)); err != nil {
			t.Fatal(err)
		}
		if err := configure(flags, file, &got); err != nil {
			t.Fatal(err)
		}
		changed := want
		if change(&changed); !got.Equal(changed) {
			t.Errorf("%q: got %+v, want %+v", args, got, changed)
		}
	}
	if _, err := kd("train", "--config", "absent.json", "--dir", "x", "--pictures", "x", "--manifest", "x"); err == nil || !strings.Contains(err.Error(), "absent.json") {
		t.Errorf("no such file: got error %v", err)
	}
}

// The literal optimizer's k1 and k2 are those of the file, 10 and 1000 as in the paper where nothing names either.
func TestLiteralKeepsItsNumbers(t *testing.T) {
	for _, test := range []struct {
		file *recipe.Optimizer // nil: no file
		args string
		want [2]int
	}{
		{nil, "", [2]int{0, 0}},
		{nil, "--optimizer literal", [2]int{10, 1000}},
		{&recipe.Optimizer{Variant: recipe.LiteralAdam, K1: 5, K2: 70}, "", [2]int{5, 70}},
		{&recipe.Optimizer{Variant: recipe.LiteralAdam, K1: 5}, "", [2]int{5, 0}}, // as "kd study" reads it
		{&recipe.Optimizer{Variant: recipe.LiteralAdam}, "", [2]int{10, 1000}},
		{&recipe.Optimizer{Variant: recipe.KerasAdam}, "", [2]int{0, 0}},
		{&recipe.Optimizer{Variant: recipe.KerasAdam}, "--optimizer literal", [2]int{10, 1000}},
	} {
		file, got := "", recipe.Reduced.Student
		if test.file != nil {
			file = filepath.Join(t.TempDir(), "config.json")
			if err := recipe.WriteJSON(file, recipe.Training{Optimizer: *test.file}); err != nil {
				t.Fatal(err)
			}
		}
		flags := pflag.NewFlagSet("train", pflag.ContinueOnError)
		flags.StringVar(&got.Optimizer.Variant, "optimizer", got.Optimizer.Variant, "")
		if err := flags.Parse(strings.Fields(test.args)); err != nil {
			t.Fatal(err)
		}
		if err := configure(flags, file, &got); err != nil {
			t.Fatal(err)
		}
		if k := [2]int{got.Optimizer.K1, got.Optimizer.K2}; k != test.want {
			t.Errorf("file %+v, flags %q: got k1, k2 = %v, want %v", test.file, test.args, k, test.want)
		}
	}
}

// picturesEnv names the tar of the committed study's pictures, which are not in this repository.
const picturesEnv = "KDLIB_PICTURES"

// The classical student of the committed study, trained again from its config for one epoch, begins the same history: to the
// last digit on the kind of machine that made it. Elsewhere, and where that was not recorded, its 546 steps lead to other
// digits.
func TestFirstEpochComesOutAgain(t *testing.T) {
	pictures := os.Getenv(picturesEnv)
	if pictures == "" {
		t.Skip("trains an epoch on all pictures: set " + picturesEnv + " to their tar to run it")
	}
	xlatest.Backend(t) // or skip
	committed := filepath.Join("..", "..", "..", defaultRun)
	run, err := folder.Open(committed)
	if err != nil {
		t.Fatal(err)
	}
	want, err := run.History(paper.Classical)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	split, err := os.ReadFile(filepath.Join(committed, folder.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	manifest, again := filepath.Join(dir, "manifest.csv"), filepath.Join(dir, "again") // the command notes the pixels beside the manifest
	if err := os.WriteFile(manifest, split, 0o644); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log.txt")
	if err := command(t, log, "train", "--config", filepath.Join(committed, paper.Classical, train.ConfigFile), "--epochs", "1",
		"--pictures", pictures, "--manifest", manifest, "--cache", dir, "--dir", again).Run(); err != nil {
		text, _ := os.ReadFile(log)
		t.Fatalf("%v\n%s", err, text)
	}
	got, err := history.Read(filepath.Join(again, history.File))
	if err != nil || len(got) != 1 {
		t.Fatalf("got %d epochs, %v, want one", len(got), err)
	}
	got[0].Seconds = want[0].Seconds
	sessions, err := run.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	if madeHere(sessions) {
		if got[0] != want[0] {
			t.Errorf("epoch 1: got %+v, want %+v", got[0], want[0])
		}
		return
	}
	t.Logf("not made on this kind of machine, or not known to be: %+v after %+v", got[0], want[0])
	const trained, validated = 0.01, 0.05 // of the losses; kept to AVX2, they were 0.0016 and 0.0072 off
	if math.Abs(got[0].TrainLoss-want[0].TrainLoss) > trained || math.Abs(got[0].ValidationLoss-want[0].ValidationLoss) > validated {
		t.Errorf("epoch 1: got %+v, want about %+v", got[0], want[0])
	}
}

// madeHere tells whether all sessions ran on this kind of machine, and recorded enough to know.
func madeHere(sessions []folder.Session) bool {
	machine, software := study.Environment()
	here := folder.Session{Machine: machine, Software: software}
	return !slices.ContainsFunc(sessions, func(s folder.Session) bool { return s.Machine.ISA == "" || !s.SameKind(here) })
}
