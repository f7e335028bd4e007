package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// slurmConf is where Slurm's programs look for their settings; SLURM_CONF does not reach all of them.
const slurmConf = "/etc/slurm/slurm.conf"

// startSlurm starts a cluster of one node on loopback, until the test ends. It needs root and Slurm's programs, and leaves a machine
// alone that is of another cluster.
func startSlurm(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a Slurm of one's own needs root")
	}
	old, err := os.ReadFile(slurmConf)
	if err == nil && !bytes.Contains(old, []byte("ClusterName=kdlib-test\n")) {
		t.Skipf("%s: this machine is of another cluster", slurmConf)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	dir := t.TempDir()
	host, _, _ := strings.Cut(must(os.Hostname()), ".")
	conf := strings.NewReplacer("@HOST@", host, "@DIR@", dir).Replace(string(must(os.ReadFile(filepath.Join(testdata, "slurm.conf")))))
	for name, text := range map[string]string{slurmConf: conf, filepath.Join(dir, "munge.key"): strings.Repeat("of a test ", 16)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Remove(slurmConf) })
	in := func(name string) string { return filepath.Join(dir, name) }
	startDaemon(t, in("munged.txt"), "munged", "--foreground", "--force", "--key-file="+in("munge.key"), "--socket="+in("munge.sock"),
		"--pid-file="+in("munge.pid"), "--log-file="+in("munge.log"), "--seed-file="+in("munge.seed"))
	waitFor(t, 10*time.Second, "munged", func() bool { _, err := os.Stat(in("munge.sock")); return err == nil })
	startDaemon(t, in("ctld.txt"), "slurmctld", "-D")
	startDaemon(t, in("slurmd.txt"), "slurmd", "-D", "-N", host)
	waitFor(t, time.Minute, "an idle node of Slurm's", func() bool {
		out, err := exec.Command("sinfo", "--noheader", "--format=%T").Output()
		return err == nil && strings.TrimSpace(string(out)) == "idle"
	})
}

// startDaemon runs a program of Slurm's until the test ends.
func startDaemon(t *testing.T, log, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + name)
	}
	if err != nil {
		t.Fatalf("%v; Debian's packages munge, slurmctld, slurmd and slurm-client have it", err)
	}
	out := must(os.Create(log))
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		out.Close()
		if text, err := os.ReadFile(log); err == nil && t.Failed() {
			t.Logf("%s:\n%.3000s", name, text)
		}
	})
}

// waitFor waits until something is so, for a time at most.
func waitFor(t *testing.T, most time.Duration, what string, isSo func() bool) {
	t.Helper()
	for end := time.Now().Add(most); !isSo(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v for %s", most, what)
		}
	}
}
