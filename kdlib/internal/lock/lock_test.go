package lock_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/internal/smalldisk"
)

// holdEnv makes this test binary a process that locks the folder it names, says so, and waits to be killed.
const holdEnv = "KDLIB_TEST_LOCK"

// kept is the lock of a process that holds one: the file of a lock that nothing refers to is closed by the collector.
var kept *lock.Folder

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		var err error
		if kept, err = lock.Take(dir); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("locked")
		time.Sleep(time.Hour) // an empty select would be a deadlock, which ends the process
	}
	os.Exit(m.Run())
}

// start runs another process on the folder and returns what it says first.
func start(t *testing.T, dir string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	said, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, strings.TrimSpace(said)
}

// The second process is told the name and the number of the first; when the first is killed, the lock heals.
func TestTwoProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	first, said := start(t, dir)
	if said != "locked" {
		t.Fatal(said)
	}
	want := fmt.Sprintf("%s is in use by %s, process %d on ", dir, filepath.Base(os.Args[0]), first.Process.Pid)
	if _, said := start(t, dir); !strings.Contains(said, want) {
		t.Errorf("the second process: got %q, want %q", said, want)
	}
	if _, err := lock.Take(dir); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("this process: got error %v, want %q", err, want)
	}
	if err := first.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait()
	if _, err := os.Stat(filepath.Join(dir, lock.File)); err != nil {
		t.Errorf("a killed process leaves its file: %v", err)
	}
	if _, said := start(t, dir); said != "locked" {
		t.Errorf("after the first was killed: got %q, want the lock", said)
	}
}

// Two parts of one process exclude each other too. What is given back leaves nothing.
func TestOneProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	held, err := lock.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Take(dir); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("got error %v, want one that names this process", err)
	}
	if err := held.Release(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder is left: %v", err)
	}
	again, err := lock.Take(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kept"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := again.Release(); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "kept" {
		t.Errorf("left: got %v, %v, want the file that was kept", left, err)
	}
}

// Many at once: at any time one holds the lock, and none fails but by being told so.
func TestManyTakeTurns(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "kept"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	const takers, turns = 8, 200
	inside := make(chan struct{}, 1)
	done := make(chan error, takers)
	for range takers {
		go func() {
			for range turns {
				held, err := lock.Take(dir)
				if err != nil && strings.Contains(err.Error(), "is in use") {
					continue
				}
				if err != nil {
					done <- err
					return
				}
				select {
				case inside <- struct{}{}:
				default:
					done <- errors.New("two hold the lock")
					return
				}
				<-inside
				if err := held.Release(); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range takers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestReadOnlyFolder(t *testing.T) {
	disk := smalldisk.Mount(t, "1m")
	dir := filepath.Join(disk, "run")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	smalldisk.MakeReadOnly(t, disk)
	if _, err := lock.Take(dir); err == nil || !strings.Contains(err.Error(), "the folder "+dir+" cannot be written into") {
		t.Errorf("got error %v, want one that names the folder", err)
	}
	if _, err := lock.Take(filepath.Join(disk, "new")); !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), disk) {
		t.Errorf("got error %v, want %v with the path", err, syscall.EROFS)
	}
}

// Who a folder is held by is what its file says, as long as that process lives: one that was killed is gone, also before anybody has waited
// for it. Held asks the lock as well: the number in a file that nobody has locked may be another process's by now.
func TestWhoHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if _, held := lock.Held(dir); held {
		t.Error("a folder that is not there is held")
	}
	holder, said := start(t, dir)
	if said != "locked" {
		t.Fatal(said)
	}
	for name, ask := range map[string]func(string) (lock.Holder, bool){"Who": lock.Who, "Held": lock.Held} {
		if who, at := ask(dir); !at || who.Process != holder.Process.Pid {
			t.Errorf("%s: got %v, %v, want process %d", name, who, at, holder.Process.Pid)
		}
	}
	if _, err := lock.Take(dir); !errors.Is(err, lock.ErrInUse) {
		t.Errorf("after it was asked for its holder: got %v, want %v", err, lock.ErrInUse)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	gone := false
	for range 1000 {
		if _, at := lock.Who(dir); !at {
			gone = true
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !gone {
		t.Error("a killed process that nobody has waited for holds the folder")
	}
	other := fmt.Sprintf(`{"program":"kd","process":%d,"host":%q}`, os.Getpid(), must(os.Hostname()))
	if err := os.WriteFile(filepath.Join(dir, lock.File), []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	if who, held := lock.Held(dir); held {
		t.Errorf("got %v, want nobody: this process has not locked the folder", who)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
