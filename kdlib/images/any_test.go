package images

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Pictures to be asked about need no classes, and none of them is left out.
func TestOpenAny(t *testing.T) {
	jpeg, err := os.ReadFile(filepath.Join("testdata", "decode", "420-narrow.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		files []string
		open  string
		ids   string
		class string
	}{
		"one picture":          {[]string{"IMG_7.jpg"}, "IMG_7.jpg", "IMG_7.jpg", ""},
		"of any name":          {[]string{"cat.7.jpg"}, "cat.7.jpg", "cat.7.jpg", ""},
		"no classes":           {[]string{"a.jpg", "b.JPG", "notes.txt"}, "", "a.jpg b.JPG", ""},
		"one folder":           {[]string{"day/a.jpg", "day/b.jpg"}, "", "day/a.jpg day/b.jpg", ""},
		"three folders":        {[]string{"a/1.jpg", "b/1.jpg", "c/1.jpg"}, "", "a/1.jpg b/1.jpg c/1.jpg", ""},
		"two classes":          {[]string{"left/a.jpg", "right/b.jpg"}, "", "left.a right.b", "left"},
		"cats and dogs":        {[]string{"cat.1.jpg", "dog.2.jpg"}, "", "cat.1 dog.2", "cat"},
		"two, and one without": {[]string{"left/a.jpg", "right/b.jpg", "c.jpg"}, "", "c.jpg left/a.jpg right/b.jpg", ""},
	} {
		dir := t.TempDir()
		for _, file := range test.files {
			path := filepath.Join(dir, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, jpeg, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		s, err := OpenAny(filepath.Join(dir, test.open))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		defer s.Close()
		var ids []string
		err = s.Each(t.Context(), func(p Picture, r io.Reader) error {
			ids = append(ids, p.ID)
			_, err := Decode(r)
			return err
		})
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != test.ids || err != nil || s.Classes()[0] != test.class {
			t.Errorf("%s: got %q of %q, %v, want %q of %q", name, got, s.Classes(), err, test.ids, test.class)
		}
	}
	empty := t.TempDir()
	if err := os.WriteFile(filepath.Join(empty, "notes.txt"), []byte("no picture"), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		empty:                             "no pictures among 1 files: want files that end in .jpg",
		filepath.Join(empty, "notes.txt"): "neither a folder nor a zip or a tar",
		filepath.Join(empty, "absent"):    "no such file",
	} {
		if _, err := OpenAny(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q in it", path, err, want)
		}
	}
}
