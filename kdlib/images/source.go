package images

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"distillation/kdlib/predictions"
)

// A Picture is one picture of a Source.
type Picture struct {
	ID      string            // "cat.0" or "dog.12"; of folders of pictures "left.IMG_7"; of one that is split already "train/left.IMG_7"
	Label   int               // 0 cat, 1 dog; 0 and 1 for the first and the second of two folders
	Class   string            // the label's name; "" for cat and dog
	Split   predictions.Split // of a source that is split already; else ""
	Path    string            // inside the folder or archive, as written there
	content string            // by which the store opens it
	number  int
}

// A Problem is a picture (or an entry of an archive) that was left out.
type Problem struct {
	Path   string // inside the folder or archive
	Reason string
}

// String is "path: reason".
func (p Problem) String() string { return p.Path + ": " + p.Reason }

// A Source is a folder or an archive of pictures. Several goroutines may call its methods at once, except Close.
type Source struct {
	path     string
	store    store
	layout   string    // in one line
	classes  [2]string // names of the labels 0 and 1
	pictures []Picture // by class, then number
	order    []Picture // as they lie in the archive
	byID     map[string]Picture
	problems []Problem
	notes    []string // what else was left out
	ignored  int      // files that are no pictures
	found    int      // pictures, with and without a class
}

// An entry is a file of the folder or archive. A store fills in the first fields.
type entry struct {
	key    string // its name, as written there
	mode   fs.FileMode
	link   string // where it leads, of a link that the store does not follow
	hard   bool   // the link is told from the archive's root
	kind   string // of a picture under a name that is no picture's
	reason string // why it cannot be read

	path    string // the key in UTF-8
	name    string // the path with slashes, clean and in one form of Unicode: it decides class and ID
	content string // the key of the file that is read: another one's, of a link
	at      int    // the place of that file among all
}

// A store is where the files of a Source lie: folder.go, zip.go, tar.go, compressed.go.
type store interface {
	// list calls add once for each entry that is no directory.
	list(add func(entry)) error
	// each calls fn for the files with these keys, in the order of list. A file that
	// cannot be opened is passed on as a reader that returns the reason.
	each(ctx context.Context, keys []string, fn func(key string, r io.Reader) error) error
	open(key string) (io.ReadCloser, error)
	Close() error
}

// Open is OpenAs for AnyLayout.
func Open(path string) (*Source, error) { return OpenAs(path, AnyLayout) }

// OpenAs lists the pictures at path: a folder, a zip, or a tar, which may be compressed by gzip, bzip2, xz or zstd. It
// recognises archives by content, not by name. Pictures are files that end in .jpg, .jpeg, .jpe, .jfif, .png, .webp or .bmp, in
// upper or lower case. All of them together decide the layout (see Source.Layout):
//
//	.../cat.0.jpg            Kaggle, in any folder
//	.../PetImages/Cat/0.jpg  Microsoft; also Cat/0.jpg directly below path
//	left/a.jpg, right/b.jpg  two folders of pictures of any names, also in folders below these
//
// The names of two folders, in alphabetical order whatever their case, are the labels 0 and 1: left/a.jpg is the picture
// "left.a" of label 0, and right/b.jpg is "right.b" of label 1. Each layout may lie in folders train, val (valid, validation)
// and test, or these may lie in the folders of the classes. Such a source is split already, and left/train/a.jpg is
// "train/left.a".
//
// If two layouts fit and give a picture different labels, that is an error unless layout names one. It is also an error if some
// pictures in a folder have a class and others have none; with a layout the others are left out and noted. A folder whose
// pictures have no class at all, such as Kaggle's test1, is left out and noted (see Notes).
//
// Hidden files and folders, and those of systems (.git, __MACOSX, @eaDir), are passed over. Other files are counted (see
// Ignored). Links in a folder are followed wherever they lead, but each folder is read once. Links in an archive are followed
// if they stay in it. Broken links, absolute paths and paths with ".." are refused and reported (see Problems). All forms of
// Unicode give the same name; names that are not UTF-8 are read as Shift-JIS or code page 437. Errors are: two files with one
// ID, no picture at all, more than a million files, and an archive that expands to far more than its size.
func OpenAs(path string, layout Layout) (*Source, error) {
	if err := layout.Validate(); err != nil {
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	st, err := openStore(path)
	if err != nil {
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	return newSource(path, st, func(s *Source) error { return s.index(layout) })
}

// newSource makes a source of a store by one way to list its pictures.
func newSource(path string, st store, index func(*Source) error) (*Source, error) {
	s := &Source{path: path, store: st, byID: map[string]Picture{}}
	if err := index(s); err != nil {
		st.Close()
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	return s, nil
}

// notRead are archives that are recognised only to be named.
var notRead = map[string]string{
	"7z\xbc\xaf\x27\x1c": "7z",
	"Rar!\x1a\x07":       "RAR",
	"\x04\x22\x4d\x18":   "lz4",
	"\x1f\x9d":           "Unix compress",
	"LZIP":               "lzip",
}

// openStore chooses by content; the marks are those of the file formats.
func openStore(path string) (store, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return folder{path}, nil
	}
	head, err := readHead(path)
	if err != nil {
		return nil, err
	}
	starts := func(mark string) bool { return bytes.HasPrefix(head, []byte(mark)) }
	if starts("PK\x03\x04") || starts("PK\x05\x06") {
		return openZip(path)
	}
	for _, c := range compressions {
		if starts(c.start) {
			return compressedTar{path, c.expand}, nil
		}
	}
	if isTar(path) {
		return openTar(path)
	}
	for mark, kind := range notRead {
		if starts(mark) {
			return nil, fmt.Errorf("a %s archive, which is not read: unpack it, and give the folder", kind)
		}
	}
	return nil, fmt.Errorf("neither a folder nor a zip or a tar, also compressed by gzip, bzip2, xz or zstd (it begins with %q)", head)
}

// readHead returns the first bytes of the file.
func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 8)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

// index lists all files and tells the classes of the pictures.
func (s *Source) index(layout Layout) error {
	entries, err := s.entries()
	if err != nil {
		return err
	}
	pictures, err := s.sorted(entries, wanted)
	if err != nil {
		return err
	}
	s.found = len(pictures)
	chosen, all, err := decide(pictures, layout)
	if err != nil {
		return errors.Join(err, said(s.notes)) // what is not read may be the class that is missing
	}
	s.layout, s.classes = chosen.said, chosen.classes
	s.noteLeftOut(chosen, all)
	for i, p := range chosen.pictures {
		p.Path, p.content = all[i].path, all[i].content
		if s.classes != pets {
			p.Class = s.classes[p.Label]
		}
		if err := s.accept(p); err != nil {
			return err
		}
	}
	s.sort()
	return nil
}

// sort puts the pictures in the order of Pictures.
func (s *Source) sort() {
	s.pictures = slices.Clone(s.order)
	slices.SortFunc(s.pictures, func(a, b Picture) int {
		return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.number, b.number), cmp.Compare(a.ID, b.ID))
	})
}

// said makes an error of lines, or none.
func said(lines []string) error {
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "\n"))
}

// entries lists the files, with their names in UTF-8 and links resolved.
func (s *Source) entries() ([]entry, error) {
	var entries []entry
	count := 0
	err := s.store.list(func(e entry) {
		if count++; count <= maxEntries {
			e.content, e.at = e.key, len(entries)
			entries = append(entries, e)
		}
	})
	if count > maxEntries {
		return nil, fmt.Errorf("%d files, want at most %d", count, maxEntries)
	}
	if err != nil {
		return nil, err
	}
	if _, ok := s.store.(folder); !ok {
		resolve(entries)
	}
	if note := decodeNames(entries, s.store); note != "" {
		s.notes = append(s.notes, note)
	}
	return entries, nil
}

// sorted returns the pictures, in the order in which their contents lie, and files all else as problems, notes or ignored.
// Where there are none, the error says what is wanted.
func (s *Source) sorted(entries []entry, wanted string) ([]entry, error) {
	var pictures []entry
	kinds := map[string][]string{}
	for _, e := range entries {
		isPicture := anyPicture.MatchString(path.Base(e.name))
		reason := cmp.Or(unsafePath(e.path), e.reason)
		switch {
		case anyHidden(e.name) && unsafePath(e.path) == "":
		case reason == toFolder && !isPicture: // which is read under its own name
		case reason != "":
			s.problems = append(s.problems, Problem{e.path, reason})
		case isPicture && !e.mode.IsRegular():
			s.problems = append(s.problems, Problem{e.path, "a special file, not a picture"})
		case isPicture && predictions.CheckID(e.name) != nil:
			s.problems = append(s.problems, Problem{e.path, "a control character in its name"})
		case isPicture:
			pictures = append(pictures, e)
		case e.kind != "":
			kinds[e.kind] = append(kinds[e.kind], e.path)
		default:
			s.ignored++
		}
	}
	slices.SortStableFunc(pictures, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	unread := noteKinds(kinds)
	s.notes = append(s.notes, unread...)
	if len(pictures) == 0 {
		return nil, fmt.Errorf("%w among %d files: want %s", errNoPictures, len(entries), strings.Join(append([]string{wanted}, unread...), "; "))
	}
	return pictures, nil
}

// noteKinds says which pictures are not read.
func noteKinds(kinds map[string][]string) []string {
	var notes []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		paths := kinds[kind]
		why := ""
		if _, ok := decoders[kind]; ok {
			why = ", under names that do not end in .jpg, .png, .webp or .bmp"
		}
		notes = append(notes, fmt.Sprintf("not read: %d %s%s: %s", len(paths), kind, why, few(paths)))
	}
	return notes
}

// noteLeftOut says which pictures have no class.
func (s *Source) noteLeftOut(r reading, all []found) {
	if strays := r.strays(all); len(strays) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("left out: %d pictures without a class in folders of which others have one: %s", len(strays), few(strays)))
	}
	if folders := r.withoutClass(all); len(folders) > 0 {
		s.notes = append(s.notes, "left out, without a class: "+few(folders))
	}
}

// accept files a picture by its ID.
func (s *Source) accept(p Picture) error {
	if p.ID == "" {
		return nil
	}
	if twin, ok := s.byID[p.ID]; ok {
		return fmt.Errorf("two pictures named %s: %s and %s", p.ID, twin.Path, p.Path)
	}
	s.byID[p.ID] = p
	s.order = append(s.order, p)
	return nil
}

// Layout says in one line what tells the classes apart.
func (s *Source) Layout() string { return s.layout }

// Notes are lines about what was left out: folders of pictures without a class, and pictures of unsupported kinds.
func (s *Source) Notes() []string { return slices.Clone(s.notes) }

// Classes returns the names of the labels 0 and 1: cat and dog, or those of two
// folders of pictures.
func (s *Source) Classes() [2]string { return s.classes }

// Pictures returns all pictures, cats (label 0) first, each class by number or,
// in two folders of pictures, by name.
func (s *Source) Pictures() []Picture { return slices.Clone(s.pictures) }

// Problems returns the entries that were refused when the source was opened.
func (s *Source) Problems() []Problem { return slices.Clone(s.problems) }

// Ignored counts the files that are no pictures.
func (s *Source) Ignored() int { return s.ignored }

// Each calls fn for every picture, in the order of the archive, until fn or ctx gives an error, which Each returns unchanged.
// The reader is valid only during the call. If a picture cannot be read, its reader returns the error, so that one broken
// picture need not stop the rest.
func (s *Source) Each(ctx context.Context, fn func(Picture, io.Reader) error) error {
	return s.some(ctx, s.order, fn)
}

// some is Each for chosen pictures, which must come in the archive's order.
func (s *Source) some(ctx context.Context, pictures []Picture, fn func(Picture, io.Reader) error) error {
	names := make([]string, len(pictures))
	for i, p := range pictures {
		names[i] = p.content
	}
	i := 0
	return s.store.each(ctx, names, func(_ string, r io.Reader) error {
		p := pictures[i]
		i++
		return fn(p, r)
	})
}

// openPicture opens one picture for showing: at once, except in a compressed
// tar, which is read from its start; see AtOnce.
func (s *Source) openPicture(id string) (io.ReadCloser, error) {
	p, ok := s.byID[id]
	if !ok {
		return nil, fmt.Errorf("images: %s: no picture %q", s.path, id)
	}
	r, err := s.store.open(p.content)
	if err != nil {
		return nil, fmt.Errorf("images: %s: %s: %w", s.path, p.Path, err)
	}
	return r, nil
}

// AtOnce returns a function that opens each of the chosen pictures at once. From a compressed tar it first unpacks all of them
// into memory, in one pass.
func (s *Source) AtOnce(ctx context.Context, ids []string) (open func(id string) (io.ReadCloser, error), err error) {
	if _, ok := s.store.(compressedTar); !ok {
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
