package images

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A file of a test archive; link, if not empty, makes it a symbolic link.
type file struct{ name, content, link string }

// kinds makes each kind of source from the same files, under names that say nothing.
var kinds = map[string]func(t *testing.T, files []file) string{
	"folder": makeFolder,
	"zip":    func(t *testing.T, files []file) string { return save(t, zipOf(t, files)) },
	"tar":    func(t *testing.T, files []file) string { return save(t, tarOf(t, files)) },
	"tar.gz": func(t *testing.T, files []file) string { return save(t, gzipOf(t, tarOf(t, files))) },
}

func save(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pictures")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func makeFolder(t *testing.T, files []file) string {
	t.Helper()
	root := t.TempDir()
	for _, f := range files {
		path := filepath.Join(root, f.name)
		err := os.MkdirAll(filepath.Dir(path), 0o755)
		if f.link != "" {
			err = errors.Join(err, os.Symlink(f.link, path))
		} else {
			err = errors.Join(err, os.WriteFile(path, []byte(f.content), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func zipOf(t testing.TB, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: zip.Deflate}
		h.SetMode(0o644)
		if f.link != "" {
			h.SetMode(os.ModeSymlink | 0o777)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = io.WriteString(w, f.content+f.link)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, files []file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		h := &tar.Header{Name: f.name, Size: int64(len(f.content)), Mode: 0o644}
		if f.link != "" {
			h.Typeflag, h.Linkname = tar.TypeSymlink, f.link
		}
		err := w.WriteHeader(h)
		if err == nil {
			_, err = io.WriteString(w, f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipOf(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(content)
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// mixed holds both layouts, and what must be ignored.
var mixed = []file{
	{name: "readme.txt", content: "no picture"},
	{name: "test1/123.jpg", content: "no class"},
	{name: "train/dog.10.jpg", content: "ten"},
	{name: "train/dog.2.JPEG", content: "two"},
	{name: "train/Cat.7.png", content: "seven"},
	{name: "x/PetImages/Cat/0.jpg", content: "zero"},
	{name: "x/PetImages/Cat/Thumbs.db", content: "no picture"},
	{name: "x/PetImages/Dog/11.Jpg", content: "eleven"},
	{name: "__MACOSX/train/cat.9.jpg", content: "no picture"},
}

func TestOpen(t *testing.T) {
	want := "cat.0=zero cat.7=seven dog.2=two dog.10=ten dog.11=eleven"
	for kind, makeOne := range kinds {
		t.Run(kind, func(t *testing.T) {
			s, err := Open(makeOne(t, mixed))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if s.Ignored() != 2 || len(s.Problems()) != 0 || strings.Join(s.Notes(), "|") != "left out, without a class: test1 (1)" {
				t.Errorf("ignored %d, problems %v, notes %q; want 2, none and test1", s.Ignored(), s.Problems(), s.Notes())
			}
			var got []string
			for _, p := range s.Pictures() {
				if strings.HasPrefix(p.ID, "dog") != (p.Label == 1) {
					t.Errorf("%s has label %d", p.ID, p.Label)
				}
				r, err := s.openPicture(p.ID)
				if err != nil {
					t.Fatal(err)
				}
				content, err := io.ReadAll(r)
				if err = errors.Join(err, r.Close()); err != nil {
					t.Fatal(err)
				}
				got = append(got, p.ID+"="+string(content))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("got %v, want %s", got, want)
			}
			if _, err := s.openPicture("cat.1"); err == nil || !strings.Contains(err.Error(), `"cat.1"`) {
				t.Errorf("missing picture: error %v", err)
			}
		})
	}
}

func TestEachGoesInTheArchivesOrder(t *testing.T) {
	want := "dog.10=ten dog.2=two cat.7=seven cat.0=zero dog.11=eleven"
	for _, kind := range []string{"zip", "tar", "tar.gz"} {
		s, err := Open(kinds[kind](t, mixed))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		var got []string
		err = s.Each(context.Background(), func(p Picture, r io.Reader) error {
			content, err := io.ReadAll(r)
			got = append(got, p.ID+"="+string(content))
			return err
		})
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, %v, want %s", kind, got, err, want)
		}
		stop := errors.New("stop")
		if err := s.Each(context.Background(), func(Picture, io.Reader) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("%s: got error %v, want fn's", kind, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Each(ctx, func(Picture, io.Reader) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got error %v, want ctx's", kind, err)
		}
	}
}

func TestOpenRefusesPathsThatLeave(t *testing.T) {
	files := []file{
		{name: "cat.0.jpg", content: "good"},
		{name: "../cat.1.jpg", content: "up"},
		{name: "/etc/cat.2.jpg", content: "absolute"},
		{name: `..\..\cat.3.jpg`, content: "up, as Windows has it"},
		{name: `C:\cat.4.jpg`, content: "absolute, as Windows has it"},
		{name: "a/../../cat.5.jpg", content: "up"},
		{name: "cat.6.jpg", link: "/etc/passwd"},
	}
	for _, kind := range []string{"zip", "tar", "tar.gz"} {
		s, err := Open(kinds[kind](t, files))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if p := s.Pictures(); len(p) != 1 || p[0].ID != "cat.0" {
			t.Errorf("%s: got pictures %v, want cat.0 alone", kind, p)
		}
		var refused []string
		for _, p := range s.Problems() {
			refused = append(refused, p.Path)
		}
		if len(refused) != 6 || !slices.Contains(refused, "cat.6.jpg") || !slices.Contains(refused, "../cat.1.jpg") {
			t.Errorf("%s: got problems %v", kind, s.Problems())
		}
	}
}

// A link of the same name must not stand in for the picture.
func TestLinkBesidePicture(t *testing.T) {
	files := []file{{name: "cat.0.jpg", content: "good"}, {name: "cat.0.jpg", link: "dog.0.jpg"}}
	for _, kind := range []string{"zip", "tar", "tar.gz"} {
		s, err := Open(kinds[kind](t, files))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		r, err := s.openPicture("cat.0")
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if content, err := io.ReadAll(r); string(content) != "good" || len(s.Problems()) != 1 {
			t.Errorf("%s: got %q, %v, problems %v", kind, content, err, s.Problems())
		}
	}
}

// A name that CSV would not keep is a problem, not a picture.
func TestControlCharactersInNames(t *testing.T) {
	for _, kind := range []string{"zip", "tar", "tar.gz"} {
		s, err := Open(kinds[kind](t, []file{{name: "left/a.jpg"}, {name: "left/b\r\n.jpg"}, {name: "right/c.jpg"}}))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if len(s.Pictures()) != 2 || len(s.Problems()) != 1 || s.Problems()[0].Path != "left/b\r\n.jpg" {
			t.Errorf("%s: got pictures %v, problems %v, want the second picture as the only problem", kind, s.Pictures(), s.Problems())
		}
	}
}

func TestOpenErrors(t *testing.T) {
	double := []file{{name: "PetImages/Cat/1.jpg"}, {name: "PetImages/Cat/01.jpg"}}
	for kind, makeOne := range kinds {
		path := makeOne(t, double)
		_, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "PetImages/Cat/1.jpg") || !strings.Contains(err.Error(), "PetImages/Cat/01.jpg") {
			t.Errorf("%s, double picture: got error %v, want the path and both names in it", kind, err)
		}
		_, err = Open(makeOne(t, []file{{name: "photo.txt"}, {name: "cats/1.doc"}}))
		if err == nil || !strings.Contains(err.Error(), "no pictures among 2 files") || !strings.Contains(err.Error(), "PetImages/Cat/0.jpg") {
			t.Errorf("%s, no picture: got error %v, want the layouts in it", kind, err)
		}
	}
	whole := tarOf(t, []file{{name: "cat.1.jpg", content: strings.Repeat("x", 2000)}, {name: "cat.2.jpg", content: strings.Repeat("x", 2000)}})
	tests := map[string]struct {
		content []byte
		want    string
	}{
		"text":          {[]byte("hello"), `begins with "hello"`},
		"empty":         {nil, "neither a folder"},
		"cut tar":       {whole[:4000], "damaged near entry 2"},
		"cut tar.gz":    {gzipOf(t, whole)[:60], "unexpected EOF"},
		"gzipped text":  {gzipOf(t, []byte(strings.Repeat("hello", 200))), "damaged near entry 0"},
		"cut zip":       {zipOf(t, mixed)[:200], "zip"},
		"not there":     {nil, "no such file"},
		"only the mark": {[]byte{0x1f, 0x8b}, "EOF"},
	}
	for name, test := range tests {
		path := save(t, test.content)
		if name == "not there" {
			os.Remove(path)
		}
		_, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want %q and the path in it", name, err, test.want)
		}
	}
}

func TestPictureNames(t *testing.T) {
	tests := map[string]string{ // "" for what is no picture
		"cat.0.jpg":                 "cat.0",
		"CAT.0.JPG":                 "cat.0",
		"a/b/dog.00012.jpeg":        "dog.12",
		`PetImages\Dog\3.jpg`:       "dog.3",
		"petimages/dog/3.png":       "dog.3",
		"Cat/3.jpg":                 "cat.3",
		"x/PetImages/Cat/3.jpg":     "cat.3",
		"x/Cat/3.jpg":               "",
		"xPetImages/Cat/3.jpg":      "",
		"Cat/x3.jpg":                "",
		"cat.jpg":                   "",
		"cat.1.gif":                 "",
		"cat.1.jpg.txt":             "",
		"bobcat.1.jpg":              "",
		"._cat.1.jpg":               "",
		"__MACOSX/cat.1.jpg":        "",
		"cat.12345678901234.jpg":    "",
		"cat.-1.jpg":                "",
		"PetImages/Cat/sub/1.jpg":   "",
		"train/cat.1.jpg/inner.txt": "",
	}
	for name, want := range tests {
		got, _, _ := pet(path.Clean(slashes(name)))
		if anyHidden(name) {
			got.ID = ""
		}
		if got.ID != want {
			t.Errorf("%s: got %q, want %q", name, got.ID, want)
		}
	}
}

// Chosen pictures open in any order; those of a tar.gz do without the archive.
func TestAtOnce(t *testing.T) {
	for kind, source := range kinds {
		path := source(t, mixed)
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		open, err := s.AtOnce(context.Background(), []string{"dog.10", "cat.0", "dog.2"})
		if err != nil {
			t.Fatal(err)
		}
		if kind == "tar.gz" {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range [][2]string{{"dog.2", "two"}, {"dog.10", "ten"}, {"cat.0", "zero"}} {
			r, err := open(want[0])
			if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			content, err := io.ReadAll(r)
			if err = errors.Join(err, r.Close()); err != nil || string(content) != want[1] {
				t.Errorf("%s: %s: got %q, %v, want %q", kind, want[0], content, err, want[1])
			}
		}
		if _, err := open("cat.1"); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), `"cat.1"`) {
			t.Errorf("%s: no such picture: got error %v, want one that names it and the file", kind, err)
		}
	}
}

// An archive that broke after it was opened is named.
func TestAtOnceOfBrokenArchive(t *testing.T) {
	path := kinds["tar.gz"](t, mixed)
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := os.Truncate(path, 30); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AtOnce(context.Background(), []string{"cat.0"}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want one that names the file", err)
	}
}

// Sources are read by many goroutines at once.
func TestOpenPictureInParallel(t *testing.T) {
	var files []file
	for i := range 50 {
		files = append(files, file{name: fmt.Sprintf("cat.%d.jpg", i), content: strings.Repeat(fmt.Sprint(i, " "), 500)})
	}
	s, err := Open(kinds["tar"](t, files))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	done := make(chan error)
	for i := range files {
		go func() {
			r, err := s.openPicture(fmt.Sprintf("cat.%d", i))
			if err != nil {
				done <- err
				return
			}
			content, err := io.ReadAll(r)
			if err == nil && string(content) != files[i].content {
				err = fmt.Errorf("picture %d: other content", i)
			}
			done <- err
		}()
	}
	for range files {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}
