package folder

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"
)

// A file of a study is whole if it has as many rows as it must, and the SHA-256 that a session noted when it was made; sessions of
// older versions noted none.

// Timed are the networks that section 4.1 compares.
var Timed = []string{recipe.ResNet50, recipe.ResNet18}

// files are a study's files as they must be.
type files struct {
	*Study
	rows map[predictions.Split]int // pictures of each set; nil without a manifest
	sums map[string]string         // SHA-256 by path below the folder, as noted
}

// expected reads the split and what the sessions noted.
func (r *Study) expected() (files, error) {
	f := files{Study: r, sums: map[string]string{}}
	sessions, err := r.Sessions()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	for _, s := range sessions { // what was made again has another checksum in a later one
		for name, sum := range s.Files {
			f.sums[name] = sum
		}
	}
	manifest, err := images.ReadManifest(filepath.Join(r.Dir, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return f, err
	}
	f.rows = map[predictions.Split]int{}
	for _, e := range manifest {
		f.rows[e.Split]++
	}
	return f, nil
}

// Whole returns an error that names the first file of the study that is there and is not whole.
func (r *Study) Whole() error {
	f, err := r.expected()
	if err != nil {
		return err
	}
	if err := f.check(filepath.Join(r.Dir, ManifestFile), 0); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, model := range r.Models() {
		if err := f.model(model); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := f.timing(); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Finished returns an error unless a model has all of its files, and they are whole; fs.ErrNotExist if one is not there yet.
func (r *Study) Finished(model string) error {
	f, err := r.expected()
	if err != nil {
		return err
	}
	return f.model(model)
}

// FinishedTiming returns an error unless section 4.1 was measured to its end; fs.ErrNotExist if it is not there yet.
func (r *Study) FinishedTiming() error {
	f, err := r.expected()
	if err != nil {
		return err
	}
	return f.timing()
}

// CheckFile returns an error if a file of predictions is one of a study's models and not whole.
func CheckFile(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	dir := filepath.Dir(filepath.Dir(path))
	if _, err := os.Stat(filepath.Join(dir, StudyFile)); err != nil {
		return nil // of no study
	}
	study, err := recipe.Read(filepath.Join(dir, StudyFile))
	if err != nil {
		return err
	}
	r := &Study{Dir: dir, Recipe: study}
	f, err := r.expected()
	if err != nil {
		return err
	}
	for _, model := range r.Models() {
		if at := slices.Index(r.PredictionFiles(model), path); at >= 0 {
			return f.check(path, f.rows[splitOf(at)])
		}
	}
	return nil
}

// splitOf is the set of a file of PredictionFiles, by its place.
func splitOf(at int) predictions.Split { return Splits[min(at, len(Splits)-1)] }

// model checks the files of one. A training's history is known to be short only when its predictions are there.
func (f files) model(model string) error {
	var missing error
	for i, path := range f.PredictionFiles(model) {
		err := f.check(path, f.rows[splitOf(i)])
		if errors.Is(err, fs.ErrNotExist) {
			missing = err
		} else if err != nil {
			return err
		}
	}
	if missing != nil || f.Given(model) {
		return missing
	}
	epochs := f.Training(model).Epochs
	if f.rows == nil {
		epochs = 0
	}
	return f.check(filepath.Join(f.Dir, model, history.File), epochs)
}

func (f files) timing() error {
	if f.Recipe.Timing == (recipe.Timing{}) {
		return nil
	}
	rows := 0
	if n := min(f.Recipe.Timing.Images, f.rows[predictions.Test]); n > 0 {
		for _, batch := range f.Recipe.Timing.Batches() {
			rows += len(Timed) * (1 + n/batch) // the first call compiles
		}
	}
	return f.check(filepath.Join(f.Dir, TimingFile), rows)
}

// check compares a file with its checksum, or where there is none with the number of its rows; 0 is not known.
func (f files) check(path string, rows int) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("folder: the study is not finished: %w", err)
	}
	name, err := filepath.Rel(f.Dir, path)
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	const again = "bring it back, or let the same `kd study` make it again"
	if got := countRows(text); rows > 0 && got != rows {
		return fmt.Errorf("folder: %s: got %d rows, want %d: it is cut or of another split; %s", path, got, rows, again)
	}
	want := f.sums[filepath.ToSlash(name)]
	if want == "" {
		return nil
	}
	if got := checksum(text); got != want {
		return fmt.Errorf("folder: %s: got SHA-256 %.12s, want %.12s as %s says: it was changed since it was made; %s", path, got, want, SessionsFile, again)
	}
	return nil
}

// countRows counts the lines of a CSV file without its header and empty ones. No field of a study's files has a line break.
func countRows(text []byte) int {
	n := 0
	for line := range bytes.Lines(text) {
		if len(bytes.TrimSpace(line)) > 0 {
			n++
		}
	}
	return max(n-1, 0)
}

// Checksums returns the SHA-256 of files by their path below the folder.
func Checksums(dir string, paths ...string) (map[string]string, error) {
	sums := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("folder: %w", err)
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return nil, fmt.Errorf("folder: %w", err)
		}
		sums[filepath.ToSlash(name)] = checksum(text)
	}
	return sums, nil
}

func checksum(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
