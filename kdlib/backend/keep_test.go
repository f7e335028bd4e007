package backend_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/backend"
	"distillation/kdlib/backend/programs"
	"distillation/kdlib/internal/cpu"
	"distillation/kdlib/internal/xlatest"

	. "github.com/gomlx/gomlx/core/graph"
)

// With the argument "compute" the test binary is a process that compiles and runs one program: see compute.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "compute" {
		if err := compute(os.Args[2], os.Args[3]); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// compute prints the value of a program, "sum" or "product" of 5 and 7, which so many others precede.
func compute(operation, others string) error {
	b, err := backend.New()
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(others)
	if err != nil {
		return err
	}
	for i := range n {
		if _, err := CallOnce(b, func(x *Node) *Node { return AddScalar(x, i) }, float32(1)); err != nil {
			return err
		}
	}
	out, err := CallOnce(b, func(x, y *Node) *Node {
		if operation == "sum" {
			return Add(x, y)
		}
		return Mul(x, y)
	}, float32(5), float32(7))
	if err != nil {
		return err
	}
	fmt.Print(out.Value())
	return nil
}

// process runs compute in a process of its own, with programs in the folder dir, and returns what it prints.
func process(t *testing.T, dir, operation string, others int, env ...string) string {
	t.Helper()
	cmd := exec.Command(os.Args[0], "compute", operation, strconv.Itoa(others))
	cmd.Env = append(append(os.Environ(), programs.Variable+"="+dir), env...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// kept are the keys of the programs in a folder.
func kept(t *testing.T, dir string) (keys []programs.Key) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		key, err := hex.DecodeString(e.Name())
		if err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		keys = append(keys, programs.Key(key))
	}
	return keys
}

// The second process runs what the first one left on the disk: so a sum becomes a product if its program is replaced.
func TestProgramsAreLoaded(t *testing.T) {
	xlatest.Backend(t)
	dir := t.TempDir()
	check := func(got, want string) {
		t.Helper()
		if got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	check(process(t, dir, "product", 0), "35")
	product := kept(t, dir)
	check(process(t, dir, "sum", 0), "12")
	both := kept(t, dir)
	if len(product) != 1 || len(both) != 2 {
		t.Fatalf("got %d programs, then %d, want 1, then 2", len(product), len(both))
	}
	sum := both[slices.IndexFunc(both, func(k programs.Key) bool { return k != product[0] })]

	store := programs.In(dir, programs.Limit)
	theSum := bytes.Clone(store.Load(sum))
	store.Keep(sum, store.Load(product[0]))
	check(process(t, dir, "sum", 0), "35")
	check(process(t, dir, "sum", 1), "35") // the number of graphs before it does not matter

	store.Keep(sum, []byte("whole, but no program"))
	check(process(t, dir, "sum", 0), "12")
	if !bytes.Equal(store.Load(sum), theSum) {
		t.Error("what the plugin refused was not made again")
	}
}

// A program is of one processor and one set of flags, and nothing is kept where that is turned off.
func TestProgramsAreOfOneKind(t *testing.T) {
	xlatest.Backend(t)
	dir := t.TempDir()
	process(t, dir, "sum", 0)
	process(t, dir, "sum", 0, cpu.FlagsVariable+"="+strings.TrimSpace(os.Getenv(cpu.FlagsVariable)+" --xla_cpu_max_isa=SSE4_2"))
	if n := len(kept(t, dir)); n != 2 {
		t.Errorf("got %d programs of two instruction sets, want 2", n)
	}
	nothing := t.TempDir()
	process(t, nothing, "sum", 0, programs.Variable+"="+programs.Off)
	if n := len(kept(t, nothing)); n != 0 {
		t.Errorf("turned off: got %d programs, want none", n)
	}
}

// The copy of XLA's header is go-xla's own, which tells how its table of functions lies in memory.
func TestHeader(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/gomlx/go-xla").Output()
	if err != nil {
		t.Fatal(err)
	}
	const name = "pjrt_c_api.h"
	want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "pjrt", name))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("internal", "hook", name))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from go-xla's: copy it", name)
	}
}
