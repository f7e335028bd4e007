package synth

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"distillation/kdlib/predictions"

	"github.com/google/renameio/v2"
)

// truthName is the file beside the pictures.
const truthName = "truth.csv"

// The ranges of Write's numbers. A face of the greatest size takes half a second to draw.
const (
	MaxFaces = 1_000_000
	MinSize  = 16
	MaxSize  = 1024
)

// Faces says which faces to draw.
type Faces struct {
	N    int    // number of faces, half of them cats (one more than dogs if it is odd), at most MaxFaces
	Size int    // width and height of each, in pixels, from MinSize to MaxSize
	Seed uint64 // of the drawing
}

// Write draws faces, as cat.0.jpg, dog.0.jpg, cat.1.jpg, ... with truth.csv
// (see ReadTruth): into the folder path, which must be new or empty, or, if
// path ends in .tar, into that file; another archive's ending is an error. Either appears whole or not at all. The
// pictures are the same for the same size and seed; a larger N only adds to them.
func Write(ctx context.Context, path string, f Faces) error {
	return write(ctx, path, kaggle, f)
}

// WriteFolders is Write into two folders, as package images reads two classes. With the classes "left" and "right" the cats are
// left/0.jpg, left/1.jpg, ... and the dogs right/0.jpg, right/1.jpg, ...; truth.csv names them left.0, right.0, ... The names
// must be in alphabetical order, which decides the labels.
func WriteFolders(ctx context.Context, path string, classes [2]string, f Faces) error {
	for _, class := range classes {
		if predictions.CheckID(class) != nil || class[0] == '.' || strings.ContainsAny(class, `/\`) {
			return fmt.Errorf("synth: %s: class %q: want the name of a folder", path, class)
		}
	}
	if strings.ToLower(classes[0]) >= strings.ToLower(classes[1]) {
		return fmt.Errorf("synth: %s: classes %q: want two names in alphabetical order", path, classes)
	}
	return write(ctx, path, folders(classes), f)
}

// A layout names a picture: its ID, and its file.
type layout func(label, number int) (id, file string)

func kaggle(label, number int) (id, file string) {
	id = fmt.Sprintf("%s.%d", [2]string{"cat", "dog"}[label], number)
	return id, id + ".jpg"
}

func folders(classes [2]string) layout {
	return func(label, number int) (id, file string) {
		return fmt.Sprintf("%s.%d", classes[label], number), fmt.Sprintf("%s/%d.jpg", classes[label], number)
	}
}

func write(ctx context.Context, path string, names layout, f Faces) error {
	if f.N < 1 || f.N > MaxFaces || f.Size < MinSize || f.Size > MaxSize {
		return fmt.Errorf("synth: %s: n = %d, size = %d: want n from 1 to %d and size from %d to %d", path, f.N, f.Size, MaxFaces, MinSize, MaxSize)
	}
	out, err := newOutput(path)
	if err != nil {
		return fmt.Errorf("synth: %s: %w", path, err)
	}
	err = writeAll(ctx, out, names, f)
	if err = errors.Join(err, out.close(err == nil)); err != nil {
		return fmt.Errorf("synth: %s: %w", path, err)
	}
	return nil
}

// writeAll draws in parallel, a chunk at a time, and writes in order; the truth comes last.
func writeAll(ctx context.Context, out output, names layout, f Faces) error {
	const chunk = 64
	var truth Truths
	pictures := make([][]byte, f.N)
	free := make(chan struct{}, runtime.NumCPU())
	for start := 0; start < f.N; start += chunk {
		if err := ctx.Err(); err != nil {
			return err
		}
		var wait sync.WaitGroup
		end := min(start+chunk, f.N)
		errs := make([]error, end-start)
		for i := start; i < end; i++ {
			t, s := sample(i, f.Seed)
			truth = append(truth, t)
			free <- struct{}{}
			wait.Go(func() {
				defer func() { <-free }()
				if errs[i-start] = ctx.Err(); errs[i-start] == nil { // a large face takes a second
					pictures[i], errs[i-start] = encode(s, t.ID, f.Size, f.Seed)
				}
			})
		}
		wait.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
		for i := start; i < end; i++ {
			id, file := names(truth[i].Label, i/2)
			if err := out.add(file, pictures[i]); err != nil {
				return err
			}
			truth[i].ID, pictures[i] = id, nil
		}
	}
	return out.add(truthName, truth.csv())
}

// sample returns the truth and shape of picture i: cats and dogs take turns.
func sample(i int, seed uint64) (Truth, Shape) {
	label := i % 2
	id, _ := kaggle(label, i/2) // decides the face, in any layout
	s := sampleShape(source(seed, "shape", id), label)
	return Truth{ID: id, Label: label, P: s.PDog()}, s
}

func encode(s Shape, id string, size int, seed uint64) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, renderFace(s, size, source(seed, "look", id)), &jpeg.Options{Quality: 95})
	return b.Bytes(), err
}

// An output takes the files, in order.
type output interface {
	add(name string, content []byte) error
	close(complete bool) error
}

// unwritten are the archives that a user may expect of a name, and would find a folder.
var unwritten = []string{".zip", ".gz", ".tgz"}

func newOutput(path string) (output, error) {
	ending := strings.ToLower(filepath.Ext(path))
	if slices.Contains(unwritten, ending) {
		return nil, fmt.Errorf("got a name that ends in %s, want a folder or a .tar", ending)
	}
	if ending == ".tar" {
		f, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
		if err != nil {
			return nil, err
		}
		return tarOutput{f, tar.NewWriter(f)}, nil
	}
	return newFolder(path)
}

// A folderOutput gathers the files beside path and takes its name at the end.
type folderOutput struct{ path, temporary string }

func newFolder(path string) (output, error) {
	entries, err := os.ReadDir(path)
	if err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("the folder is not empty: it holds %s", entries[0].Name())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	temporary, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+"-")
	return folderOutput{path, temporary}, err
}

func (f folderOutput) add(name string, content []byte) error {
	path := filepath.Join(f.temporary, name)
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, content, 0o644))
}

func (f folderOutput) close(complete bool) error {
	if !complete {
		return os.RemoveAll(f.temporary)
	}
	// An empty folder of that name gives way; anything else makes Rename fail.
	os.Remove(f.path)
	err := errors.Join(os.Chmod(f.temporary, 0o755), os.Rename(f.temporary, f.path))
	if err != nil {
		os.RemoveAll(f.temporary)
	}
	return err
}

type tarOutput struct {
	file *renameio.PendingFile
	tar  *tar.Writer
}

func (t tarOutput) add(name string, content []byte) error {
	// No time and no owner: the same faces are the same bytes.
	err := t.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))})
	if err != nil {
		return err
	}
	_, err = t.tar.Write(content)
	return err
}

func (t tarOutput) close(complete bool) error {
	if !complete {
		return t.file.Cleanup()
	}
	if err := t.tar.Close(); err != nil {
		return errors.Join(err, t.file.Cleanup())
	}
	return t.file.CloseAtomicallyReplace()
}
