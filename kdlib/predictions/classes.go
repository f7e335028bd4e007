package predictions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// ClassesFile names the classes of a folder of predictions, as JSON: the labels 0 and 1. A folder without it is of CatDog.
const ClassesFile = "classes.json"

// CatDog are the usual classes.
var CatDog = [2]string{"cat", "dog"}

// WriteClasses keeps the names of the labels 0 and 1 in a folder of predictions, unless they are CatDog. It is an error if the
// folder has other classes already.
func WriteClasses(dir string, classes [2]string) error {
	before, err := ReadClasses(dir)
	path := filepath.Join(dir, ClassesFile)
	switch {
	case err == nil && before == classes:
		return nil
	case err == nil:
		return fmt.Errorf("predictions: %s: got 0 = %s, 1 = %s, and now 0 = %s, 1 = %s; use another folder", path, before[0], before[1], classes[0], classes[1])
	case !errors.Is(err, fs.ErrNotExist):
		return err
	case classes == CatDog:
		return nil
	}
	text, err := json.Marshal(classes)
	if err == nil {
		err = renameio.WriteFile(path, append(text, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("predictions: %s: %w", path, err)
	}
	return nil
}

// ReadClasses reads what WriteClasses wrote. It returns fs.ErrNotExist if there is nothing.
func ReadClasses(dir string) (classes [2]string, err error) {
	path := filepath.Join(dir, ClassesFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return classes, fmt.Errorf("predictions: %w", err)
	}
	var names []string
	if err := json.Unmarshal(text, &names); err != nil {
		return classes, fmt.Errorf("predictions: %s: got %q, want two names, such as [\"left\",\"right\"]: %w", path, text, err)
	}
	if len(names) != 2 {
		return classes, fmt.Errorf("predictions: %s: got %q, want two names, such as [\"left\",\"right\"]", path, text)
	}
	return [2]string(names), nil
}
