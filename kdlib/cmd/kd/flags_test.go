package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/resnet"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usual are the words of each command that flags are tried with, in the folder that flagFolder makes. Without a flag more they end as
// they should, or stop at something that is said.
var usual = map[string]string{
	"data fetch":         "--sha256 " + sumOfNothing + " --out nothing",
	"data check":         "twins",
	"data decode":        "twins --cache decoded --size 32",
	"data split":         "twins --out split.csv",
	"data synth":         "--n 2 --size 32 --out two",
	"weights fetch":      "resnet18-torchvision --dir nothing",
	"weights check":      "nothing",
	"weights export":     "--model net --out net.onnx",
	"export onnx":        "--model net --out net.onnx",
	"export safetensors": "--model net --out net.onnx",
	"export tensorboard": "study --out logs",
	"export mlflow":      "study --to http://127.0.0.1:1",
	"export hub":         "--model net --license mit --out other",
	"export page":        "--onnx bytes.onnx --runtime absent --out page.html",
	"train":              onTwins + " --dir run --network " + smallnet.Name + " --epochs 1 --batch 8",
	"predict":            onTwins + " --model run --out p.csv",
	"eval":               onTwins + " --model run --shift 0.4 --seed 3",
	"study":              "--show",
	"state":              "study",
	"tables":             "study",
	"figures":            "study",
	"report":             "study --out page.html",
	"bench":              "--steps 0",
	"bench compare":      "18/sideways/64/32 --out speed.csv", // which another kd refuses
	"explain":            "run " + onMaps,
	"labels":             "study",

	"bench growth": "--steps 0 --out speed.csv",

	"lab":          "three --study . --features nothing",
	"lab features": "--pictures twins --cache cache --study . --onnx inner.onnx --value /net/Add_output_0 --out x",
	"lab copies":   "--pictures twins --cache cache --study . --onnx inner.onnx --value /net/Add_output_0 --features nothing --out x",

	"hist":  "edges.csv",
	"score": "edges.csv",
}

const (
	onMaps       = "--pictures twins --manifest manifest.csv --cache cache --out maps"
	onTwins      = "--pictures twins --manifest manifest.csv --cache cache --size 32"
	sumOfNothing = "d41d8cd98f00b204e9800998ecf8427e" // MD5
)

// effects are a value of every flag of every command and what it leads to: text that an error has, or "" for another output or other
// files than without the flag. A flag that is new needs a line here; those that have no effect beside others stand in idle.
var effects = map[string]map[string]string{
	"data fetch": {
		"--url ftp://x":   "ftp",
		"--sha256 x":      `checksum "x"`,
		"--out edges.csv": "edges.csv",
	},
	"data check":  {"--layout folders": "folders"},
	"data decode": {"--size 31": "", "--cache edges.csv": "edges.csv", "--layout folders": "folders"},
	"data split": {
		"--n 12": "", "--seed 7": "", "--out edges.csv": "edges.csv", "--group-duplicates": "", "--layout folders": "folders",
		"--without edges.csv": "want at least 1 of each", // it names so many of the twins that too few are left
	},
	"data synth":     {"--n 3": "", "--size 33": "", "--seed 2": "", "--out other": "", "--classes a,b": ""},
	"weights fetch":  {"--dir edges.csv": "edges.csv"},
	"weights check":  {"--network x": `got "x"`},
	"weights export": {"--model run": smallnet.Name, "--format x": `got "x"`, "--out x": ""},
	"export onnx":    {"--model run": smallnet.Name, "--onnx bytes.onnx": "model onnx", "--out x": "", "--numbers int8": "", "--numbers x": `got "x"`},
	"export hub":     {"--model run": smallnet.Name, "--name x": "", "--license x": "", "--dataset x": "", "--out edges.csv": "edges.csv"},
	"export page": {
		"--model absent": "absent holds no training run", "--onnx nothing": "nothing", "--onnx-layout x": `"x"`, "--onnx-values x": `"x"`, "--onnx-output x": `"x"`,
		"--numbers x": `got "x"`, "--samples nowhere": "nowhere", "--runtime edges.csv": "edges.csv", "--out edges.csv/x": "edges.csv",
	},
	"export safetensors": {"--model run": smallnet.Name, "--out edges.csv/x": "edges.csv"},
	"export tensorboard": {"--out edges.csv/x": "edges.csv"},
	"export mlflow":      {"--to x://y": "x://y", "--experiment z": "=z"},
	"train": {
		"--pictures absent": "absent", "--manifest edges.csv": "edges.csv", "--cache edges.csv": "edges.csv", "--size 40": "40 x 40",
		"--subset 12": "--subset 12", "--split-seed 2": "--split-seed 2", "--group-duplicates=false": "--group-duplicates false", "--layout folders": "folders",
		"--dir edges.csv/x": "edges.csv", "--config absent": "absent", "--predictions absent": "absent", "--any-teacher": "--any-teacher",
		"--rule x": `"x"`, "--rule-option x=1": "--rule-option", "--loss x": "--loss", "--temperature 2": "--temperature", "--alpha 0.5": "--alpha",
		"--onnx absent": "absent", "--onnx-layout nhwc": "--onnx-layout", "--onnx-values 0..1": "--onnx-values", "--features x": "--features", "--trained head": "--trained",
		"--convolutions x": `"x"`, "--network x": `"x"`, "--weights absent": "absent", "--dropout 2": "got 2, want a number from 0 to below 1", "--optimizer x": `"x"`,
		"--learning-rate 0": "got 0, want a finite number above 0", "--decay -1": "got -1, want a finite number", "--flip=false": "another recipe", "--shift 2": "got 2, want a number from 0 to 1",
		"--epochs 0": "got 0, want from 1 to", "--batch 1": "got 1, want from 2 to", "--devices 3": "3", "--tensorboard edges.csv": "edges.csv", "--seed 2": "another recipe",
	},
	"predict": asking(map[string]string{"--split x": `"x"`, "--out edges.csv/p.csv": "edges.csv"}),
	"eval":    asking(map[string]string{"--split train": "", "--flip": "", "--shift 0": "", "--repetitions 2": "", "--seed 2": ""}),
	"explain": {
		"--pictures absent": "absent", "--manifest absent": "absent", "--cache edges.csv": "edges.csv", "--layout folders": "folders", "--out edges.csv": "edges.csv",
		"--split x": `"x"`, "--id cat.0": "", "--first 1": "", "--draw 1": "", "--side 32": "", "--random": "", "--faces-seed 1": "",
		"--method x": "got x", "--stage x": `got "x"`, "--onnx-stage x": "--onnx-stage", "--window 0.5 --method occlusion": "", "--stride 2": "got 2",
		"--onnx-layout nhwc": "--onnx-layout", "--onnx-values 0..1": "--onnx-values", "--onnx-output logit": "--onnx-output",
	},
	"study": {
		"--config absent": "absent", "--preset demo": "", "--show=false": "--pictures is missing", "--plan": "show plan", "--layout names": "",
		"--pictures x": "--pictures", "--dir x": "--dir", "--cache x": "--cache", "--only x": "--only", "--tensorboard x": "--tensorboard", "--sweep temperature=2": "", "--any-teacher": "--any-teacher",
		"--teacher x": `got "x"`, "--onnx-layout nhwc": "--onnx-layout", "--onnx-values 0..1": "--onnx-values", "--onnx-output logit": "--onnx-output",
	},
	"state":   {"--figure figures.svg": "", "--figure edges.csv": ".svg or .png"},
	"tables":  {"--out tables": ""},
	"figures": {"--out figures": ""},
	"report": {
		"--out other.html": "", "--split train": "", "--pictures edges.csv": "--pass-on", "--pass-on --pictures edges.csv": "manifest.csv",
		"--cache x --pictures twins": "manifest.csv",
	},
	"labels": {"--split train": "train set", "--models x": `"x"`, "--out x": "", "--without absent": "absent"},
	"bench": {
		"--network x": `"x"`, "--batch 0": "got 0, want from 1 to", "--size 2": "size 2", "--mode x": `"x"`, "--steps -1": "got -1, want from 0 to", "--devices 0": "0", "--case x": `"x"`,
		"--convolutions x": "x",
	},
	"bench compare": {"--peer=": "got none", "--peer-versions x": "--peer-versions", "--out edges.csv": "edges.csv", "--repeat 0": "", "--steps 3": "--steps 3", "--convolutions plain": "--convolutions plain"},
	"bench growth":  {"--out edges.csv": "edges.csv", "--repeat 0": "", "--steps -1": "got -1, want from 0 to"},
	"lab": {
		"--features absent": "absent", "--study absent": "absent", "--dir edges.csv": "edges.csv is a file", "--seeds 1": "got 1, want from 2 to", "--first-seed x": "first-seed",
		"--epochs 0": "got 0, want from 1 to", "--looks 0": "got 0, want from 1 to", "--copies x": "has no effect",
	},
	"lab features": {
		"--onnx absent": "absent", "--onnx-layout nhwc": "nhwc", "--onnx-values 0..1": "", "--size 31": "31", "--value /net/Clip_output_0": "", "--pictures absent": "absent",
		"--cache edges.csv": "edges.csv", "--study x": "x/manifest.csv", "--out edges.csv/x": "edges.csv", "--batch 0": "got 0, want from 1 to",
	},
	"lab copies": {
		"--onnx absent": "absent", "--onnx-layout nhwc": "nhwc", "--onnx-values x": `"x"`, "--size 31": "31", "--value x": "none of its 8 nodes", "--pictures absent": "absent",
		"--cache edges.csv": "edges.csv", "--study x": "x/manifest.csv", "--features absent": "absent", "--out edges.csv/x": "edges.csv", "--batch 0": "got 0, want from 1 to",
		"--n 1": "got 1, want from 2 to", "--each 0": "got 0, want from 1 to", "--shift 2": "got 2, want a number from 0 to 1", "--shift 0 --flip=false": "a flip or a shift",
		"--flip=false --shift 0": "a flip or a shift", "--seed x": "seed",
	},
	"hist": {"--bin-width 0.1": "", "--split train": "train"},
	"score": {
		"--threshold 0.4": "", "--split train": "train", "--all": "", "--mirrored": "p_mirrored", "--cost-fp 2": "", "--cost-fn 2": "", "--prior 0.1": "",
		"--validation other.csv --cost-fp 2": "", "--recalibrate isotonic --validation other.csv": "", "--withhold 0.3,0.6": "",
	},
}

// asking adds what all commands take that ask a network.
func asking(own map[string]string) map[string]string {
	for flag, want := range map[string]string{
		"--pictures absent": "absent", "--manifest edges.csv": "edges.csv", "--cache edges.csv": "edges.csv", "--size 31": "",
		"--subset 12": "--subset 12", "--split-seed 2": "--split-seed 2", "--group-duplicates=false": "--group-duplicates false", "--layout folders": "folders",
		"--model absent": "absent", "--answer x": "--answer", "--onnx absent": "model onnx",
		"--onnx-layout nhwc": "--onnx-layout", "--onnx-values 0..1": "--onnx-values", "--onnx-output logit": "--onnx-output",
	} {
		own[flag] = want
	}
	return own
}

// flagFolder makes the working directory of these tests: pictures of which five are the same, their split, a trained network, its
// teacher's predictions, a study.
func flagFolder(t *testing.T) {
	backend := xlatest.Backend(t)
	t.Setenv(kdEnv, "1")
	source := must(filepath.Abs("testdata"))
	t.Chdir(t.TempDir())
	copyFile(t, filepath.Join(source, "edges.csv"), "edges.csv")
	copyFile(t, filepath.Join(source, "..", "..", "..", "network", "onnx", "testdata", "bytes_logit.onnx"), "bytes.onnx")
	copyFile(t, filepath.Join(source, "..", "..", "..", "network", "onnx", "testdata", "bytes_logit.onnx"), "inner.onnx")
	if err := os.CopyFS("study", os.DirFS(filepath.Join(source, "..", "..", "..", "study", "analysis", "testdata", "run"))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"nothing": "", "other.csv": "p,label\n0.2,0\n0.4,1\n0.3,0\n0.7,1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range []string{"data synth --n 24 --size 32 --out twins", "train " + usual["train"]} {
		if _, err := kd(strings.Fields(args)...); err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(args, "data") {
			for i := 1; i < 5; i++ {
				copyFile(t, "twins/cat.0.jpg", fmt.Sprintf("twins/cat.%d.jpg", i))
			}
		}
	}
	var rows predictions.Table
	for _, e := range must(images.ReadManifest("manifest.csv")) {
		rows = append(rows, predictions.Row{ID: e.ID, Split: e.Split, Label: float64(e.Label), P: float64(e.Label)})
	}
	for _, folder := range []string{"teacher", "net"} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	narrow := recipe.Training{Network: string(resnet.ResNet18Narrow)}
	writeInitial(t, backend, narrow, 1, filepath.Join("net", train.BestFile))
	if err := recipe.WriteJSON(filepath.Join("net", train.ConfigFile), narrow); err != nil {
		t.Fatal(err)
	}
	for _, split := range []predictions.Split{predictions.Train, predictions.Validation} {
		of := slices.DeleteFunc(slices.Clone(rows), func(r predictions.Row) bool { return r.Split != split })
		if err := predictions.Write(filepath.Join("teacher", string(split)+".csv"), of); err != nil {
			t.Fatal(err)
		}
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	if err := os.WriteFile(to, must(os.ReadFile(from)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// outcome is what a command prints, and which files there are then.
func outcome(t *testing.T, args []string) (printed string, err error) {
	t.Helper()
	out, err := kd(args...)
	for _, made := range []string{"split.csv", "two", "other", "p.csv", "page.html", "other.html", "tables", "figures", "study/figures", "net.onnx", "x", "speed.csv", "maps", "figures.svg"} {
		_ = filepath.WalkDir(made, func(path string, entry os.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				out += path + string(must(os.ReadFile(path)))
			}
			return nil
		})
		os.RemoveAll(made)
	}
	return out, err
}

func TestFlags(t *testing.T) {
	flagFolder(t)
	t.Run("effects", everyFlagHasAnEffect)
	t.Run("idle", idleFlagsAreRefused)
	t.Run("explain", explainWritesWhatItMeasures)
}

// Every flag of every command does something: it changes what is printed or written, or is looked at and refused.
func everyFlagHasAnEffect(t *testing.T) {
	for _, c := range commandsOf(t) {
		if !c.LocalFlags().HasFlags() {
			continue
		}
		name := strings.TrimPrefix(c.CommandPath(), "kd ")
		tried := map[string]bool{}
		base := append(strings.Fields(name), strings.Fields(usual[name])...)
		without, errWithout := outcome(t, base)
		for flag, want := range effects[name] {
			label, _, _ := strings.Cut(strings.TrimPrefix(strings.Fields(flag)[0], "--"), "=")
			tried[label] = true
			got, err := outcome(t, append(slices.Clone(base), strings.Fields(flag)...))
			switch {
			case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
				t.Errorf("kd %s %s: got error %v, want one with %q", name, flag, err, want)
			case want == "" && got == without && fmt.Sprint(err) == fmt.Sprint(errWithout):
				t.Errorf("kd %s %s: got %.200q, %v as without the flag", name, flag, got, err)
			}
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if !tried[f.Name] && f.Name != "help" && f.Name != "version" {
				t.Errorf("kd %s: its flag --%s is not among those tried", name, f.Name)
			}
		})
	}
}

// commandsOf are all of kd's own commands.
func commandsOf(t *testing.T) (all []*cobra.Command) {
	t.Helper()
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			all = append(all, sub)
			walk(sub)
		}
	}
	walk(newRoot())
	if len(all) < 20 {
		t.Fatalf("got %d commands", len(all))
	}
	return all
}

// idle are commands with a flag at their end that has no effect there, since the words before it leave it nothing to do.
var idle = []string{
	"data split sets --out split.csv --group-duplicates",
	"train " + onTwins + " --dir run --temperature 2",
	"train " + onTwins + " --dir run --alpha 0.5",
	"train " + onTwins + " --dir run --rule-option smoothing=0.1",
	"train " + onTwins + " --dir run --any-teacher",
	"train " + onTwins + " --dir run --predictions teacher --rule hard --temperature 2",
	"train " + onTwins + " --dir run --predictions teacher --rule hard --alpha 0.5",
	"train " + onTwins + " --dir run --rule smoothed --rule-option smoothing=0.1 --alpha 0.5",
	"train " + onTwins + " --dir run --rule smoothed --rule-option smoothing=0.1 --predictions teacher",
	"train " + onTwins + " --dir run --rule smoothed --rule-option smoothing=0.1 --any-teacher",
	"train " + onTwins + " --dir run --predictions teacher --rule-option temperature=2 --temperature 3",
	"train " + onTwins + " --dir run --predictions teacher --loss hinton --rule soft",
	"train " + onTwins + " --dir run --predictions teacher --loss hinton --rule-option alpha=0.5",
	"train " + onTwins + " --dir run --subset 12",
	"train " + onTwins + " --dir run --split-seed 2",
	"train " + onTwins + " --dir run --group-duplicates=false",
	"train --pictures sets --manifest sets.csv --cache cache --size 32 --dir sets-run --group-duplicates",
	"train --pictures both --manifest both.csv --cache cache --size 32 --dir both-run --layout folders",
	"predict " + onTwins + " --model run --out p.csv --split-seed 2",
	"predict " + onTwins + " --model run --out p.csv --onnx-layout nhwc",
	"predict " + onTwins + " --model run --out p.csv --onnx-values 0..1",
	"predict " + onTwins + " --model run --out p.csv --onnx-output logit",
	"predict " + onTwins + " --onnx nothing --out p.csv --model run",
	"predict --pictures twins --model run --split test",
	"predict --pictures twins --model run --subset 12",
	"predict --pictures twins --model run --split-seed 2",
	"predict --pictures twins --model run --group-duplicates",
	"eval " + onTwins + " --model run --subset 12",
	"eval " + onTwins + " --model run --seed 2",
	"eval " + onTwins + " --model run --repetitions 2",
	"eval " + onTwins + " --model run --flip=false --seed 2",
	"export onnx --onnx bytes.onnx --out net.onnx --numbers float32",
	"export page --model net --out page.html --onnx-layout nhwc",
	"export page --model net --out page.html --onnx-values 0..1",
	"export page --model net --out page.html --onnx-output logit",
	"explain run " + onMaps + " --window 0.5",
	"explain run " + onMaps + " --stride 0.5",
	"explain run " + onMaps + " --method occlusion --stage x",
	"explain run " + onMaps + " --onnx-output logit",
	"explain run " + onMaps + " --id cat.0 --draw 2",
	"explain run " + onMaps + " --id cat.0 --first 2",
	"explain run " + onMaps + " --id cat.0 --faces-seed 2",
	"explain run --pictures twins --out maps --split test",
	"explain run --pictures twins --out maps --draw 2",
	"explain run --pictures twins --out maps --faces-seed 2",
	"explain net.onnx " + onMaps + " --stage x",
	"explain net.onnx " + onMaps + " --random",
	"study --config study/study.json --preset demo",
	"study --show --pictures twins",
	"study --show --dir x",
	"study --plan --dir x",
	"study --plan --only hard",
	"study --show --cache x",
	"study --show --tensorboard x",
	"study --show --preset full --any-teacher",
	"study --pictures twins --any-teacher",
	"study --show --preset demo --teacher x.csv",
	"study --show --pictures twins --teacher x.csv --onnx-values 0..1",
	"study --show --pictures twins --teacher x.csv --dir x",
	"lab --seeds 3",
	"lab --looks 2",
	"lab --copies x",
	"lab three --copies x",
	"labels study --without edges.csv --split test",
	"labels study --without edges.csv --out x",
	"report study --out page.html --cache x",
	"report study --out page.html --pass-on",
	"bench --case conv3x3_8/forward/8/1 --network resnet18",
	"bench --case conv3x3_8/forward/8/1 --mode train",
	"bench --case conv3x3_8/forward/8/1 --size 8",
	"bench --case conv3x3_8/forward/8/1 --batch 1",
	"bench --case conv3x3_8/train/8/1 --devices 2",
	"bench --mode forward --devices 2",
	"bench compare --out speed.csv --peer-versions 1",
	"hist p-alone.csv --split test",
	"score labelled.csv --split test",
	"score labelled.csv --validation other.csv",
	"score labelled.csv --recalibrate isotonic",
	"score labelled.csv --cost-fp 2 --validation other.csv --threshold 0.4",
}

// A flag that does nothing is refused as wrong usage, by its name, and nothing is written.
func idleFlagsAreRefused(t *testing.T) {
	for name, text := range map[string]string{"p-alone.csv": "p\n0.5\n", "labelled.csv": "p,label\n0.5,1\n"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	drawSets(t)
	for _, words := range idle {
		args := strings.Fields(words)
		flag, _, _ := strings.Cut(args[len(args)-1], "=")
		if !strings.HasPrefix(flag, "--") {
			flag = args[len(args)-2]
		}
		out, err := outcome(t, args)
		if status(err) != exitUsage || !strings.Contains(err.Error(), strings.TrimPrefix(flag, "--")) || out != "" {
			t.Errorf("kd %s: printed %q, error %v with the status %d, want one of usage with %s", words, out, err, status(err), flag)
		}
	}
}

// drawSets makes pictures that are split already, and pictures of which names and folders say different things, with a manifest by their
// names.
func drawSets(t *testing.T) {
	t.Helper()
	for i, set := range []string{"train", "val", "test"} {
		for _, class := range []string{"Cat", "Dog"} {
			folder := filepath.Join("sets", set, class)
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			for k := range 2 {
				copyFile(t, fmt.Sprintf("twins/%s.%d.jpg", strings.ToLower(class), 6+2*i+k), filepath.Join(folder, fmt.Sprintf("%d.jpg", k)))
			}
		}
	}
	for _, folder := range []string{"a", "b"} {
		if err := os.MkdirAll(filepath.Join("both", folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 12 {
		for k, class := range []string{"cat", "dog"} {
			name := fmt.Sprintf("%s.%d.jpg", class, i)
			copyFile(t, filepath.Join("twins", name), filepath.Join("both", []string{"a", "b"}[(i+k)%2], name))
		}
	}
	if _, err := kd("data", "split", "both", "--layout", "names", "--out", "both.csv"); err != nil {
		t.Fatal(err)
	}
}
