package images

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"context"
	"io"
	"os"

	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

// An expander opens a stream of one kind of compression.
type expander func(io.Reader) (io.ReadCloser, error)

// compressions by the first bytes of a file.
var compressions = []struct {
	start  string
	expand expander
}{
	{"\x1f\x8b", func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }},
	{"BZh", func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(bzip2.NewReader(r)), nil }},
	{"\xfd7zXZ\x00", func(r io.Reader) (io.ReadCloser, error) {
		x, err := xz.NewReader(r, xz.DefaultDictMax)
		return io.NopCloser(x), err
	}},
	{"\x28\xb5\x2f\xfd", func(r io.Reader) (io.ReadCloser, error) {
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1)) // no goroutine outlives an unfinished reading
		if err != nil {
			return nil, err
		}
		return z.IOReadCloser(), nil
	}},
}

// compressedTar has no offsets: every reading starts at the beginning.
type compressedTar struct {
	path   string
	expand expander
}

func (t compressedTar) list(add func(entry)) error {
	r, err := t.unpack()
	if err != nil {
		return err
	}
	defer r.Close()
	return listTar(r, func(*tar.Header) {}, add)
}

// each wants the keys in the order of the archive. One that follows itself, as that of a file and of a link to it, is read once.
func (t compressedTar) each(ctx context.Context, keys []string, fn func(string, io.Reader) error) error {
	r, err := t.unpack()
	if err != nil {
		return err
	}
	defer r.Close()
	tr := tar.NewReader(r)
	var content []byte
	for i, key := range keys {
		if err := ctx.Err(); err != nil {
			return err
		}
		if i == 0 || key != keys[i-1] {
			if err := skipTo(tr, key); err != nil {
				return err
			}
			content, err = io.ReadAll(io.LimitReader(tr, maxBytes+1)) // of more no picture is read either
		}
		of := io.Reader(bytes.NewReader(content))
		if err != nil {
			of = unreadable{err}
		}
		if err := fn(key, of); err != nil {
			return err
		}
	}
	return nil
}

func (t compressedTar) open(key string) (io.ReadCloser, error) {
	r, err := t.unpack()
	if err != nil {
		return nil, err
	}
	tr := tar.NewReader(r)
	if err := skipTo(tr, key); err != nil {
		r.Close()
		return nil, err
	}
	return readCloser{tr, r.Close}, nil
}

func (t compressedTar) Close() error { return nil }

// unpack opens the tar inside, which fails when it gets too large.
func (t compressedTar) unpack() (io.ReadCloser, error) {
	f, err := os.Open(t.path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	z, err := t.expand(bufio.NewReader(f))
	if err != nil {
		f.Close()
		return nil, err
	}
	return readCloser{&expanding{Reader: z, limit: mayExpandTo(info.Size())}, func() error {
		z.Close() // nothing is written that could be lost
		return f.Close()
	}}, nil
}

type readCloser struct {
	io.Reader
	close func() error
}

func (r readCloser) Close() error { return r.close() }
