// Package report makes the paper's tables and figures from what a study left on disk, ours beside the printed numbers, and
// further ones that the paper does not have. Everything is a function of the files of the study's folder. The package trains
// nothing.
package report

import "distillation/kdlib/study/analysis"

// Study is a study with the tables and figures that its files make.
type Study struct{ *analysis.Study }

// Open opens the folder of a study, finished or not.
func Open(dir string) (*Study, error) {
	of, err := analysis.Open(dir)
	if err != nil {
		return nil, err
	}
	return &Study{of}, nil
}
