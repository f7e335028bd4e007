package images

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What is a picture and not read is named by its kind, which its first bytes tell: it is not just another file, and under the
// name of a picture that is read it is a problem. The files are of Pillow and pillow-heif.
func TestKindsThatAreNotRead(t *testing.T) {
	paths, err := filepath.Glob("testdata/kinds/*")
	if err != nil || len(paths) == 0 {
		t.Fatal("no pictures", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		kind := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		if _, err := decode(data); err == nil || !strings.Contains(err.Error(), "not read: "+kind) {
			t.Errorf("%s: got error %v, want it to name the kind", path, err)
		}
		if strings.Contains(path, "WebP") {
			continue // a picture by its name
		}
		name := "left/x" + filepath.Ext(path)
		files := []file{{name: "left/a.jpg"}, {name: "right/b.jpg"}, {name: name, content: string(data)}, {name: "left/notes.txt", content: "BMI and other measures, one a line"}}
		for kindOfSource, makeOne := range kinds {
			s, err := Open(makeOne(t, files))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if want := []string{"not read: 1 " + kind + ": " + name}; !slices.Equal(s.Notes(), want) || s.Ignored() != 1 {
				t.Errorf("%s: got notes %q, %d ignored, want %q and one", kindOfSource, s.Notes(), s.Ignored(), want)
			}
		}
	}
}

// The media types are those of the WHATWG's "MIME Sniffing", which browsers follow.
func TestWhatIsNoPicture(t *testing.T) {
	for content, want := range map[string]string{
		"<!DOCTYPE HTML><title>404</title>": "text/html",
		"\n  <html lang=de>":                "text/html",
		"id,p\ncat.1,0.5\n":                 "text/plain",
		"Größe: 3 KB":                       "text/plain",
		"\x00\x01\x02":                      "application/octet-stream",
	} {
		if _, err := decode([]byte(content)); err == nil || !strings.Contains(err.Error(), "not read: "+want) {
			t.Errorf("%q: got error %v, want %s", content, err, want)
		}
	}
}

// A class that has pictures of such kinds alone is missing, and it is said why. So are pictures without a picture's name.
func TestOnlyKindsThatAreNotRead(t *testing.T) {
	heic, err := os.ReadFile("testdata/kinds/HEIC.heic")
	if err != nil {
		t.Fatal(err)
	}
	jpeg, err := os.ReadFile("testdata/decode/444.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(makeFolder(t, []file{{name: "cat/1.heic", content: string(heic)}, {name: "dog/1.heic", content: string(heic)}}))
	if want := "not read: 2 HEIC: cat/1.heic, dog/1.heic"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q in it", err, want)
	}
	_, err = Open(makeFolder(t, []file{{name: "cat/a.heic", content: string(heic)}, {name: "dog/b.jpg", content: string(jpeg)}}))
	if want := "not read: 1 HEIC: cat/a.heic"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got error %v, want %q in it", err, want)
	}
	s, err := Open(makeFolder(t, []file{{name: "cat/1.jpg"}, {name: "dog/1.jpg"}, {name: "dog/blob", content: string(jpeg)}}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if want := []string{"not read: 1 JPEG, under names that do not end in .jpg, .png, .webp or .bmp: dog/blob"}; !slices.Equal(s.Notes(), want) {
		t.Errorf("got notes %q, want %q", s.Notes(), want)
	}
}
