package images

import (
	"context"
	"io"
	"io/fs"
	"os"
)

// folder reads below a directory; os.Root keeps a link from leading out of it.
type folder struct{ root *os.Root }

func openFolder(path string) (store, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	return folder{root}, nil
}

func (f folder) list(add func(string, fs.FileMode)) error {
	return fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			add(name, d.Type())
		}
		return nil
	})
}

func (f folder) each(ctx context.Context, names []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, names, f.open, fn)
}

func (f folder) open(name string) (io.ReadCloser, error) { return f.root.Open(name) }

func (f folder) Close() error { return f.root.Close() }
