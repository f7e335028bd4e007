package csvfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/internal/smalldisk"
)

func write(path string, rows int) error {
	return csvfile.Write(path, []string{"a", "b"}, rows, func(i int) []string { return []string{strconv.Itoa(i), `x,"y"`} })
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	if err := write(path, 2); err != nil {
		t.Fatal(err)
	}
	const want = "a,b\n0,\"x,\"\"y\"\"\"\n1,\"x,\"\"y\"\"\"\n" // RFC 4180
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// A file that does not fit on the disk leaves the old one as it was, and no pieces.
func TestFullDisk(t *testing.T) {
	disk := smalldisk.Mount(t, "1m")
	path := filepath.Join(disk, "t.csv")
	if err := write(path, 10); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(path, 1_000_000); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want %v with the path", err, syscall.ENOSPC)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the old file: got %d bytes, %v, want the %d of before", len(after), err, len(before))
	}
	if left, err := os.ReadDir(disk); err != nil || len(left) != 1 {
		t.Errorf("files: got %v, %v, want one", left, err)
	}
	smalldisk.MakeReadOnly(t, disk)
	if err := write(path, 1); !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want %v with the path", err, syscall.EROFS)
	}
}
