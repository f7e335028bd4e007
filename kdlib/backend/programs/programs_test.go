package programs

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"distillation/kdlib/internal/smalldisk"
)

// entry is a program of the given size, different for each n.
func entry(n, size int) (Key, []byte) {
	return KeyOf([]byte(fmt.Sprint(n))), bytes.Repeat([]byte{byte(n)}, size)
}

func TestLoadGivesWhatWasKept(t *testing.T) {
	s := In(filepath.Join(t.TempDir(), "made", "with", "it"), 1000)
	key, program := entry(1, 100)
	if got := s.Load(key); got != nil {
		t.Errorf("an empty store: got %d bytes, want none", len(got))
	}
	s.Keep(key, program)
	if got := s.Load(key); !bytes.Equal(got, program) {
		t.Errorf("got %q, want %q", got, program)
	}
	other, _ := entry(2, 0)
	if got := s.Load(other); got != nil {
		t.Errorf("another key: got %d bytes, want none", len(got))
	}
	if got, want := s.String(), "1 programs, 0 MB"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Where one part ends and the next begins is part of a key.
func TestKeyOf(t *testing.T) {
	if KeyOf([]byte("ab"), []byte("c")) == KeyOf([]byte("a"), []byte("bc")) {
		t.Error("got one key for ab, c and a, bc")
	}
}

// A damaged file is no program, and the next one kept takes its place.
func TestDamaged(t *testing.T) {
	key, program := entry(1, 5000)
	whole := seal(key, program)
	other, _ := entry(2, 0)
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-1000] ^= 1
	oldFormat := bytes.Replace(whole, []byte("program 1"), []byte("program 0"), 1)
	for name, data := range map[string][]byte{
		"empty":                   {},
		"cut in its head":         whole[:20],
		"cut in the program":      whole[:len(whole)-1],
		"one bit flipped":         flipped,
		"longer":                  append(bytes.Clone(whole), 0),
		"of another format":       oldFormat,
		"another program renamed": seal(other, program),
		"not of this store":       bytes.Repeat([]byte("text\n"), 1000),
	} {
		s := In(t.TempDir(), 1<<20)
		if err := os.WriteFile(s.path(key), data, 0o644); err != nil {
			t.Fatal(err)
		}
		if got := s.Load(key); got != nil {
			t.Errorf("%s: got %d bytes, want none", name, len(got))
		}
		s.Keep(key, program)
		if got := s.Load(key); !bytes.Equal(got, program) {
			t.Errorf("%s: got %d bytes after it was made again, want %d", name, len(got), len(program))
		}
	}
}

// A folder in which nothing can be written, or that is none, is a store without programs.
func TestUseless(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	key, program := entry(1, 10)
	inTheWay := In(t.TempDir(), 100)
	if err := os.MkdirAll(filepath.Join(inTheWay.path(key), "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, s := range []Store{In(file, 100), In(filepath.Join(file, "below"), 100), inTheWay} {
		s.Keep(key, program)
		if got := s.Load(key); got != nil {
			t.Errorf("%s: got %d bytes, want none", s.dir, len(got))
		}
	}
	if left, _ := filepath.Glob(filepath.Join(inTheWay.dir, "new-*")); len(left) > 0 {
		t.Errorf("got %q left half-written, want nothing", left)
	}
}

// What was not used for longest goes first, half-written files of killed processes included.
func TestBound(t *testing.T) {
	const size = 1000
	s := In(t.TempDir(), 4*(size+100))
	hoursAgo := func(path string, hours int) {
		t.Helper()
		then := time.Now().Add(-time.Duration(hours) * time.Hour)
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 4 {
		key, program := entry(n, size)
		s.Keep(key, program)
		hoursAgo(s.path(key), 10-n)
	}
	halfWritten := filepath.Join(s.dir, "new-123")
	if err := os.WriteFile(halfWritten, make([]byte, size), 0o644); err != nil {
		t.Fatal(err)
	}
	hoursAgo(halfWritten, 20)
	oldest, _ := entry(0, size)
	if s.Load(oldest) == nil { // its use makes it the newest
		t.Fatal("got no program, want the one kept")
	}
	for n := range 2 {
		key, program := entry(10+n, size)
		s.Keep(key, program)
	}
	var there []int
	for _, n := range []int{0, 1, 2, 3, 10, 11} {
		key, _ := entry(n, size)
		if s.Load(key) != nil {
			there = append(there, n)
		}
	}
	if got, want := fmt.Sprint(there), "[0 3 10 11]"; got != want {
		t.Errorf("got programs %s, want %s", got, want)
	}
	if _, err := os.Stat(halfWritten); err == nil {
		t.Error("a half-written file outlived programs")
	}
}

// Writers of one program and readers never see a part of it.
func TestManyAtOnce(t *testing.T) {
	s := In(t.TempDir(), 1<<20)
	key, program := entry(1, 1<<16)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				s.Keep(key, program)
				if got := s.Load(key); !bytes.Equal(got, program) {
					t.Errorf("got %d bytes, want %d", len(got), len(program))
				}
			}
		})
	}
	all.Wait()
}

func TestFolder(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", "/caches")
	t.Setenv("HOME", "/home/me")
	caches, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ variable, root, want string }{
		{"", "/checkout", "/checkout/.venv/lib/programs"},
		{"", "", filepath.Join(caches, "kdlib", "programs")},
		{"/mine", "/checkout", "/mine"},
		{"off", "/checkout", ""},
	} {
		t.Setenv(Variable, c.variable)
		if got := Folder(c.root); got != c.want {
			t.Errorf("%s=%q, checkout %q: got %q, want %q", Variable, c.variable, c.root, got, c.want)
		}
	}
}

// In a folder that may only be read, also one whose folder is yet to be made, a user keeps programs in caches of one's own and loads those of
// both.
func TestReadOnly(t *testing.T) {
	shared, caches := smalldisk.Mount(t, "1m"), t.TempDir()
	t.Setenv("XDG_CACHE_HOME", caches)
	t.Setenv("HOME", caches)
	theirs, program := entry(1, 100)
	In(shared, 1000).Keep(theirs, program)
	smalldisk.MakeReadOnly(t, shared)
	mine, other := entry(2, 100)
	for _, dir := range []string{shared, filepath.Join(shared, "not", "made")} {
		s := In(dir, 1000)
		s.Keep(mine, other)
		if got := s.Load(mine); !bytes.Equal(got, other) {
			t.Errorf("%s: got %q, want what this user kept", dir, got)
		}
		if got, want := s.dir, ofUser(); got != want || !strings.HasPrefix(got, caches) {
			t.Errorf("%s: kept in %s, want %s", dir, got, want)
		}
	}
	if got := In(shared, 1000).Load(theirs); !bytes.Equal(got, program) {
		t.Errorf("got %q, want the program of the shared folder", got)
	}
}
