package images

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// A Picture is one picture of a Source.
type Picture struct {
	ID     string // "cat.0" or "dog.12", whatever the layout; of two folders of pictures "left.IMG_7"
	Label  int    // 0 cat, 1 dog; 0 and 1 for the first and the second of two folders
	Path   string // inside the folder or archive, as written there
	number int
}

// A Problem is a picture (or an entry of an archive) that was left out.
type Problem struct {
	Path   string // inside the folder or archive
	Reason string
}

// String is "path: reason".
func (p Problem) String() string { return p.Path + ": " + p.Reason }

// A Source is a folder or an archive of pictures. Its methods may be called
// from several goroutines at once, except Close.
type Source struct {
	path     string
	store    store
	classes  [2]string // names of the labels 0 and 1
	pictures []Picture // by class, then number
	order    []Picture // as they lie in the archive
	byID     map[string]Picture
	problems []Problem
	ignored  []entry // what belongs to no layout
}

// An entry is a file of the folder or archive.
type entry struct {
	name string
	mode fs.FileMode
}

// A store is where the files of a Source lie: folder.go, zip.go, tar.go.
type store interface {
	// list calls add once for each entry that is no directory.
	list(add func(name string, mode fs.FileMode)) error
	// each calls fn for the named files, in the order of list. A file that
	// cannot be opened is passed on as a reader that returns the reason.
	each(ctx context.Context, names []string, fn func(name string, r io.Reader) error) error
	open(name string) (io.ReadCloser, error)
	Close() error
}

// Open lists the pictures at path: a folder, a zip, a tar or a gzipped tar,
// recognised by content, not by name. Two layouts of cats and dogs are
// understood, in any mixture of upper and lower case, with .jpg, .jpeg or .png:
//
//	.../cat.0.jpg            Kaggle, in any folder
//	.../PetImages/Cat/0.jpg  Microsoft; also Cat/0.jpg directly below path
//
// Where there is no such picture, two folders of pictures of any names are two
// classes. The folders' names in alphabetical order, whatever their case, are
// the labels 0 and 1: left/a.jpg is the picture "left.a" of label 0 beside
// right/b.jpg, "right.b" of label 1. One folder of pictures, or three, are an
// error; a folder without pictures of its own does not count.
//
// All else is ignored and counted (see Ignored). Links, absolute paths and
// paths with ".." are refused and reported (see Problems). Two files with one
// ID, no picture at all, more than a million files, or an archive that expands
// to far more than its size, are errors.
func Open(path string) (*Source, error) {
	st, err := openStore(path)
	if err != nil {
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	s := &Source{path: path, store: st, classes: pets, byID: map[string]Picture{}}
	if err := s.index(); err != nil {
		st.Close()
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	return s, nil
}

// openStore chooses by content; the marks are those of the file formats.
func openStore(path string) (store, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return openFolder(path)
	}
	head, err := readHead(path)
	if err != nil {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openZip(path)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return openTarGz(path)
	case isTar(head):
		return openTar(path)
	}
	return nil, fmt.Errorf("neither a folder nor a zip, tar or tar.gz (it begins with %q)", head[:min(len(head), 8)])
}

// readHead returns up to one tar block from the start of the file.
func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return head[:n], err
}

func (s *Source) index() error {
	var clash error
	entries := 0
	err := s.store.list(func(name string, mode fs.FileMode) {
		if entries++; entries > maxEntries || clash != nil {
			return
		}
		clash = s.add(entry{name, mode})
	})
	if entries > maxEntries {
		return fmt.Errorf("%d files, want at most %d", entries, maxEntries)
	}
	if err != nil {
		return err
	}
	if clash == nil && len(s.order) == 0 {
		clash = s.addFolders()
	}
	if clash != nil {
		return clash
	}
	s.pictures = slices.Clone(s.order)
	slices.SortFunc(s.pictures, func(a, b Picture) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.number, b.number), cmp.Compare(a.ID, b.ID))
	})
	return nil
}

// add files one entry as a picture, a problem or ignored.
func (s *Source) add(e entry) error {
	if reason := unsafePath(e.name); reason != "" {
		s.problems = append(s.problems, Problem{e.name, reason})
		return nil
	}
	p, ok := picture(e.name)
	if !ok {
		s.ignored = append(s.ignored, e)
		return nil
	}
	return s.accept(p, e.mode)
}

// accept files a picture by its ID, or as a problem if it is no regular file.
func (s *Source) accept(p Picture, mode fs.FileMode) error {
	if !mode.IsRegular() {
		s.problems = append(s.problems, Problem{p.Path, "a link or special file, not a picture"})
		return nil
	}
	if twin, ok := s.byID[p.ID]; ok {
		return fmt.Errorf("two pictures named %s: %s and %s", p.ID, twin.Path, p.Path)
	}
	s.byID[p.ID] = p
	s.order = append(s.order, p)
	return nil
}

// Classes returns the names of the labels 0 and 1: cat and dog, or those of two
// folders of pictures.
func (s *Source) Classes() [2]string { return s.classes }

// Pictures returns all pictures, cats (label 0) first, each class by number or,
// in two folders of pictures, by name.
func (s *Source) Pictures() []Picture { return slices.Clone(s.pictures) }

// Problems returns the entries that were refused when the source was opened.
func (s *Source) Problems() []Problem { return slices.Clone(s.problems) }

// Ignored counts the files that belong to no layout.
func (s *Source) Ignored() int { return len(s.ignored) }

// Each calls fn for every picture, in the order of the archive, until fn or
// ctx gives an error, which Each returns as it is. The reader is valid during
// the call only; a picture that cannot be read shows in the reader's error, so
// that one broken picture need not stop the rest.
func (s *Source) Each(ctx context.Context, fn func(Picture, io.Reader) error) error {
	return s.some(ctx, s.order, fn)
}

// some is Each for chosen pictures, which must come in the archive's order.
func (s *Source) some(ctx context.Context, pictures []Picture, fn func(Picture, io.Reader) error) error {
	names := make([]string, len(pictures))
	for i, p := range pictures {
		names[i] = p.Path
	}
	i := 0
	return s.store.each(ctx, names, func(_ string, r io.Reader) error {
		p := pictures[i]
		i++
		return fn(p, r)
	})
}

// openPicture opens one picture for showing: at once, except in a tar.gz,
// which is read from its start; see AtOnce.
func (s *Source) openPicture(id string) (io.ReadCloser, error) {
	p, ok := s.byID[id]
	if !ok {
		return nil, fmt.Errorf("images: %s: no picture %q", s.path, id)
	}
	r, err := s.store.open(p.Path)
	if err != nil {
		return nil, fmt.Errorf("images: %s: %s: %w", s.path, p.Path, err)
	}
	return r, nil
}

// AtOnce returns a way to open each of the chosen pictures at once: openPicture, but for a tar.gz, whose chosen pictures
// are unpacked into memory before, all in one pass.
func (s *Source) AtOnce(ctx context.Context, ids []string) (open func(id string) (io.ReadCloser, error), err error) {
	if _, ok := s.store.(gzippedTar); !ok {
		return s.openPicture, nil
	}
	unpacked := make(map[string][]byte, len(ids))
	for _, id := range ids {
		unpacked[id] = nil
	}
	chosen := slices.DeleteFunc(slices.Clone(s.order), func(p Picture) bool {
		_, ok := unpacked[p.ID]
		return !ok
	})
	err = s.some(ctx, chosen, func(p Picture, r io.Reader) (err error) {
		if unpacked[p.ID], err = readPicture(r); err != nil {
			return fmt.Errorf("%s: %w", p.Path, err)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("images: %s: %w", s.path, err)
	}
	return func(id string) (io.ReadCloser, error) {
		data := unpacked[id]
		if data == nil {
			return nil, fmt.Errorf("images: %s: no picture %q among those chosen", s.path, id)
		}
		return io.NopCloser(bytes.NewReader(data)), nil
	}, nil
}

// Close releases the files.
func (s *Source) Close() error { return s.store.Close() }

// unreadable is a reader whose every Read fails with err.
type unreadable struct{ err error }

func (u unreadable) Read([]byte) (int, error) { return 0, u.err }

// eachOpened calls fn for the named files, opening one at a time.
func eachOpened(ctx context.Context, names []string, open func(string) (io.ReadCloser, error), fn func(string, io.Reader) error) error {
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := open(name)
		if err != nil {
			r = io.NopCloser(unreadable{err})
		}
		err = fn(name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
