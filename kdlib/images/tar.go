package images

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// isTar reports whether a first block is a tar header; archive/tar checks the
// header's checksum, so that old tars without the "ustar" mark pass too.
func isTar(block []byte) bool {
	_, err := tar.NewReader(bytes.NewReader(block)).Next()
	return err == nil
}

// listTar calls add for each entry that is no directory. What is neither a
// file nor a directory (links, devices, sparse files) gets fs.ModeIrregular.
func listTar(r io.Reader, add func(h *tar.Header, mode fs.FileMode)) error {
	tr := tar.NewReader(r)
	for count := 0; ; count++ {
		h, err := tr.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("cut short or damaged near entry %d: %w", count, err)
		}
		switch {
		case h.Typeflag == tar.TypeDir, h.Typeflag == tar.TypeXGlobalHeader:
		case h.Typeflag == tar.TypeReg && !sparse(h):
			add(h, 0)
		default:
			add(h, fs.ModeIrregular)
		}
	}
}

// sparse files of the PAX kind pass as regular ones, but are not stored in one piece.
func sparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// plainTar reads any entry at its offset.
type plainTar struct {
	file  *os.File
	place map[string]extent
}

type extent struct{ offset, size int64 }

func openTar(path string) (store, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &plainTar{f, map[string]extent{}}, nil
}

func (t *plainTar) list(add func(string, fs.FileMode)) error {
	var seek error
	err := listTar(t.file, func(h *tar.Header, mode fs.FileMode) {
		// archive/tar does not read ahead: the file stands where the content begins.
		offset, err := t.file.Seek(0, io.SeekCurrent)
		seek = errors.Join(seek, err)
		if mode.IsRegular() {
			t.place[h.Name] = extent{offset, h.Size}
		}
		add(h.Name, mode)
	})
	return errors.Join(err, seek)
}

func (t *plainTar) each(ctx context.Context, names []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, names, t.open, fn)
}

func (t *plainTar) open(name string) (io.ReadCloser, error) {
	e := t.place[name]
	return io.NopCloser(io.NewSectionReader(t.file, e.offset, e.size)), nil
}

func (t *plainTar) Close() error { return t.file.Close() }

// gzippedTar has no offsets: every reading starts at the beginning.
type gzippedTar struct{ path string }

func openTarGz(path string) (store, error) { return gzippedTar{path}, nil }

func (t gzippedTar) list(add func(string, fs.FileMode)) error {
	r, err := t.unzip()
	if err != nil {
		return err
	}
	defer r.Close()
	return listTar(r, func(h *tar.Header, mode fs.FileMode) { add(h.Name, mode) })
}

func (t gzippedTar) each(ctx context.Context, names []string, fn func(string, io.Reader) error) error {
	r, err := t.unzip()
	if err != nil {
		return err
	}
	defer r.Close()
	tr := tar.NewReader(r)
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := skipTo(tr, name); err != nil {
			return err
		}
		if err := fn(name, tr); err != nil {
			return err
		}
	}
	return nil
}

func (t gzippedTar) open(name string) (io.ReadCloser, error) {
	r, err := t.unzip()
	if err != nil {
		return nil, err
	}
	tr := tar.NewReader(r)
	if err := skipTo(tr, name); err != nil {
		r.Close()
		return nil, err
	}
	return readCloser{tr, r}, nil
}

func (t gzippedTar) Close() error { return nil }

func (t gzippedTar) unzip() (io.ReadCloser, error) {
	f, err := os.Open(t.path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		f.Close()
		return nil, err
	}
	return readCloser{&expanding{Reader: z, limit: mayExpandTo(info.Size())}, f}, nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// skipTo moves to the regular entry of that name.
func skipTo(tr *tar.Reader, name string) error {
	for {
		h, err := tr.Next()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if h.Name == name && h.Typeflag == tar.TypeReg {
			return nil
		}
	}
}
