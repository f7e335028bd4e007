package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/backend/programs"
	"distillation/kdlib/images"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/study/folder"
)

// smallDemo is the demo without chains, with networks that compile in a second.
func smallDemo() recipe.Study {
	s := recipe.Demo
	s.Generations = 0
	s.Teacher.Network, s.Student.Network = smallnet.Name, smallnet.Name
	s.Teacher.Batch, s.Student.Batch = 8, 8
	return s
}

// kd runs the program in this process and returns what it printed. What bench sets for its own process, that nothing compiled is kept, does
// not hold for later tests and the processes that they start.
func kd(args ...string) (stdout string, err error) {
	defer os.Setenv(programs.Variable, os.Getenv(programs.Variable))
	var out, news bytes.Buffer
	err = run(context.Background(), &out, &news, args)
	return out.String(), err
}

// Values that lie on bin edges belong to the bin that begins there; 1 belongs to the last one. The counts
// are read off testdata/edges.csv by hand.
func TestHistOnEdges(t *testing.T) {
	got, err := kd("hist", "--bin-width", "0.05", filepath.Join("testdata", "edges.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"0,0.05": 1, "0.05,0.1": 1, "0.15,0.2": 1, "0.3,0.35": 1, "0.35,0.4": 1, "0.5,0.55": 1, "0.6,0.65": 1, "0.7,0.75": 1, "0.95,1": 2}
	lines := strings.Split(strings.TrimSpace(got), "\n")
	if len(lines) != 21 || lines[0] != "bin_low,bin_high,count,relative_frequency" {
		t.Fatalf("got %d lines, the first %q, want a header and 20 bins", len(lines), lines[0])
	}
	for _, line := range lines[1:] {
		cells := strings.Split(line, ",")
		count := want[cells[0]+","+cells[1]]
		if cells[2] != strconv.Itoa(count) || cells[3] != strconv.FormatFloat(float64(count)/10, 'f', -1, 64) {
			t.Errorf("got %q, want %d of 10", line, count)
		}
	}
}

// At the threshold 0.5: right are all but p = 0.6 of a cat (0.5 itself is a cat) and 0.05 of a dog: 8 of 10.
// At 0.95: right are the six cats and p = 1 of a dog (0.95 itself is a cat): 7 of 10.
func TestScoreOnThresholds(t *testing.T) {
	for threshold, want := range map[string]string{"0.5": "10,0.8,", "0.95": "10,0.7,"} {
		got, err := kd("score", "--threshold", threshold, filepath.Join("testdata", "edges.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got, "n,accuracy,loss,uncertainty\n"+want) {
			t.Errorf("threshold %s: got %q, want %s...", threshold, got, want)
		}
	}
}

func TestMalformedPredictions(t *testing.T) {
	const header = "id,set,label,p\n"
	tests := map[string]struct{ text, want string }{
		"p above 1":      {header + "cat.0,test,0,0.1\ncat.1,test,0,1.5\n", `line 3: p: got "1.5"`},
		"p NaN":          {header + "cat.0,test,0,NaN\n", `line 2: p: got "NaN"`},
		"missing column": {"id,set,label\ncat.0,test,0\n", `column "p" is missing`},
		"empty":          {"", "empty"},
		"no rows":        {header, "without rows"},
		"double id":      {header + "cat.0,test,0,0.1\ncat.0,test,0,0.2\n", "cat.0"},
	}
	for name, test := range tests {
		path := filepath.Join(t.TempDir(), "p.csv")
		if err := os.WriteFile(path, []byte(test.text), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"hist", "score"} {
			out, err := kd(command, path)
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), test.want) || out != "" {
				t.Errorf("%s of %s: printed %q, error %v, want an error with the path and %q", command, name, out, err, test.want)
			}
		}
	}
}

// A command needs the columns that it uses: hist p alone, score a label beside it, both a set where one is named.
func TestColumnsThatAreNeeded(t *testing.T) {
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "p.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, text := range []string{"p\n0.2\n0.9\n", "p;label\n0.2;cat\n0.9;dog\n"} {
		got, err := kd("hist", "--bin-width", "0.5", write(text))
		if want := "bin_low,bin_high,count,relative_frequency\n0,0.5,1,0.5\n0.5,1,1,0.5\n"; err != nil || got != want {
			t.Errorf("hist of %q: got %q, %v, want %q", text, got, err, want)
		}
	}
	got, err := kd("score", write("label,p\n0,0.2\n0,0.9\n"))
	if err != nil || !strings.HasPrefix(got, "n,accuracy,loss,uncertainty\n2,0.5,") {
		t.Errorf("score: got %q, %v", got, err)
	}
	for want, args := range map[string][]string{
		`column "label" is missing`:                     {"score", write("p\n0.2\n")},
		`--split: got test, but the file has no column`: {"hist", "--split", "test", write("p\n0.2\n")},
	} {
		if got, err := kd(args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %q, %v, want an error with %q", args, got, err, want)
		}
	}
}

// Every measure of a file, by hand: of dogs 0.9 and 0.4, of cats 0.6 and 0.1, three of four pairs are in order, each class has one
// right answer of two; above 0.25 lie both dogs and one cat.
func TestScoreAll(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "p.csv")
	if err := os.WriteFile(file, []byte("label,p\n1,0.9\n1,0.4\n0,0.6\n0,0.1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "classes.json"), []byte(`["ham","spam"]`), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := kd("score", "--all", file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"measure,value,threshold\n", "\nn,4,\n", "\naccuracy (12),0.5,0.5\n", "\nbalanced accuracy,0.5,0.5\n", "\nn of ham,2,\n",
		"\nrecall of spam,0.5,0.5\n", "\narea below ROC,0.75,\n", "\nbest accuracy,0.75,0.25\n", "\nbest Youden's J,0.5,0.25\n"} {
		if !strings.Contains("\n"+got, want) {
			t.Errorf("got\n%s, want %q in it", got, want)
		}
	}
	if err := os.WriteFile(file, []byte("label,p\n1,0.9\n1,0.4\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err = kd("score", "--all", file); err != nil || !strings.Contains(got, "\nrecall of ham,,0.5\n") || !strings.Contains(got, "\narea below ROC,,\n") {
		t.Errorf("one class: got %q, %v", got, err)
	}
}

// By hand. At 0.5 one of two cats is called a dog and one of three dogs a cat: (2 + 5) / 5; with nine cats to a dog 0.9 * 2 / 2 + 0.1 * 5 / 3.
// The validation set parts its classes at 0.625, where the file has both cats right and two dogs wrong: 0.4 * 2 / 3. Its isotonic
// regression is 0 up to 0.55 and 1 from 0.7: both 0.6 become a third. Between 0.4 and 0.6 two are withheld, of the others one is wrong.
func TestScoreOfCosts(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	test := write("test.csv", "id,label,p\na,1,0.9\nb,1,0.6\nc,1,0.4\nd,0,0.6\ne,0,0.1\n")
	validation := write("validation.csv", "id,set,label,p\nf,validation,1,0.7\ng,validation,0,0.55\nh,validation,0,0.1\ni,test,1,0.2\n")
	for _, c := range []struct{ args, want string }{
		{"--cost-fp 2 --cost-fn 5", ",cost,cost_low,cost_high\n5,0.6,"},
		{"--cost-fp 2 --cost-fn 5", ",1.4,"},
		{"--cost-fp 2 --cost-fn 5 --prior 0.1", ",1.0666666666666"},
		{"--prior 0.4 --validation " + validation, ",0.625,0.2666666666666"},
		{"--prior 0.4 --all --validation " + validation, "\nexpected cost,0.2666666666666"},
		{"--recalibrate isotonic --validation " + validation, ",0.0444444444444"},
		{"--withhold 0.4,0.6", "coverage,accuracy_given\n5,0.6,"},
		{"--withhold 0.4,0.6", ",0.6,0.66666666666"},
	} {
		if got, err := kd(append([]string{"score", test}, strings.Fields(c.args)...)...); err != nil || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, %v, want %q in it", c.args, got, err, c.want)
		}
	}
	right, dogs := write("right.csv", "p,label\n0.1,0\n0.9,1\n"), write("dogs.csv", "p,label\n0.9,1\n")
	sets := write("sets.csv", "set,label,p\ntrain,1,0.7\ntest,0,0.55\n")
	for _, c := range []struct{ args, want string }{
		{"--prior 0.4 --validation " + test, `picture "a" is among those that are measured`},
		{"--prior 0.4 --validation " + dogs, "dogs.csv: metrics: pictures of one class alone"},
		{"--prior 0.4 --validation " + sets, `the file has the sets ["train" "test"], want one set`},
		{"--recalibrate temperature --validation " + right, "right.csv: metrics: no temperature has the least loss"},
		{"--recalibrate x --validation " + right, `got "x", want temperature or isotonic`},
		{"--prior 1", "--prior: got 1, want in (0, 1)"},
		{"--cost-fp -1", "got -1, want a finite number"},
		{"--cost-fp 0 --cost-fn 0", "got 0 for both"},
		{"--withhold 0.4", "want LOW,HIGH"},
		{"--withhold 0.6,0.4", "want LOW,HIGH"},
	} {
		if got, err := kd(append([]string{"score", test}, strings.Fields(c.args)...)...); err == nil || !strings.Contains(err.Error(), c.want) || got != "" {
			t.Errorf("%s: printed %q, error %v, want one with %q", c.args, got, err, c.want)
		}
	}
}

// The logit beside p_mirrored is that of p.
func TestScoreOfMirroredWithLogits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.csv")
	rows := predictions.Table{{ID: "a", Split: "test", P: 0.5, HasLogit: true}, {ID: "b", Split: "test", Label: 1, P: 0.5, HasLogit: true}}
	if err := predictions.WriteMirrored(file, rows, []float64{0.1, 0.9}); err != nil {
		t.Fatal(err)
	}
	if got, err := kd("score", "--mirrored", file); err != nil || !strings.HasPrefix(got, "n,accuracy,loss,uncertainty\n2,1,0.10536") {
		t.Errorf("got %q, %v, want the loss -log 0.9", got, err)
	}
}

func TestWrongValues(t *testing.T) {
	edges := filepath.Join("testdata", "edges.csv")
	eval := slices.Clip([]string{"eval", "--model", "absent", "--pictures", "absent", "--manifest", "absent.csv"})
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"hist", "--bin-width", "0.3", edges}, "0.3"},
		{[]string{"hist", "--bin-width", "0", edges}, "0"},
		{[]string{"hist", "--bin-width", "NaN", edges}, "NaN"},
		{[]string{"score", "--threshold", "1", edges}, "got 1, want in [0, 1)"},
		{[]string{"score", "--threshold", "NaN", edges}, "got NaN"},
		{[]string{"score"}, "kd score takes one FILE: got []; kd score --help says more"},
		{[]string{"state"}, "kd state takes one STUDY: got []"},
		{[]string{"bench", "table"}, "kd bench table takes FILE.csv...: got none"},
		{[]string{"hist", "a.csv", "b.csv"}, `takes one FILE: got ["a.csv" "b.csv"]`},
		{[]string{"hist", "absent.csv"}, "absent.csv"},
		{[]string{"study", "--preset", "huge"}, `got preset "huge", want one of [paper full better long seeds deep reduced demo], or own with --teacher`},
		{[]string{"study", "--preset", "demo"}, "--pictures is missing"},
		{[]string{"tables", "testdata"}, "holds no study"},
		{[]string{"data", "check", "testdata"}, "testdata"},
		{[]string{"bench", "--mode", "sideways"}, "sideways"},
		{append(eval, "--shift", "NaN"), "got NaN, want a number from 0 to 1"},
		{append(eval, "--shift", "3"), "got 3, want a number from 0 to 1"},
		{append(eval, "--shift", "-0.5"), "got -0.5, want a number from 0 to 1"},
		{append(eval, "--repetitions", "-4"), "got -4, want from 1 to 10000"},
		{[]string{"train", "--rule", "hard", "--dir", "run", "--pictures", "absent", "--manifest", "absent.csv"}, `--predictions: got "" with --rule hard`},
		{[]string{"train", "--answers", "teacher", "--rule", "none", "--dir", "run", "--pictures", "absent", "--manifest", "absent.csv"}, `rule: got "none"`}, // --predictions by its old name
		{[]string{"fly"}, "unknown command"},
		{[]string{"eval", "p.csv"}, `kd eval takes flags only: got "p.csv"`},
	} {
		if out, err := kd(test.args...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("kd %v: printed %q, error %v, want one with %q", test.args, out, err, test.want)
		}
	}
}

// What a user stops is said to be interrupted, whichever step of it was under way.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	faces := filepath.Join(t.TempDir(), "faces")
	if _, err := kd("data", "synth", "--out", faces, "--n", "8", "--size", "32"); err != nil {
		t.Fatal(err)
	}
	if err := run(ctx, io.Discard, io.Discard, []string{"data", "check", faces}); err == nil || err.Error() != "interrupted" {
		t.Errorf("kd data check: got error %v, want %q", err, "interrupted")
	}
	if err := run(ctx, io.Discard, io.Discard, []string{"fly"}); err == nil {
		t.Error("kd fly: got no error")
	}
}

// From drawn faces to a checked, split data set.
func TestData(t *testing.T) {
	dir := t.TempDir()
	faces, manifest := filepath.Join(dir, "faces"), filepath.Join(dir, "manifest.csv")
	if _, err := kd("data", "synth", "--out", faces, "--n", "40", "--size", "32"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(faces, "cat.999.jpg"), []byte("<html>not found</html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := kd("data", "check", faces)
	if err != nil || !strings.HasPrefix(got, "41 pictures: 21 cat (0), 20 dog (1); 1 other files ignored; 1 broken\n") || !strings.Contains(got, "cat.999.jpg") {
		t.Errorf("check: got %q, %v", got, err)
	}
	got, err = kd("data", "split", faces, "--n", "20", "--out", manifest)
	if want := fmt.Sprintf("%s: 14 train, 4 validation, 2 test\n", manifest); err != nil || got != want {
		t.Errorf("split: got %q, %v, want %q", got, err, want)
	}
}

// The split that the command writes, for a teacher say, is the study's: of pictures of which one cannot be read, too. Otherwise
// the teacher would know pictures that its students are tested on.
func TestSplitIsTheStudys(t *testing.T) {
	dir := t.TempDir()
	faces := filepath.Join(dir, "faces")
	if _, err := kd("data", "synth", "--out", faces, "--n", "40", "--size", "32"); err != nil {
		t.Fatal(err)
	}
	whole := splitBothWays(t, faces, "whole", "28 train, 6 validation, 6 test\n")
	broken := whole[1] // a picture of the train set
	if err := os.WriteFile(filepath.Join(faces, broken.ID+".jpg"), []byte("<html>not found</html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := splitBothWays(t, faces, "broken", "27 train, 6 validation, 6 test; 1 left out, which cannot be read\n")
	if want := slices.Delete(whole, 1, 2); !slices.Equal(got, want) {
		t.Errorf("without %s: got %v, want %v", broken.ID, got, want)
	}
}

// splitBothWays returns the split that the command and a study draw.
func splitBothWays(t *testing.T, faces, name, news string) images.Manifest {
	t.Helper()
	dir := t.TempDir()
	ours, studys := filepath.Join(dir, "command.csv"), filepath.Join(dir, "study.csv")
	if got, err := kd("data", "split", faces, "--out", ours); err != nil || got != ours+": "+news {
		t.Errorf("%s: got %q, %v, want %q", name, got, err, news)
	}
	data := recipe.Data{Size: 32, Seed: recipe.Paper.Data.Seed}
	c, err := study.OpenCollection(t.Context(), study.CollectionOptions{Pictures: faces, CacheDir: filepath.Join(dir, "cache"), Manifest: studys,
		Data: data, Report: newReporter(io.Discard)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got, err := images.ReadManifest(ours)
	if err != nil || !slices.Equal(got, c.Manifest) {
		t.Errorf("%s: the command split %v, %v, the study %v", name, got, err, c.Manifest)
	}
	return got
}

// A file that holds another split, or no split, stays; one that holds this split is no error.
func TestSplitReplacesNothing(t *testing.T) {
	dir := t.TempDir()
	faces, manifest := filepath.Join(dir, "faces"), filepath.Join(dir, "manifest.csv")
	if _, err := kd("data", "synth", "--out", faces, "--n", "20", "--size", "32"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := kd("data", "split", faces, "--out", manifest); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ seed, before, want string }{
		{"7", string(want), "manifest.csv: holds another split, of 20 pictures"},
		{"1", "notes\n", `manifest.csv: line 1: got the columns ["notes"]`},
	} {
		if err := os.WriteFile(manifest, []byte(test.before), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := kd("data", "split", faces, "--seed", test.seed, "--out", manifest); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got error %v, want one with %q", err, test.want)
		}
		if after, err := os.ReadFile(manifest); err != nil || string(after) != test.before {
			t.Errorf("the file after that: got %q, %v, want %q", after, err, test.before)
		}
	}
}

// Numbers on several sets together are refused; those on one are those of a file with that set alone.
func TestOneSetOfSeveral(t *testing.T) {
	dir := t.TempDir()
	edges, err := os.ReadFile(filepath.Join("testdata", "edges.csv"))
	if err != nil {
		t.Fatal(err)
	}
	several := filepath.Join(dir, "several.csv")
	if err := os.WriteFile(several, append(edges, "cat.7,train,0,0.9\ndog.7,train,1,0.2\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"score", "hist"} {
		want, err := kd(command, filepath.Join("testdata", "edges.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := kd(command, several, "--split", "test"); err != nil || got != want {
			t.Errorf("%s --split test: got %q, %v, want %q", command, got, err, want)
		}
		for set, want := range map[string]string{
			"":           `several.csv: --split is missing: the file has the sets ["test" "train"], want one of them`,
			"validation": `several.csv: --split: got validation, but the file has the sets ["test" "train"]`,
			"exam":       `set: got "exam"`,
		} {
			if got, err := kd(command, several, "--set", set); err == nil || !strings.Contains(err.Error(), want) || got != "" {
				t.Errorf("%s --set %q: printed %q, error %v, want one with %q", command, set, got, err, want)
			}
		}
	}
}

// Pictures of one class are reported and are an error.
func TestCheckOfOneClass(t *testing.T) {
	dir := t.TempDir()
	got, err := kd("data", "synth", "--out", filepath.Join(dir, "cats"), "--n", "1", "--size", "32")
	if want := filepath.Join(dir, "cats") + ": 1 faces of 32x32\n"; err != nil || got != want {
		t.Errorf("synth: got %q, %v, want %q", got, err, want)
	}
	got, err = kd("data", "check", filepath.Join(dir, "cats"))
	if !strings.HasPrefix(got, "1 pictures: 1 cat (0), 0 dog (1);") {
		t.Errorf("check: got %q, want its report", got)
	}
	if want := filepath.Join(dir, "cats") + ": got no dog (1) among 1 pictures"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("check: got error %v, want %q", err, want)
	}
}

func TestStudyNamesItsPresets(t *testing.T) {
	help, err := kd("study", "--help")
	if want := "paper, full, better, long, seeds, deep, reduced, demo, own"; err != nil || !strings.Contains(help, want) {
		t.Errorf("got %q, %v, want %q in it", help, err, want)
	}
}

// The recipe that --show prints is one that --config reads.
func TestShowIsAConfig(t *testing.T) {
	printed, err := kd("study", "--preset", "paper", "--show")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "study.json")
	if err := os.WriteFile(path, []byte(printed), 0o644); err != nil {
		t.Fatal(err)
	}
	if again, err := kd("study", "--config", path, "--show"); err != nil || again != printed {
		t.Errorf("got %q, %v, want %q", again, err, printed)
	}
}

func TestTablesAndFigures(t *testing.T) {
	run := filepath.Join("..", "..", "study", "analysis", "testdata", "run")
	got, err := kd("tables", run)
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{"3.1", "4.1", "4.2", "4.3", "4.4"} {
		if !strings.Contains(got, section) {
			t.Errorf("tables: section %s is missing", section)
		}
	}
	// Without --out the figures of a study go to its own folder, not among the committed ones.
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.CopyFS(dir, os.DirFS(run)); err != nil {
		t.Fatal(err)
	}
	if _, err := kd("figures", dir); err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "figures")
	for figure := 2; figure <= 9; figure++ {
		if found, _ := filepath.Glob(filepath.Join(dir, fmt.Sprintf("fig%02d_*.svg", figure))); len(found) != 1 {
			t.Errorf("figure %d: got files %v, want one", figure, found)
		}
	}
}

// The words of an older study are not those of one that is made of its recipe: what differs from the paper follows from the values.
func TestOldWordsAreNotTakenOver(t *testing.T) {
	var out, news bytes.Buffer
	committed := filepath.Join("..", "..", "..", defaultRun, folder.StudyFile)
	if err := run(context.Background(), &out, &news, []string{"study", "--config", committed, "--show"}); err != nil {
		t.Fatal(err)
	}
	if want, err := kd("study", "--preset", recipe.Full.Name, "--show"); err != nil || out.String() != want {
		t.Errorf("got %s, %v, want the preset, %s", out.String(), err, want)
	}
	if !strings.Contains(news.String(), `its "reductions" are not taken over`) {
		t.Errorf("said %q", news.String())
	}
}

// A link that leads nowhere is called a link; "no such file" alone would be said of a file that is to be seen.
func TestLinksToNothing(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Symlink("gone", "here"); err != nil {
		t.Skip("no links on this system: ", err)
	}
	for _, args := range [][]string{{"score", "here"}, {"data", "check", "here"}, {"study", "--config", "here", "--show"}} {
		if _, err := kd(args...); err == nil || !strings.Contains(err.Error(), "here is a link to gone") || status(err) != exitFailed {
			t.Errorf("kd %v: got error %v, want one that names the link", args, err)
		}
	}
}

// A network that is not there is an error that names those beside it.
func TestUnknownNetworkListsOthers(t *testing.T) {
	results := filepath.Join("..", "..", "..", defaultRun)
	_, err := kd("weights", "export", "--model", filepath.Join(results, "sotf"), "--out", filepath.Join(t.TempDir(), "x"))
	if err == nil || !strings.Contains(err.Error(), "want one of "+filepath.Join(results, "classical")+", ") {
		t.Errorf("got error %v, want one that lists the networks", err)
	}
}
