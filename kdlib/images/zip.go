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

func (z *zipped) list(add func(entry)) error {
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
		e := entry{key: f.Name, mode: mode.Type()}
		switch {
		case mode.IsRegular():
			z.byName[f.Name] = f
			e.kind = z.kind(f)
		case mode&fs.ModeSymlink != 0:
			e.link = target(f)
		}
		add(e)
	}
	return nil
}

// kind looks into files with a name that is no picture's.
func (z *zipped) kind(f *zip.File) string {
	if anyPicture.MatchString(f.Name) {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	return kindIn(f.Name, r)
}

// target is the content of a symbolic link.
func target(f *zip.File) string {
	const longest = 4096 // PATH_MAX of Linux
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	text, _ := io.ReadAll(io.LimitReader(r, longest))
	return string(text)
}

func (z *zipped) each(ctx context.Context, keys []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, keys, z.open, fn)
}

func (z *zipped) open(key string) (io.ReadCloser, error) { return z.byName[key].Open() }
