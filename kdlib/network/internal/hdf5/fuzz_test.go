package hdf5_test

import (
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/network/internal/hdf5"
)

// Any bytes give an error, or arrays that are as long as their shapes say.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.h5"))
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range files {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		arrays, err := hdf5.Parse(raw, nil)
		if err != nil {
			return
		}
		for name, a := range arrays {
			size := 1
			for _, d := range a.Shape {
				size *= d
			}
			if size != len(a.Data) {
				t.Errorf("%q: %d numbers of shape %v", name, len(a.Data), a.Shape)
			}
		}
	})
}
