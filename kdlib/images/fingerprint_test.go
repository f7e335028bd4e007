package images

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// fingerprint opens a source and returns its fingerprint.
func fingerprint(t *testing.T, path string) string {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sum, err := s.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	return sum
}

// An archive behind a link has the archive's fingerprint, and another one when the archive changes.
func TestFingerprintBehindLink(t *testing.T) {
	archive := kinds["zip"](t, mixed)
	link := filepath.Join(t.TempDir(), "link.zip")
	if err := os.Symlink(archive, link); err != nil {
		t.Fatal(err)
	}
	before := fingerprint(t, link)
	if own := fingerprint(t, archive); before != own {
		t.Errorf("got fingerprint %s behind the link, want the archive's, %s", before, own)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(archive, later, later); err != nil {
		t.Fatal(err)
	}
	if fingerprint(t, link) == before {
		t.Error("the archive has changed and the fingerprint has not")
	}
}

// Another layout of the same files makes other pictures of them.
func TestFingerprintOfLayout(t *testing.T) {
	path := makeFolder(t, tree(2, "1/cat/%d.jpg", "1/dog/%d.jpg", "2/cat/%d.jpg"))
	fingerprints := map[string]bool{}
	for _, layout := range []Layout{Folders, Parents} {
		s, err := OpenAs(path, layout)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		sum, err := s.Fingerprint()
		if err != nil {
			t.Fatal(err)
		}
		fingerprints[sum] = true
	}
	if len(fingerprints) != 2 {
		t.Error("two layouts have one fingerprint")
	}
}

// A picture behind a link has the fingerprint of what the link leads to.
func TestFingerprintOfLinkedPicture(t *testing.T) {
	elsewhere := makeFolder(t, []file{{name: "a.jpg"}})
	path := makeFolder(t, []file{{name: "left/a.jpg", link: filepath.Join(elsewhere, "a.jpg")}, {name: "right/b.jpg"}})
	before := fingerprint(t, path)
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(elsewhere, "a.jpg"), later, later); err != nil {
		t.Fatal(err)
	}
	if fingerprint(t, path) == before {
		t.Error("the picture has changed and the fingerprint has not")
	}
}
