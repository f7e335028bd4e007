package tracking

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"distillation/kdlib/metrics"
	"distillation/kdlib/study/folder"

	"github.com/google/renameio/v2"
)

// HistogramWidth is that of the bins of predictions, the paper's (section 4.2).
const HistogramWidth = 0.05

// suffix is that of the event files of this package, which may replace them. TensorBoard wants "tfevents" in a name.
const suffix = ".kdlib"

// WriteTensorBoard writes the training as an event file into a folder, which TensorBoard shows as a run of the folder's name: the
// curves by epoch, the recipe as text and, of a finished model, what was measured on the test set and histograms of its predictions.
// What a file of an earlier state of the training lacks is appended to it, so that TensorBoard, which reads what is new at the end of a
// file, can follow; the file of another training is replaced.
func (r Run) WriteTensorBoard(dir string) error {
	data, err := r.events()
	if err != nil {
		return err
	}
	path := filepath.Join(dir, fmt.Sprintf("events.out.tfevents.%d%s", r.Started.Unix(), suffix))
	old, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.HasPrefix(data, old):
		return appendTo(path, data[len(old):])
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("tracking: %w", err)
	}
	return replace(path, data)
}

func appendTo(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = f.Write(data)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("tracking: %w", err)
	}
	return nil
}

// replace writes a file in the place of all event files of the folder that this package wrote.
func replace(path string, data []byte) error {
	dir := filepath.Dir(path)
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		err = renameio.WriteFile(path, data, 0o644, renameio.WithTempDir(dir))
	}
	if err != nil {
		return fmt.Errorf("tracking: %w", err)
	}
	others, err := filepath.Glob(filepath.Join(dir, "events.out.tfevents.*"+suffix))
	if err != nil {
		return fmt.Errorf("tracking: %w", err)
	}
	for _, other := range others {
		if other != path {
			err = errors.Join(err, os.Remove(other))
		}
	}
	return err
}

// events is the content of the file: that of fewer epochs is its beginning.
func (r Run) events() ([]byte, error) {
	text, err := r.recipeText()
	if err != nil {
		return nil, err
	}
	var f eventFile
	at := r.Started
	f.version(at)
	f.text(at, "recipe", "```json\n"+text+"\n```")
	for _, e := range r.Past {
		at = at.Add(time.Duration(e.Seconds * float64(time.Second)))
		for _, m := range r.of(e) {
			f.scalar(at, e.Number, m)
		}
	}
	tested, err := r.tested()
	if err != nil {
		return nil, err
	}
	for _, m := range tested {
		f.scalar(at, r.last(), m)
	}
	for _, split := range folder.Splits {
		table, ok := r.Predictions[split]
		if !ok {
			continue
		}
		p := table.P()
		h, err := metrics.NewHistogram(p, HistogramWidth)
		if err != nil {
			return nil, fmt.Errorf("tracking: %s: %w", r.Name, err)
		}
		f.histogram(at, r.last(), "predictions/"+string(split), summed{h, slices.Min(p), slices.Max(p), p})
	}
	return f.data, nil
}

// TensorBoard writes what there is of a study's models, each into a folder of its name below dir, and returns their names.
func TensorBoard(study *folder.Study, dir string) (written []string, err error) {
	err = each(study, func(r Run) error {
		written = append(written, r.Name)
		return r.WriteTensorBoard(filepath.Join(dir, r.Name))
	})
	return written, err
}

// each does something with every model of a study that has begun.
func each(study *folder.Study, do func(Run) error) error {
	begun := 0
	for _, model := range study.Models() {
		r, err := Of(study, model)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			begun++
			err = do(r)
		}
		if err != nil {
			return err
		}
	}
	if begun == 0 {
		return fmt.Errorf("tracking: %s: none of its models has begun: %s", study.Dir, strings.Join(study.Models(), ", "))
	}
	return nil
}
