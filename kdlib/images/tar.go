package images

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// isTar reports whether a file is a tar: archive/tar reads its first entry, whatever stands before the file's own header, and
// compares the checksum, so that old tars without the "ustar" mark pass too.
func isTar(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = tar.NewReader(f).Next()
	return err == nil
}

// listTar calls place, while r stands where the content begins, and then add for each entry that is no directory. What is
// neither a file, a link nor a directory gets fs.ModeIrregular.
func listTar(r io.Reader, place func(*tar.Header), add func(entry)) error {
	tr := tar.NewReader(r)
	for count := 0; ; count++ {
		h, err := tr.Next()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("cut short or damaged near entry %d: %w", count, err)
		}
		e := entry{key: h.Name, mode: fs.ModeIrregular}
		switch h.Typeflag {
		case tar.TypeDir, tar.TypeXGlobalHeader:
			continue
		case tar.TypeSymlink:
			e.mode, e.link = fs.ModeSymlink, h.Linkname
		case tar.TypeLink:
			e.mode, e.link, e.hard = fs.ModeSymlink, h.Linkname, true
		}
		if isFile(h) {
			place(h)
			e.mode, e.kind = 0, kindIn(h.Name, tr)
		}
		add(e)
	}
}

func isFile(h *tar.Header) bool {
	return h.Typeflag == tar.TypeReg || h.Typeflag == tar.TypeCont || h.Typeflag == tar.TypeGNUSparse
}

// sparse files are not stored in one piece.
func sparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return h.Typeflag == tar.TypeGNUSparse
}

// plainTar reads any entry at its offset.
type plainTar struct {
	file  *os.File
	place map[string]extent
}

// An extent is where a file lies; a sparse one is read from the archive's start.
type extent struct {
	offset, size int64
	sparse       bool
}

func openTar(path string) (store, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return &plainTar{f, map[string]extent{}}, nil
}

func (t *plainTar) list(add func(entry)) error {
	var seek error
	err := listTar(t.file, func(h *tar.Header) {
		// archive/tar does not read ahead.
		offset, err := t.file.Seek(0, io.SeekCurrent)
		seek = errors.Join(seek, err)
		t.place[h.Name] = extent{offset, h.Size, sparse(h)}
	}, add)
	return errors.Join(err, seek)
}

func (t *plainTar) each(ctx context.Context, keys []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, keys, t.open, fn)
}

func (t *plainTar) open(key string) (io.ReadCloser, error) {
	e := t.place[key]
	if !e.sparse {
		return io.NopCloser(io.NewSectionReader(t.file, e.offset, e.size)), nil
	}
	tr := tar.NewReader(io.NewSectionReader(t.file, 0, 1<<62))
	return io.NopCloser(tr), skipTo(tr, key)
}

func (t *plainTar) Close() error { return t.file.Close() }

// skipTo moves to the regular entry of that name.
func skipTo(tr *tar.Reader, key string) error {
	for {
		h, err := tr.Next()
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		if h.Name == key && isFile(h) {
			return nil
		}
	}
}
