package images

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// What Open finds, and OpenAny does not mind or says in its own words.
var (
	errNoClasses  = errors.New("no two classes")
	errNoPictures = errors.New("no pictures")
)

// OpenAny is Open for pictures that are to be asked about, and so need no classes: one picture file too, or a folder or archive of
// them. Where every picture has one of two classes, its ID is as Open makes it ("cat.0", "left.IMG_7"); else none is left out, each
// ID is the path ("holiday/IMG_7.jpg"), and Classes is empty.
func OpenAny(path string) (*Source, error) {
	if kind, err := pictureKind(path); err != nil {
		return nil, fmt.Errorf("images: %w", err)
	} else if kind != "" {
		return newSource(path, single(path), (*Source).indexPaths)
	}
	s, err := Open(path)
	if err == nil && len(s.pictures) == s.found {
		return s, nil
	}
	if err != nil && !errors.Is(err, errNoClasses) && !errors.Is(err, errNoPictures) {
		return nil, err
	}
	if err == nil {
		if err := s.Close(); err != nil {
			return nil, fmt.Errorf("images: %w", err)
		}
	}
	st, err := openStore(path)
	if err != nil {
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	return newSource(path, st, (*Source).indexPaths)
}

// pictureKind is what picture a file is; "" if it is a folder, or none.
func pictureKind(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return kindOf(head[:n]), err
}

// indexPaths lists all pictures by their paths.
func (s *Source) indexPaths() error {
	entries, err := s.entries()
	if err != nil {
		return err
	}
	pictures, err := s.sorted(entries, "files that end in .jpg, .png, .webp or .bmp")
	if err != nil {
		return err
	}
	s.layout = "no classes: each picture's name is its path"
	for _, e := range pictures {
		if err := s.accept(Picture{ID: e.name, Path: e.path, content: e.content}); err != nil {
			return err
		}
	}
	s.sort()
	return nil
}

// single is one picture file.
type single string

func (f single) list(add func(entry)) error {
	add(entry{key: filepath.Base(string(f))})
	return nil
}

func (f single) each(ctx context.Context, keys []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, keys, f.open, fn)
}

func (f single) open(string) (io.ReadCloser, error) { return os.Open(string(f)) }

func (f single) Close() error { return nil }
