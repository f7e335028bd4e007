// Package analysis measures what a study left on disk: scores of each model on each set, histograms, pairs of models on the
// same pictures, times. All come with their intervals. Everything is a function of the files of the study's folder. The package
// trains and draws nothing.
package analysis

import (
	"path/filepath"

	"distillation/kdlib/study/folder"
)

// Study is a study's folder with the numbers that its files hold.
type Study struct{ *folder.Study }

// Open opens the folder of a study, finished or not.
func Open(dir string) (*Study, error) {
	of, err := folder.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Study{of}, nil
}

// DirNames are names for two studies beside each other: those of their folders, or the paths where these are the same.
func DirNames(a, b *Study) (first, second string) {
	first, second = filepath.Base(a.Dir), filepath.Base(b.Dir)
	if first == second {
		return filepath.ToSlash(filepath.Clean(a.Dir)), filepath.ToSlash(filepath.Clean(b.Dir))
	}
	return first, second
}
