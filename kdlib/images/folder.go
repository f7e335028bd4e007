package images

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// folder reads below a directory, whose links are followed wherever they lead.
type folder struct{ root string }

// list goes through every folder once: first those that lie below the root, then what links lead to. So a link to a folder that
// is read under its own name adds nothing, and no circle is endless.
func (f folder) list(add func(entry)) error {
	w := &walk{root: f.root, add: add}
	err := w.folder(".")
	for len(w.links) > 0 && err == nil {
		next := w.links[0]
		w.links = w.links[1:]
		err = w.folder(next)
	}
	return err
}

// A walk through a folder.
type walk struct {
	root    string
	add     func(entry)
	entered []entered
	links   []string // to folders, to be followed
}

type entered struct {
	info fs.FileInfo
	name string
}

func (w *walk) folder(name string) error {
	place := filepath.Join(w.root, filepath.FromSlash(name))
	info, err := os.Stat(place)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(w.entered, func(e entered) bool { return os.SameFile(e.info, info) }); i >= 0 {
		w.add(entry{key: name, mode: fs.ModeSymlink, reason: toFolder})
		return nil
	}
	w.entered = append(w.entered, entered{info, name})
	files, err := os.ReadDir(place)
	if err != nil {
		return err
	}
	for _, d := range files {
		if hidden(d.Name()) {
			continue
		}
		if err := w.file(path.Join(name, d.Name()), d); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) file(name string, d fs.DirEntry) error {
	if d.Type()&fs.ModeSymlink == 0 {
		return w.real(name, d.Type())
	}
	place := filepath.Join(w.root, filepath.FromSlash(name))
	info, err := os.Stat(place)
	switch {
	case err != nil:
		to, _ := os.Readlink(place)
		w.add(entry{key: name, mode: fs.ModeSymlink, reason: "a link to nothing, " + to})
	case info.IsDir():
		w.links = append(w.links, name)
	default:
		return w.real(name, info.Mode().Type())
	}
	return nil
}

// real takes what is there, or what a link leads to.
func (w *walk) real(name string, mode fs.FileMode) error {
	if mode.IsDir() {
		return w.folder(name)
	}
	e := entry{key: name, mode: mode}
	if mode.IsRegular() {
		e.kind = w.kind(name)
	}
	w.add(e)
	return nil
}

// kind looks into files with a name that is no picture's.
func (w *walk) kind(name string) string {
	if anyPicture.MatchString(name) {
		return ""
	}
	r, err := os.Open(filepath.Join(w.root, filepath.FromSlash(name)))
	if err != nil {
		return ""
	}
	defer r.Close()
	return kindIn(name, r)
}

func (f folder) each(ctx context.Context, keys []string, fn func(string, io.Reader) error) error {
	return eachOpened(ctx, keys, f.open, fn)
}

func (f folder) open(key string) (io.ReadCloser, error) {
	return os.Open(filepath.Join(f.root, filepath.FromSlash(key)))
}

func (f folder) Close() error { return nil }
