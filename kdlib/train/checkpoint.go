package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strconv"

	"distillation/kdlib/network"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/onnx"
	"distillation/kdlib/network/weights"
	"distillation/kdlib/recipe"
	"distillation/kdlib/train/history"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// The files of a run's folder.
const (
	ConfigFile   = "config.json"         // the recipe.Training and the size of its pictures
	BestFile     = "best.safetensors"    // the network of the best epoch: the result, unless the recipe says otherwise
	AverageFile  = "average.safetensors" // the moving average of the network, after the last epoch
	LastFile     = "last.safetensors"    // network, optimizer, random state and history after the last epoch
	metaHistory  = "history"             // LastFile's history as JSON: one rename stores an epoch whole
	metaRecipe   = "recipe"              // LastFile's recipe as JSON
	metaExamples = "lesson"              // LastFile's Run.examplesHash
	metaGraph    = "graph"               // LastFile's Model.graph
	metaSize     = "size"                // of the pictures of the last epoch, of all networks; older ones do not say
	metaEpoch    = "epoch"               // LastFile's and AverageFile's last one
	metaVersion  = "kdlib.checkpoint"    // LastFile's kind
	version      = "1"                   // of LastFile's content
)

// ResultFile names the file of a run's folder with the network that answers.
func ResultFile(t recipe.Training) string {
	switch t.Answer {
	case recipe.LastEpoch:
		return LastFile
	case recipe.AverageWeights:
		return AverageFile
	}
	return BestFile
}

// recordRecipe makes the folder this recipe's, or refuses a folder that is another's. A recipe of fewer epochs gives way.
func (r Run) recordRecipe() error {
	if err := os.MkdirAll(r.Dir, 0o755); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	path := filepath.Join(r.Dir, ConfigFile)
	now := config{r.Recipe, r.Train.Pictures.Size()}
	stored, err := readConfig(path)
	if errors.Is(err, fs.ErrNotExist) {
		return recipe.WriteJSON(path, now)
	}
	if err != nil || reflect.DeepEqual(stored, now) {
		return err
	}
	if err := r.goesOn(stored.Training, r.Dir); err != nil {
		return err
	}
	return recipe.WriteJSON(path, now)
}

// config is what ConfigFile holds.
type config struct {
	recipe.Training
	Size int `json:"size,omitzero"` // width and height of the pictures after the early stages; 0: the file is older than this field
}

func readConfig(path string) (c config, err error) { return c, recipe.ReadJSON(path, &c) }

// ReadConfig reads a recipe from a file such as a run's config.json, and the width and height of the pictures that it was for, 0 if it
// does not say.
func ReadConfig(path string) (t recipe.Training, size int, err error) {
	c, err := readConfig(path)
	return c.Training, c.Size, err
}

// goesOn refuses what a run of another recipe left at path.
func (r Run) goesOn(stored recipe.Training, path string) error {
	switch {
	case r.Recipe.Extends(stored):
		return nil
	case r.Recipe.EndsWithSchedule(stored):
		return fmt.Errorf("train: %s: its learning rate (%s) ends with epoch %d: got %d epochs, which another run would have to be trained for from the first on; use another folder",
			path, stored.Optimizer.Schedule.Name, stored.Epochs, r.Recipe.Epochs)
	}
	return fmt.Errorf("train: %s is another recipe's: got %+v, want %+v; use another folder or remove it", path, stored, r.Recipe)
}

// origin is where a run begins: nowhere (random weights), at given weights, or at its last stored epoch.
type origin struct {
	path string
	file weights.File
	done history.History // epochs before it; none: file holds a network only
}

func (r Run) origin() (origin, error) {
	last := origin{path: filepath.Join(r.Dir, LastFile)}
	_, err := os.Stat(last.path)
	if errors.Is(err, fs.ErrNotExist) {
		return r.start()
	}
	if last.file, err = weights.Read(last.path); err != nil {
		return last, err
	}
	if found := last.file.Meta[metaVersion]; found != version {
		return last, fmt.Errorf("train: %s: got checkpoint version %q, want %q", last.path, found, version)
	}
	if err := r.checkOrigin(last.file.Meta, last.path); err != nil {
		return last, err
	}
	if last.done, err = history.Parse([]byte(last.file.Meta[metaHistory])); err != nil {
		return last, fmt.Errorf("train: %s: its history: %w", last.path, err)
	}
	if _, err := weights.Read(filepath.Join(r.Dir, BestFile)); err != nil { // it may not be made again
		return last, fmt.Errorf("train: the best epoch of %s: %w", last.path, err)
	}
	return last, last.done.Write(filepath.Join(r.Dir, history.File)) // a kill between the two files leaves it one epoch behind
}

// start is the origin of a run without a checkpoint. The checkpoint is written before the history: a history without one
// has lost it.
func (r Run) start() (origin, error) {
	past := filepath.Join(r.Dir, history.File)
	if _, err := os.Stat(past); err == nil {
		return origin{}, fmt.Errorf("train: %s is gone, but %s tells of epochs: bring it back, or remove the folder to begin anew",
			filepath.Join(r.Dir, LastFile), past)
	}
	if r.Recipe.Weights == "" && r.Recipe.Network != recipe.ONNXNetwork {
		return origin{}, nil
	}
	return start(r.Recipe)
}

// Check returns an error if no network has the recipe's name, if it takes pictures of another size than size x size, or if a run in
// the folder dir cannot start from its weights. A run that has stored an epoch no longer needs those weights.
func Check(dir string, t recipe.Training, size int) error {
	n, err := named(t)
	if b, is := n.(*onnx.Backbone); is && err == nil {
		err = b.CheckSize(size)
	}
	if err != nil {
		return err
	}
	if t.Weights == "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, LastFile)); err == nil {
		return nil
	}
	if _, err := start(t); err != nil {
		return fmt.Errorf("weights: %w", err)
	}
	return nil
}

// start is the origin at the weights that a recipe names. Those of kdlib's networks may come from any library that package
// convert reads, those of other networks only from Save.
func start(t recipe.Training) (origin, error) {
	from := origin{path: t.Weights, file: weights.File{Tensors: map[string]*tensors.Tensor{}}}
	n, err := named(t)
	if err != nil {
		return from, fmt.Errorf("train: %w", err)
	}
	if b, is := n.(*onnx.Backbone); is {
		return backboneStart(b, t)
	}
	if network.Own(n) {
		from.file, err = weights.Read(t.Weights)
		return from, err
	}
	w, err := convert.Read(from.path, architecture.Network(t.Network))
	for name, tensor := range w.Tensors {
		from.file.Tensors[path.Join(weights.Network, name)] = tensor
	}
	return from, err
}

// enter sets the model's variables, and those of its optimizer, to the origin's.
func (o origin) enter(m *Model) error {
	if o.path == "" {
		return nil
	}
	if len(o.done) > 0 { // else convert.Read has compared: a head may be missing, and stays random
		all := func(*model.Variable) bool { return true }
		if err := o.file.Match(m.store, all, o.path); err != nil {
			return err
		}
	}
	return o.file.Restore(m.store)
}

// store keeps an epoch: the best network first, then everything in one file, then the readable history.
// A kill between the files is mended by resume, which repeats the epoch or rewrites the history.
func (t *trainer) store(e history.Epoch) error {
	t.done = append(t.done, e)
	if best, _ := t.done.Best(); best.Number == e.Number {
		if err := t.model.Save(filepath.Join(t.Dir, BestFile)); err != nil {
			return err
		}
	}
	past, err := json.Marshal(t.done)
	if err != nil {
		return fmt.Errorf("train: history of epoch %d: %w", e.Number, err)
	}
	how, err := json.Marshal(t.Recipe)
	if err != nil {
		return fmt.Errorf("train: recipe: %w", err)
	}
	meta := map[string]string{metaVersion: version, metaHistory: string(past), metaRecipe: string(how), metaExamples: t.examplesHash(), metaGraph: t.graph,
		metaSize: strconv.Itoa(t.model.Size), metaEpoch: strconv.Itoa(e.Number)}
	if err := weights.Save(filepath.Join(t.Dir, LastFile), t.model.store, nil, weights.WithClasses(meta, t.Classes)); err != nil {
		return err
	}
	return t.done.Write(filepath.Join(t.Dir, history.File))
}
