package background_test

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study/background"
	"distillation/kdlib/study/folder"

	"golang.org/x/sys/unix"
)

// kdEnv makes this test binary a kd that opens pictures, stores the recipe and trains until it is interrupted.
const kdEnv = "KDLIB_TEST_BACKGROUND"

func TestMain(m *testing.M) {
	if os.Getenv(kdEnv) != "" {
		os.Exit(kd(os.Args[1:]))
	}
	os.Exit(m.Run())
}

func kd(words []string) int {
	value := func(flag string) string { return words[slices.Index(words, flag)+1] }
	dir := value("--dir")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt) // before the lock, from which on it may be interrupted
	held, err := lock.Take(dir)
	if err != nil {
		fmt.Println("kd:", err)
		return 75
	}
	if pictures := value("--pictures"); pictures == "broken" {
		fmt.Println("opening pictures")
		fmt.Println("kd: broken.tar holds no pictures")
		return 1
	}
	how, err := recipe.Read(value("--config"))
	if err == nil {
		err = recipe.WriteJSON(filepath.Join(dir, folder.StudyFile), how)
	}
	if err != nil {
		fmt.Println("kd:", err)
		return 1
	}
	<-stop
	fmt.Println("interrupted while it trained", how.Name)
	if err := held.Release(); err != nil {
		return 1
	}
	return 75
}

// demo is a study in a folder outside of any module, where the kd on the PATH is the one above.
func demo(t *testing.T) background.Study {
	t.Helper()
	t.Chdir(t.TempDir())
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("bin", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("bin/kd", []byte("#!/bin/sh\nexec '"+self+"' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	bin, err := filepath.Abs("bin")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv(kdEnv, "1")
	return background.Study{Recipe: recipe.Demo, Pictures: "faces.tar", Dir: "study", CacheDir: "cache"}
}

// A study is started, cannot be started twice, is stopped by SIGINT, and goes on: each time as a session of its own, with the recipe that it
// was given and what it says in the study's folder.
func TestStartAndStop(t *testing.T) {
	s := demo(t)
	t.Cleanup(func() { _ = background.Stop(s.Dir) })
	for range 2 {
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		who, at := lock.Held(s.Dir)
		if session, err := unix.Getsid(who.Process); !at || err != nil || session != who.Process {
			t.Fatalf("got %v, %v in the session %d, %v, want a process in a session of its own", who, at, session, err)
		}
		if err := s.Start(); err == nil || !strings.Contains(err.Error(), "study runs already, by "+who.String()) {
			t.Errorf("started twice: got %v, want an error that names %v", err, who)
		}
		if err := background.Stop(s.Dir); err != nil {
			t.Fatal(err)
		}
		if who, at := lock.Who(s.Dir); at {
			t.Errorf("after Stop: %v works in the folder", who)
		}
	}
	if err := background.Stop(s.Dir); err == nil || !strings.Contains(err.Error(), "no process works on the study study") {
		t.Errorf("stopped twice: got %v", err)
	}
	log, err := background.Log(s.Dir, 100)
	if err != nil {
		t.Fatal(err)
	}
	line := "kd study --config study/start.json --pictures faces.tar --dir study --cache cache\ninterrupted while it trained demo\n"
	if strings.Count(log+"\n", line) != 2 {
		t.Errorf("got the log %q, want %q twice", log, line)
	}
	if last, err := background.Log(s.Dir, 1); err != nil || last != "interrupted while it trained demo" {
		t.Errorf("last line: got %q, %v, want that it was interrupted", last, err)
	}
}

// What is wrong at the start is said where the study is started, and leaves no process.
func TestWrongStarts(t *testing.T) {
	right := demo(t)
	for want, spoil := range map[string]func(*background.Study){
		"kd: broken.tar holds no pictures (exit status 1)": func(s *background.Study) { s.Pictures = "broken" },
		"CacheDir: got none": func(s *background.Study) { s.CacheDir = "" },
		"epochs":             func(s *background.Study) { s.Recipe.Student.Epochs = -1 },
	} {
		s := right
		spoil(&s)
		if err := s.Start(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want %q", err, want)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if err := right.Start(); err == nil || !strings.Contains(err.Error(), "there is no kd on the PATH") {
		t.Errorf("without kd: got error %v", err)
	}
	if log, err := background.Log("nowhere", 3); log != "" || err != nil {
		t.Errorf("without a log: got %q, %v, want none", log, err)
	}
}

// A process of another machine, which shares the folder, cannot be stopped from here.
func TestStopElsewhere(t *testing.T) {
	dir := t.TempDir()
	held, err := lock.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = held.Release() }()
	if err := os.WriteFile(filepath.Join(dir, lock.File), []byte(`{"program":"kd","process":7,"host":"another"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := background.Stop(dir); err == nil || !strings.Contains(err.Error(), "process 7 on another") || !strings.Contains(err.Error(), "stop it there") {
		t.Errorf("got error %v, want one that names the machine", err)
	}
}
