package images

import (
	"archive/zip"
	"context"
	"io"
	"io/fs"
	"os"
)

// zipped reads a zip through its central directory.
type zipped struct {
	*zip.ReadCloser
	byName map[string]*zip.File
	size   int64 // of the archive
}

func openZip(path string) (store, error) {
	r, err := zip.OpenReader(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		r.Close()
		return nil, err
	}
	return &zipped{r, map[string]*zip.File{}, info.Size()}, nil
}

func (z *zipped) list(add func(string, fs.FileMode)) error {
	left := mayExpandTo(z.size)
	for _, f := range z.File {
		if f.UncompressedSize64 > uint64(left) {
			return tooLarge(mayExpandTo(z.size))
		}
		left -= int64(f.UncompressedSize64)
		mode := f.Mode()
		if mode.IsDir() {
			continue
		}
		if mode.IsRegular() {
			z.byName[f.Name] = f
		}
		add(f.Name, mode.Type())
	}
	return nil
}

func (z *zipped) each(ctx context.Context, names []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, names, z.open, fn)
}

func (z *zipped) open(name string) (io.ReadCloser, error) { return z.byName[name].Open() }
