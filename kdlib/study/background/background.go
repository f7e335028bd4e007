// Package background runs a study as a process of its own, which outlives whoever started it: a notebook's kernel stays free, and may be
// restarted meanwhile.
package background

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// The files that Start leaves in the study's folder.
const (
	RecipeFile = "start.json" // the recipe that kd was given
	LogFile    = "start.log"  // what it has said so far, each time that it was started
)

// Study is a study for a process of its own. Its fields are those of study.Study; all paths are as of the working directory.
type Study struct {
	Recipe     recipe.Study // of networks that this library has: the process does not know those of network.Register
	Pictures   string
	Dir        string
	CacheDir   string
	AnyTeacher bool
}

// patience is how long Start waits for the pictures to be opened, and Stop for the process to end: kd needs a second.
const patience = 10 * time.Second

// Start starts the study, or goes on with it, as a process of its own: `kd study` in a session of its own, which neither an interruption
// nor the end of this program reaches. It returns as soon as the process has opened the pictures, with an error if it ended before that,
// after ten seconds at the latest. What goes wrong later stands in LogFile. A study that runs already is an error.
//
// The program is kd of the module of the working directory, which `go tool` builds if it has to, or else the one on the PATH.
func (s Study) Start() error {
	if err := s.check(); err != nil {
		return fmt.Errorf("background: %w", err)
	}
	if who, at := lock.Who(s.Dir); at {
		return fmt.Errorf("background: the study %s runs already, by %s; watch it, or stop it first", s.Dir, who)
	}
	kd, err := program()
	if err != nil {
		return fmt.Errorf("background: %w", err)
	}
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return fmt.Errorf("background: %w", err)
	}
	if err := recipe.WriteJSON(filepath.Join(s.Dir, RecipeFile), s.Recipe); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.Dir, LogFile), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("background: %w", err)
	}
	defer log.Close()
	cmd := exec.Command(kd, s.words()...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	fmt.Fprintf(log, "# %s kd %s\n", time.Now().UTC().Format(time.DateTime), strings.Join(cmd.Args[1:], " "))
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("background: %w", err)
	}
	return s.await(cmd)
}

func (s Study) check() error {
	for _, field := range []struct{ name, value string }{{"Pictures", s.Pictures}, {"Dir", s.Dir}, {"CacheDir", s.CacheDir}} {
		if field.value == "" {
			return fmt.Errorf("%s: got none, want a path", field.name)
		}
	}
	return s.Recipe.Validate()
}

// words are those of kd.
func (s Study) words() []string {
	words := []string{"study", "--config", filepath.Join(s.Dir, RecipeFile), "--pictures", s.Pictures, "--dir", s.Dir, "--cache", s.CacheDir}
	if s.AnyTeacher {
		words = append(words, "--any-teacher")
	}
	return words
}

// program finds kd.
func program() (string, error) {
	built, err := exec.Command("go", "tool", "-n", "kd").Output()
	if err == nil {
		return strings.TrimSpace(string(built)), nil
	}
	if onPath, err := exec.LookPath("kd"); err == nil {
		return onPath, nil
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s", bytes.TrimSpace(exit.Stderr))
	}
	return "", fmt.Errorf("there is no kd on the PATH, nor does `go tool kd` work here: %w", err)
}

// await returns when the process has opened the pictures, which is when it stores the recipe, or with the reason why it ended.
func (s Study) await(cmd *exec.Cmd) error {
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for late := time.After(patience); ; {
		select {
		case err := <-ended:
			if err == nil { // there was nothing left to do
				return nil
			}
			said, _ := Log(s.Dir, 1)
			return fmt.Errorf("background: %s: %s (%w); all that it said is in %s", s.Dir, strings.TrimSpace(said), err, LogFile)
		case <-late:
			return nil
		case <-time.After(20 * time.Millisecond):
			who, at := lock.Who(s.Dir)
			_, err := os.Stat(filepath.Join(s.Dir, folder.StudyFile))
			if at && who.Process == cmd.Process.Pid && err == nil {
				return nil
			}
		}
	}
}

// Stop interrupts the process of this machine that works on the study, as Ctrl-C does, and returns when it has ended. What is stored
// stays: Start goes on from the last finished epoch. It is an error if nobody works on the whole study, or a process of another machine.
func Stop(dir string) error {
	who, at := lock.Held(dir)
	if !at {
		return fmt.Errorf("background: no process works on the study %s", dir)
	}
	if host, err := os.Hostname(); err != nil || host != who.Host {
		return fmt.Errorf("background: %s works on the study %s: stop it there", who, dir)
	}
	if err := syscall.Kill(who.Process, syscall.SIGINT); err != nil {
		return fmt.Errorf("background: %s: %w", who, err)
	}
	for late := time.Now().Add(patience); time.Now().Before(late); time.Sleep(20 * time.Millisecond) {
		if now, at := lock.Held(dir); !at || now != who {
			return nil
		}
	}
	return fmt.Errorf("background: %s works on the study %s still, %v after it was interrupted", who, dir, patience)
}

// Log returns the last lines that the process of a study has said, fewer if it has said less; none if it was not started by Start.
func Log(dir string, lines int) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, LogFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("background: %w", err)
	}
	all := strings.SplitAfter(strings.TrimSpace(string(text)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], ""), nil
}
