package notebook

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// roleEnv makes this test binary one of the processes of TestOrphanEnds.
const roleEnv = "KDLIB_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleEnv) {
	case "kernel": // starts a cell and waits to be killed
		cell := exec.Command(os.Args[0])
		cell.Env = append(os.Environ(), roleEnv+"=cell")
		cell.Stdout = os.Stdout
		if cell.Start() != nil {
			os.Exit(2)
		}
		select {}
	case "cell": // trains for hours
		go endWithParent(os.Getppid(), 10*time.Millisecond)
		os.Stdout.WriteString(strconv.Itoa(os.Getpid()) + "\n")
		time.Sleep(time.Hour)
	}
	os.Exit(m.Run())
}

// When a kernel is killed, the program of its cell ends by itself: the pipe that both have open is closed then.
func TestOrphanEnds(t *testing.T) {
	kernel := exec.Command(os.Args[0])
	kernel.Env = append(os.Environ(), roleEnv+"=kernel")
	out, err := kernel.StdoutPipe()
	if err == nil {
		err = kernel.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(out)
	said, err := r.ReadString('\n')
	cell, err2 := strconv.Atoi(strings.TrimSpace(said))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	if err := kernel.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.ReadByte(); err == nil {
		t.Error("the cell says more, want an end")
	}
	_ = kernel.Wait()
	for range 1000 { // an ended process may be there until it is waited for by the system
		if errors.Is(syscall.Kill(cell, 0), syscall.ESRCH) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d is still there", cell)
}
