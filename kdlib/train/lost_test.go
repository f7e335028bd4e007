package train_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"distillation/kdlib/dataset"
	"distillation/kdlib/internal/lock"
	"distillation/kdlib/internal/smalldisk"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

// shared keeps the network that these tests train from one to the next: to compile it takes longer than to train it.
var shared *train.Pool

func pool(t *testing.T) *train.Pool {
	t.Helper()
	backend := xlatest.Backend(t)
	if shared == nil {
		shared = train.NewPool(backend)
	}
	return shared
}

// contents are the files of a folder, by name.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		files[e.Name()] = content(t, dir, e.Name())
	}
	return files
}

// checkSame compares two folders without showing weights.
func checkSame(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s: changed or gone (%d bytes, before %d)", name, len(got[name]), len(text))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: a new file", name)
		}
	}
}

// larger claims a size that its pictures do not have.
type larger struct{ dataset.Pictures }

func (l larger) Size() int { return 2 * l.Pictures.Size() }

// A folder that has lost something, or is another run's, is refused before any training, and left as it is.
func TestRefusesDamagedFolders(t *testing.T) {
	remove := func(name string) func(*testing.T, *train.Run) {
		return func(t *testing.T, r *train.Run) {
			if err := os.Remove(filepath.Join(r.Dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	cut := func(name string) func(*testing.T, *train.Run) {
		return func(t *testing.T, r *train.Run) {
			if err := os.Truncate(filepath.Join(r.Dir, name), 1000); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, test := range map[string]struct {
		damage func(*testing.T, *train.Run)
		want   string
	}{
		"no checkpoint":       {remove(train.LastFile), train.LastFile + " is gone"},
		"no best network":     {remove(train.BestFile), train.BestFile + ": no such file"},
		"cut checkpoint":      {cut(train.LastFile), train.LastFile + " is not a safetensors file, or it is cut short (1000 bytes)"},
		"cut best network":    {cut(train.BestFile), train.BestFile + " is not a safetensors file, or it is cut short (1000 bytes)"},
		"cut config":          {cut(train.ConfigFile), train.ConfigFile},
		"another recipe":      {func(t *testing.T, r *train.Run) { remove(train.ConfigFile)(t, r); r.Recipe.Seed++ }, train.LastFile + " is another recipe's"},
		"another label":       {func(_ *testing.T, r *train.Run) { r.Train.Examples[7].Label = 0.25 }, "other pictures or labels"},
		"another size":        {func(_ *testing.T, r *train.Run) { r.Train.Pictures = larger{r.Train.Pictures} }, "learned from pictures of 32 x 32: got 64 x 64"},
		"another picture":     {func(_ *testing.T, r *train.Run) { r.Validation.Examples[0].ID = "cat.5000" }, "other pictures or labels"},
		"pictures change set": {func(_ *testing.T, r *train.Run) { r.Train, r.Validation = r.Validation, r.Train; r.Recipe.Batch = 16 }, "other pictures or labels"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, _ := finished(t)
			r := run(t, dir, train.Report{Step: func(history.Step) { t.Error("a step was made") }})
			if name == "cut config" { // it is shorter than 1000 bytes
				test.damage = func(t *testing.T, r *train.Run) {
					if err := os.Truncate(filepath.Join(r.Dir, train.ConfigFile), 20); err != nil {
						t.Fatal(err)
					}
				}
			}
			test.damage(t, &r)
			before := contents(t, dir)
			if _, err := pool(t).Fit(context.Background(), r); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), dir) {
				t.Errorf("got error %v, want one with %q and the folder", err, test.want)
			}
			checkSame(t, contents(t, dir), before)
		})
	}
}

// The history is in the checkpoint too: without its file nothing is lost.
func TestVanishedHistoryHeals(t *testing.T) {
	dir, _ := finished(t)
	before := contents(t, dir)
	if err := os.Remove(filepath.Join(dir, history.File)); err != nil {
		t.Fatal(err)
	}
	if _, err := pool(t).Fit(context.Background(), run(t, dir, train.Report{})); err != nil {
		t.Error(err)
	}
	checkSame(t, contents(t, dir), before)
}

// What a killed process had begun to write is removed, and nothing else.
func TestRemovesUnfinishedFiles(t *testing.T) {
	dir, _ := finished(t)
	if err := os.WriteFile(filepath.Join(dir, ".notes1"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	before := contents(t, dir)
	for _, name := range []string{train.LastFile, train.BestFile, history.File, train.ConfigFile} {
		if err := os.WriteFile(filepath.Join(dir, "."+name+"123456789"), []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := pool(t).Fit(context.Background(), run(t, dir, train.Report{})); err != nil {
		t.Error(err)
	}
	checkSame(t, contents(t, dir), before)
}

// A folder in which somebody trains is refused with his name; the lock's own tests kill processes.
func TestTwoWriters(t *testing.T) {
	dir, _ := finished(t)
	held, err := lock.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = pool(t).Fit(context.Background(), run(t, dir, train.Report{}))
	if want := fmt.Sprintf("%s is in use by %s, process %d on", dir, filepath.Base(os.Args[0]), os.Getpid()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want one with %q", err, want)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := pool(t).Fit(context.Background(), run(t, dir, train.Report{})); err != nil {
		t.Errorf("after the release: %v", err)
	}
}

// A disk without room for the weights is found before the first step.
func TestDiskTooFull(t *testing.T) {
	r := run(t, filepath.Join(smalldisk.Mount(t, "2m"), "run"), train.Report{Step: func(history.Step) { t.Error("a step was made") }})
	if _, err := pool(t).Fit(context.Background(), r); err == nil || !strings.Contains(err.Error(), r.Dir+": the disk is too full: got ") {
		t.Errorf("got error %v, want one that says how much room there is", err)
	}
}

// A disk that fills up in the second epoch costs that epoch and nothing else: when there is room again, the run ends as one
// that was never stopped.
func TestDiskFillsUp(t *testing.T) {
	whole, want := finished(t)
	disk := smalldisk.Mount(t, "24m") // two checkpoints of 7.4 MB and a network of 2.5 MB
	dir, filler := filepath.Join(disk, "run"), filepath.Join(disk, "filler")
	pool := pool(t)
	var after map[string]string
	fill := train.Report{
		Epoch: func(history.Epoch) { after = contents(t, dir) },
		Step: func(s history.Step) {
			if s.Epoch == 2 && s.Number == 1 {
				_ = os.WriteFile(filler, make([]byte, 24<<20), 0o644) // as much as fits
			}
		},
	}
	if _, err := pool.Fit(context.Background(), run(t, dir, fill)); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), dir) {
		t.Fatalf("got error %v, want %v with the folder", err, syscall.ENOSPC)
	}
	delete(after, lock.File)
	checkSame(t, contents(t, dir), after)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	got, err := pool.Fit(context.Background(), run(t, dir, train.Report{}))
	if err != nil {
		t.Fatal(err)
	}
	checkHistory(t, got, want)
	if content(t, dir, train.BestFile) != content(t, whole, train.BestFile) {
		t.Errorf("%s differs from that of a run that was not stopped", train.BestFile)
	}
}

// checkHistory compares all but the clock.
func checkHistory(t *testing.T, got, want history.History) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %d epochs, want %d", len(got), len(want))
	}
	for i := range got {
		got[i].Seconds, want[i].Seconds = 0, 0
		if got[i] != want[i] {
			t.Errorf("epoch %d: got %+v, want %+v", i+1, got[i], want[i])
		}
	}
}
