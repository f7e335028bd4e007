package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
)

var (
	testdata   = must(filepath.Abs("testdata"))
	repository = must(filepath.Abs(filepath.Join("..", "..", "..")))
	snakemake  = filepath.Join(repository, ".venv-cluster", "bin", "snakemake")
	cluster    = filepath.Join(repository, "kernel-setup", "cluster")
)

// A study as a workflow, two jobs at once, of which one is killed in mid-training, is the study that one process makes: but for the
// clock the same bits. On this machine, and on Slurm.
func TestWorkflow(t *testing.T) {
	if os.Getenv("KDLIB_CLUSTER") != "1" {
		t.Skip("takes minutes, and what `go run ./kernel-setup cluster` installs; set KDLIB_CLUSTER=1 to run it")
	}
	xlatest.Backend(t) // or fail
	t.Chdir(t.TempDir())
	s := smallDemo()
	s.Teacher.Epochs, s.Student.Epochs = 3, 60
	if err := recipe.WriteJSON("study.json", s); err != nil {
		t.Fatal(err)
	}
	if _, err := kd("data", "synth", "--n", "60", "--size", "32", "--out", "faces.tar"); err != nil {
		t.Fatal(err)
	}
	whole := command(t, "whole.txt", "study", "--config", "study.json", "--pictures", "faces.tar", "--cache", "cache", "--dir", "whole")
	if err := whole.Run(); err != nil {
		t.Fatalf("%v\n%s", err, must(os.ReadFile("whole.txt")))
	}
	t.Run("local", func(t *testing.T) {
		killOnce(t, "local", killProcess, "--cores", "2")
	})
	t.Run("slurm", func(t *testing.T) {
		startSlurm(t)
		killOnce(t, "slurm", cancelJob, "--default-resources", "slurm_partition=main", "--slurm-status-command", "squeue", "--slurm-no-account",
			"--slurm-init-seconds-before-status-checks", "5", "--slurm-logdir", "slurm-logs")
	})
}

// killOnce makes the study by a profile and kills the job of the classical student when it has stored some epochs.
func killOnce(t *testing.T, profile string, kill func(t *testing.T, dir, model string), args ...string) {
	const model = "classical"
	began := time.Now()
	out := must(os.Create(profile + ".txt"))
	defer out.Close()
	args = append(args, "--profile", filepath.Join(cluster, "profiles", profile), "--snakefile", filepath.Join(cluster, "Snakefile"),
		"--config", "kd="+os.Args[0], "recipe=study.json", "pictures=faces.tar", "cache=cache-"+profile, "dir="+profile, "threads=1", "mem_mb=1000")
	cmd := exec.Command(snakemake, args...)
	cmd.Env = append(os.Environ(), kdEnv+"=1", "KDLIB_PROGRAMS="+must(filepath.Abs("programs")))
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; `go run ./kernel-setup cluster` installs it", err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGINT) })
	stored := 0
	waitFor(t, 5*time.Minute, "some epochs of "+model, func() bool {
		done, _ := history.Read(filepath.Join(profile, model, history.File))
		stored = len(done)
		return stored >= 5
	})
	kill(t, profile, model)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, must(os.ReadFile(profile+".txt")))
	}
	run, err := folder.Open(profile)
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Complete(); err != nil {
		t.Error(err)
	}
	checkGoesOn(t, run, model)
	checkSameStudy(t, profile, "whole")
	t.Logf("%s: %v, killed after %d epochs", profile, time.Since(began).Round(time.Second), stored)
}

// checkGoesOn wants a model that a second session went on with, not from its beginning.
func checkGoesOn(t *testing.T, run *folder.Study, model string) {
	t.Helper()
	sessions, err := run.Sessions()
	if err != nil {
		t.Fatal(err)
	}
	var epochs []int
	total := 0
	for _, s := range sessions {
		if n := s.Epochs[model]; n > 0 {
			epochs = append(epochs, n)
			total += n
		}
	}
	if all := run.Training(model).Epochs; len(epochs) != 2 || total > all+1 { // an epoch that was stored, but not told of, or the other way round
		t.Errorf("%s: sessions of %v epochs, want two with %d", model, epochs, all)
	}
}

// killProcess kills the process that trains a model.
func killProcess(t *testing.T, dir, model string) {
	var who lock.Holder
	if err := json.Unmarshal(must(os.ReadFile(filepath.Join(dir, model, lock.File))), &who); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(who.Process, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// cancelJob cancels the job of Slurm's that trains a model.
func cancelJob(t *testing.T, _, model string) {
	jobs := must(exec.Command("squeue", "--noheader", "--states=running", "--format=%i %k").Output())
	for line := range strings.Lines(string(jobs)) {
		if id, comment, _ := strings.Cut(strings.TrimSpace(line), " "); strings.HasPrefix(comment, "rule_"+model) {
			if out, err := exec.Command("scancel", id).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			return
		}
	}
	t.Fatalf("no job of %s among\n%s", model, jobs)
}
