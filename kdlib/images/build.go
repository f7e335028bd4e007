package images

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// CacheOptions say what BuildCache makes.
type CacheOptions struct {
	Size     int                   // width and height of the decoded pictures, from 1 to MaxSize
	Keep     func(id string) bool  // which pictures take part; nil: all
	Progress func(done, total int) // called after each picture, from one goroutine; may be nil
}

// BuildCache decodes the pictures of src, resizes each to o.Size x o.Size by nearest neighbour and writes them to path, whole or not at all. OpenCache reads the file: uint8 [n, size, size, 3] with the IDs, in
// the order of the archive, the same bytes on every run.
//
// Pictures that are too large or cannot be read or decoded are left out and returned as Problems, in the order of the archive.
// BuildCache decodes on all processors at once. ctx
// stops the work between two pictures.
func BuildCache(ctx context.Context, src *Source, path string, o CacheOptions) ([]Problem, error) {
	if o.Size < 1 || o.Size > MaxSize {
		return nil, fmt.Errorf("images: %s: size %d, want 1 to %d", path, o.Size, MaxSize)
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Dir(path)), renameio.WithPermissions(0o644))
	if err != nil {
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	defer f.Cleanup()
	b := builder{file: f, size: o.Size, sum: sha256.New()}
	err = b.header() // a placeholder
	if err == nil {
		err = b.pictures(ctx, src, o)
	}
	if err == nil {
		err = b.finish()
	}
	if err == nil {
		err = f.CloseAtomicallyReplace()
	}
	if err != nil {
		return b.problems, fmt.Errorf("images: %s: %w", path, err)
	}
	return b.problems, nil
}

// A builder appends decoded pictures to a cache file.
type builder struct {
	file     *renameio.PendingFile
	size     int
	sum      hash.Hash // of the pixels
	ids      []string
	problems []Problem
}

// pictures adds what can be decoded and notes what cannot.
func (b *builder) pictures(ctx context.Context, src *Source, o CacheOptions) error {
	chosen := src.order
	if o.Keep != nil {
		chosen = slices.DeleteFunc(slices.Clone(chosen), func(p Picture) bool { return !o.Keep(p.ID) })
	}
	done := 0
	for j, err := range decoded(ctx, src, chosen, b.size) {
		if err == nil {
			err = b.add(j)
		}
		if err != nil {
			return err
		}
		done++
		if o.Progress != nil {
			o.Progress(done, len(chosen))
		}
	}
	if len(b.ids) == 0 {
		first := ""
		if len(b.problems) > 0 {
			first = ", the first " + b.problems[0].String()
		}
		return fmt.Errorf("nothing to keep: %d pictures chosen of %d, %d of them broken%s", len(chosen), len(src.order), len(b.problems), first)
	}
	return nil
}

func (b *builder) add(j *job) error {
	if j.err != nil {
		b.problems = append(b.problems, Problem{j.picture.Path, j.err.Error()})
		return nil
	}
	b.ids = append(b.ids, j.picture.ID)
	b.sum.Write(j.pixels)
	_, err := b.file.Write(j.pixels)
	return err
}

// header writes the header at the file's start.
func (b *builder) header() error {
	_, err := b.file.Seek(0, io.SeekStart)
	if err == nil {
		_, err = b.file.Write(newHeader(b.size, b.ids, [sha256.Size]byte(b.sum.Sum(nil))))
	}
	return err
}

// finish appends the IDs and writes the true header.
func (b *builder) finish() error {
	if _, err := b.file.WriteString(joinIDs(b.ids)); err != nil {
		return err
	}
	return b.header()
}

// joinIDs is one ID a line.
func joinIDs(ids []string) string {
	return strings.Join(ids, "\n") + "\n"
}
