package study_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/images/synth"
	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/train"
)

const committedFaces = "../../datasets/results/faces"

// The committed weights, on faces that are drawn anew, predict what is committed, and are explained.
func TestLookAtCommittedFaces(t *testing.T) {
	const tolerance = 1e-5 // of probabilities of given weights in float32
	drawn := synth.Faces{N: 60, Size: 128, Seed: 1}
	pictures := filepath.Join(t.TempDir(), "faces.tar")
	if err := synth.Write(context.Background(), pictures, drawn); err != nil {
		t.Fatal(err)
	}
	want, err := predictions.Read(filepath.Join(committedFaces, "soft", "test.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want = slices.DeleteFunc(want, func(r predictions.Row) bool { _, err := drawn.Deciding(r.ID, 16); return err != nil })
	if len(want) < 4 {
		t.Fatalf("got %d pictures of the test set among the first %d, want some", len(want), drawn.N)
	}
	looks, err := study.Look(context.Background(), xlatest.Backend(t), study.Looking{Networks: []string{filepath.Join(committedFaces, "soft")}, Pictures: pictures,
		Manifest: filepath.Join(committedFaces, "manifest.csv"), Split: predictions.Test, IDs: want.IDs(), Method: study.GradCAM, Stage: "layer3", Batch: len(want), Report: &recorder{}})
	if err != nil {
		t.Fatal(err)
	}
	soft := looks.Networks[0]
	for i, row := range want {
		if d := math.Abs(soft.P[i] - row.P); !(d < tolerance) || looks.Labels[i] != int(row.Label) {
			t.Errorf("%s: got p = %v of label %d, want the committed %v of %v", row.ID, soft.P[i], looks.Labels[i], row.P, row.Label)
		}
		if m := soft.Maps[i]; m.Rows != 8 || m.Largest() == 0 {
			t.Errorf("%s: got a map of %d rows, largest %v, want 8 rows of something", row.ID, m.Rows, m.Largest())
		}
	}
	masks, err := drawn.DecidingOf(looks.IDs, looks.Size)
	if err != nil {
		t.Fatal(err)
	}
	if table, err := looks.PartsTable(masks, looks.Size); err != nil || len(table.Rows) != 1 {
		t.Errorf("got %v, %v", table, err)
	}
}

// Networks that see pictures of different sizes are explained on the same ones, in one order; the random twin comes last.
func TestLookAtSeveralSizes(t *testing.T) {
	dir := t.TempDir()
	if err := synth.Write(context.Background(), filepath.Join(dir, "faces"), synth.Faces{N: 6, Size: 64, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	how := study.Looking{Pictures: filepath.Join(dir, "faces"), CacheDir: filepath.Join(dir, "cache"), Method: study.Occlusion, Window: 0.5, Stride: 0.5, Batch: 4, Random: true, Report: &recorder{}}
	for _, size := range []int{32, 64} {
		run := filepath.Join(dir, fmt.Sprintf("at%d", size))
		saveInitial(t, run, size)
		how.Networks = append(how.Networks, run)
	}
	looks, err := study.Look(context.Background(), xlatest.Backend(t), how)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, n := range looks.Networks {
		names = append(names, n.Name)
		if want := []int{32, 64, 32}[i]; len(n.Maps) != 6 || len(n.P) != 6 || n.Maps[0].Rows != want {
			t.Errorf("%s: got %d maps of %d rows, want 6 of %d", n.Name, len(n.Maps), n.Maps[0].Rows, want)
		}
	}
	if got := strings.Join(names, ", "); got != "at32, at64, random at32" || looks.Size != 64 || len(looks.Shown) != 6 {
		t.Errorf("got %s at %d", got, looks.Size)
	}
	if _, err := looks.Sheet(32); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*study.Looking){
		`method: got "x"`:        func(h *study.Looking) { h.Method = "x" },
		`got picture "cat.9"`:    func(h *study.Looking) { h.IDs = []string{"cat.9"} },
		"no network can be expl": func(h *study.Looking) { h.Networks = []string{"../../datasets/results/reduced"} },
	} {
		wrong := how
		change(&wrong)
		if _, err := study.Look(context.Background(), xlatest.Backend(t), wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

// saveInitial writes a training run whose result are the first weights of the small network.
func saveInitial(t *testing.T, dir string, size int) {
	t.Helper()
	n, err := network.Named(smallnet.Name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := train.New(xlatest.Backend(t), n, train.Start{Size: size, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Finalize()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := recipe.WriteJSON(filepath.Join(dir, train.ConfigFile), recipe.Training{Network: smallnet.Name}); err != nil {
		t.Fatal(err)
	}
	if err := m.Save(filepath.Join(dir, train.BestFile)); err != nil {
		t.Fatal(err)
	}
}
