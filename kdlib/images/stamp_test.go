package images

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// stamp opens a source and returns its stamp.
func stamp(t *testing.T, path string) string {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sum, err := s.Stamp()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// An archive behind a link has the archive's stamp, and another one when the archive changes.
func TestStampBehindLink(t *testing.T) {
	archive := kinds["zip"](t, mixed)
	link := filepath.Join(t.TempDir(), "link.zip")
	if err := os.Symlink(archive, link); err != nil {
		t.Fatal(err)
	}
	before := stamp(t, link)
	if own := stamp(t, archive); before != own {
		t.Errorf("got stamp %s behind the link, want the archive's, %s", before, own)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(archive, later, later); err != nil {
		t.Fatal(err)
	}
	if stamp(t, link) == before {
		t.Error("the archive has changed and the stamp has not")
	}
}
