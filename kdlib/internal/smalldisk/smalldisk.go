// Package smalldisk gives tests a file system of their own that is small, full or read-only. Only root may mount one, and
// only on Linux: elsewhere the tests are skipped.
package smalldisk

import (
	"os/exec"
	"testing"
)

// Mount mounts an empty file system of so many bytes and returns its folder. It is gone when the test ends.
func Mount(t testing.TB, size string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "kdlib-test", dir).CombinedOutput(); err != nil {
		t.Skipf("smalldisk: cannot mount (root may, on Linux): %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("smalldisk: %v: %s", err, out)
		}
	})
	return dir
}

// MakeReadOnly lets nobody write into a file system of Mount any more.
func MakeReadOnly(t testing.TB, dir string) {
	t.Helper()
	if out, err := exec.Command("mount", "-o", "remount,ro", dir).CombinedOutput(); err != nil {
		t.Fatalf("smalldisk: %v: %s", err, out)
	}
}
