package memory_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/backend/memory"
)

func TestMain(m *testing.M) {
	if slices.Contains(os.Args[1:], "restart") {
		if err := memory.Restart(); err != nil {
			fmt.Println(err)
		}
		fmt.Print(os.Getpid(), " ", os.Getenv(memory.Variable))
		return
	}
	os.Exit(m.Run())
}

// The program goes on as the same process, with the variable unless the user has it.
func TestRestart(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has the variable")
	}
	for _, c := range []struct{ set, want string }{
		{"", memory.Tunables},
		{memory.Variable + "=", ""},
		{memory.Variable + "=glibc.malloc.check=1", "glibc.malloc.check=1"},
	} {
		cmd := exec.Command(os.Args[0], "restart")
		cmd.Env = slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, memory.Variable+"=") })
		if c.set != "" {
			cmd.Env = append(cmd.Env, c.set)
		}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprint(cmd.Process.Pid, " ", c.want); string(out) != want {
			t.Errorf("with %q: got %q, want %q", c.set, out, want)
		}
	}
}
