package images

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Any file gives an error, or a source whose pictures all end: in their content or in an error.
func FuzzOpen(f *testing.F) {
	few := []file{
		{name: "cat.0.jpg", content: "zero"},
		{name: "../cat.1.jpg", content: "up"},
		{name: "PetImages/Dog/3.jpg", content: ""},
		{name: "dog.4.jpg", link: "/etc/passwd"},
	}
	f.Add(zipOf(f, few))
	f.Add(tarOf(f, few))
	f.Add(gzipOf(f, tarOf(f, few)))
	f.Add(zipOf(f, []file{{name: "left/a.jpg"}, {name: "right/b\n.png"}, {name: "right/c.png", content: "c"}}))
	for _, name := range []string{"pax.tar.bz2", "pax.tar.xz", "pax.tar.zst", "links.tar.gz", "links.zip", "sparse-pax.tar", "shift-jis.zip"} {
		data, err := os.ReadFile(filepath.Join("testdata", "archives", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("hello"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "pictures")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := Open(path)
		if err != nil {
			return
		}
		defer s.Close()
		for _, p := range s.Pictures() {
			if p.Label != 0 && p.Label != 1 || unsafePath(p.Path) != "" {
				t.Errorf("accepted %+v", p)
			}
		}
		const most = 1 << 20 // of one picture: a bomb is cut by the limits of decoding
		_ = s.Each(context.Background(), func(_ Picture, r io.Reader) error {
			_, _ = io.Copy(io.Discard, io.LimitReader(r, most))
			return nil
		})
	})
}
