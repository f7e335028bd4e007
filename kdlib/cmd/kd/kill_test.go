package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"distillation/kdlib/internal/smallnet"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train"
	"distillation/kdlib/train/history"
)

// kdEnv makes this test binary the command itself, so that tests can kill it.
const kdEnv = "KDLIB_TEST_KD"

func TestMain(m *testing.M) {
	if os.Getenv(kdEnv) == "1" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// command is kd as a process of its own; what it says goes to log.
func command(t *testing.T, log string, args ...string) *exec.Cmd {
	t.Helper()
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), kdEnv+"=1")
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}

// A study that is killed 20 times at random moments, and started again each time, ends as one that was not: the same
// histories, weights and predictions, bit for bit.
func TestKilledTwentyTimes(t *testing.T) {
	if os.Getenv("KDLIB_E2E") != "1" {
		t.Skip("takes minutes; set KDLIB_E2E=1 to run it")
	}
	xlatest.Backend(t) // or skip
	dir := t.TempDir()
	log, config, faces := filepath.Join(dir, "log.txt"), filepath.Join(dir, "study.json"), filepath.Join(dir, "faces.tar")
	s := recipe.Demo
	s.Generations = 0
	s.Teacher.Epochs, s.Student.Epochs = 3, 3
	s.Teacher.Batch, s.Student.Batch = 8, 8
	s.Teacher.Dropout, s.Student.Dropout = 0.2, 0.2
	if err := recipe.WriteJSON(config, s); err != nil {
		t.Fatal(err)
	}
	if err := command(t, log, "data", "synth", "--n", "60", "--size", "32", "--out", faces).Run(); err != nil {
		t.Fatal(err)
	}
	start := func(name string) *exec.Cmd {
		cmd := command(t, log, "study", "--config", config, "--pictures", faces, "--dir", filepath.Join(dir, name), "--cache", filepath.Join(dir, name+"-cache"))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	began := time.Now()
	if err := start("whole").Wait(); err != nil {
		text, _ := os.ReadFile(log)
		t.Fatalf("undisturbed: %v\n%s", err, text)
	}
	undisturbed := time.Since(began)
	if text, err := os.ReadFile(log); err != nil || !strings.HasSuffix(string(text), "; their tables: kd tables "+filepath.Join(dir, "whole")+"\n") {
		t.Errorf("undisturbed: it says %q, %v, want where the results are at its end", text, err)
	}
	rng := rand.New(rand.NewPCG(8, 20))
	kills, early := map[os.Signal]int{}, 0
	for n := 0; n < 20; {
		signal := []os.Signal{syscall.SIGKILL, syscall.SIGTERM, os.Interrupt}[rng.IntN(3)]
		cmd := start("killed")
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-time.After(time.Duration(rng.Float64() * float64(undisturbed) / 4)):
			if err := cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
			<-ended
			kills[signal]++
			n++
		case err := <-ended:
			if err != nil {
				text, _ := os.ReadFile(log)
				t.Fatalf("after %d kills: %v\n%s", n, err, text)
			}
			early++ // it was done before the moment came: it begins anew
			if err := os.RemoveAll(filepath.Join(dir, "killed")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := start("killed").Wait(); err != nil {
		text, _ := os.ReadFile(log)
		t.Fatalf("the last time: %v\n%s", err, text)
	}
	checkSameStudy(t, filepath.Join(dir, "killed"), filepath.Join(dir, "whole"))
	t.Logf("undisturbed %v; with kills %v and %d times done early %v", undisturbed.Round(time.Second), kills, early, (time.Since(began) - undisturbed).Round(time.Second))
}

// checkSameStudy compares everything but the clock.
func checkSameStudy(t *testing.T, got, want string) {
	t.Helper()
	run, err := folder.Open(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, model := range run.Models() {
		a, b := filepath.Join(got, model), filepath.Join(want, model)
		checkSameHistory(t, filepath.Join(a, history.File), filepath.Join(b, history.File))
		checkSameWeights(t, filepath.Join(a, train.LastFile), filepath.Join(b, train.LastFile))
		for _, name := range []string{train.BestFile, train.ConfigFile, "train.csv", "validation.csv", "test.csv", "test-augmented-0.csv"} {
			x, err1 := os.ReadFile(filepath.Join(a, name))
			y, err2 := os.ReadFile(filepath.Join(b, name))
			if err := errors.Join(err1, err2); err != nil || string(x) != string(y) {
				t.Errorf("%s/%s: %d and %d bytes differ, or %v", model, name, len(x), len(y), err)
			}
		}
	}
	if left, err := filepath.Glob(filepath.Join(got, "*", ".*")); err != nil || len(left) > 0 {
		t.Logf("left by killed processes: %v, %v", left, err)
	}
}

func checkSameHistory(t *testing.T, got, want string) {
	t.Helper()
	a, err1 := history.Read(got)
	b, err2 := history.Read(want)
	if err := errors.Join(err1, err2); err != nil || len(a) != len(b) {
		t.Fatalf("%s: %d epochs, want %d; %v", got, len(a), len(b), err)
	}
	for i := range a {
		a[i].Seconds, b[i].Seconds = 0, 0
		if a[i] != b[i] {
			t.Errorf("%s: epoch %d: got %+v, want %+v", got, i+1, a[i], b[i])
		}
	}
}

func checkSameWeights(t *testing.T, got, want string) {
	t.Helper()
	a, err1 := weights.Read(got)
	b, err2 := weights.Read(want)
	if err := errors.Join(err1, err2); err != nil || len(a.Tensors) != len(b.Tensors) {
		t.Fatalf("%s: %d tensors, want %d; %v", got, len(a.Tensors), len(b.Tensors), err)
	}
	var differ []string
	for name, tensor := range b.Tensors {
		if other, ok := a.Tensors[name]; !ok || !tensor.Equal(other) {
			differ = append(differ, name)
		}
	}
	if len(differ) > 0 {
		t.Errorf("%s: tensors differ: %s", got, strings.Join(differ, ", "))
	}
}

// Ctrl-C and SIGTERM end the command with a line that says how to go on.
func TestStopSaysHowToGoOn(t *testing.T) {
	xlatest.Backend(t) // or skip
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		dir := t.TempDir()
		config := filepath.Join(dir, "study.json")
		s := recipe.Demo
		s.Teacher.Network, s.Student.Network = smallnet.Name, smallnet.Name
		s.Teacher.Epochs = 10_000 // it does not end by itself
		if err := recipe.WriteJSON(config, s); err != nil {
			t.Fatal(err)
		}
		log, faces := filepath.Join(dir, "log.txt"), filepath.Join(dir, "faces.tar")
		if err := command(t, log, "data", "synth", "--n", "60", "--size", "32", "--out", faces).Run(); err != nil {
			t.Fatal(err)
		}
		cmd := command(t, log, "study", "--config", config, "--pictures", faces, "--dir", filepath.Join(dir, "run"), "--cache", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		session := filepath.Join(dir, "run", folder.SessionsDir)
		for range 3000 { // until it works, a minute at most
			if _, err := os.Stat(session); err == nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != exitAgain {
			t.Errorf("%v: got %v, want exit status 75", signal, err)
		}
		if text, err := os.ReadFile(log); err != nil || !strings.HasSuffix(string(text), "\nkd: interrupted; the same command goes on from the last finished epoch\n") {
			t.Errorf("%v: it says %q, %v", signal, text, err)
		}
	}
}
