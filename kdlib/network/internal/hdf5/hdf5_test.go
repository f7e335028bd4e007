package hdf5_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/network/internal/hdf5"
)

func read(t *testing.T, name string) map[string]hdf5.Array {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	arrays, err := hdf5.Parse(raw, nil)
	if err != nil {
		t.Fatal(err)
	}
	return arrays
}

// Names and numbers are those of testdata/gen_hdf5.py.
func TestPlain(t *testing.T) {
	got := read(t, "plain.h5")
	want := map[string]hdf5.Array{
		"conv/conv/kernel:0": {Shape: []int{1, 2, 3}, Data: []float32{0, 0.25, 0.5, 0.75, 1, 1.25}},
		"scalar":             {Shape: []int{}, Data: []float32{2.5}},
		"empty":              {Shape: []int{0, 3}, Data: []float32{}},
	}
	equal := func(a, b hdf5.Array) bool { return slices.Equal(a.Shape, b.Shape) && slices.Equal(a.Data, b.Data) }
	if !maps.EqualFunc(got, want, equal) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestTreesOfSeveralLevels(t *testing.T) {
	got := read(t, "deep.h5")
	for i := range 60 {
		if a := got[fmt.Sprintf("a%02d", i)]; !slices.Equal(a.Data, []float32{float32(i)}) {
			t.Errorf("a%02d: got %v, want %d", i, a.Data, i)
		}
	}
	if len(got) != 60 {
		t.Errorf("got %d arrays, want 60", len(got))
	}
}

func TestOutsideOfTheFormat(t *testing.T) {
	for name, want := range map[string]string{
		"chunked.h5":  `"x": data layout of class 2`,
		"float64.h5":  `"x": numbers are not float32`,
		"gen_hdf5.py": "not an HDF5 file",
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := hdf5.Parse(raw, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q", name, err, want)
		}
	}
}

// What is to be left out is not read, whatever it is.
func TestSkip(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "float64.h5"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := hdf5.Parse(raw, func(name string) bool { return name == "x" }); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v, want nothing", got, err)
	}
}

// libver="latest" makes superblocks of version 3.
func TestLatestSuperblock(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "plain.h5"))
	if err != nil {
		t.Fatal(err)
	}
	raw[len(hdf5.Signature)] = 3
	if _, err := hdf5.Parse(raw, nil); err == nil || !strings.Contains(err.Error(), "superblock version 3") {
		t.Errorf("got error %v, want one that names the version", err)
	}
}

// A damaged file must give an error or other numbers, and must not crash the program or hold it up.
func TestDamagedFiles(t *testing.T) {
	for _, name := range []string{"plain.h5", "deep.h5"} {
		whole, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(whole); n += 11 {
			if arrays, err := hdf5.Parse(whole[:n], nil); err == nil && len(arrays) == 0 {
				t.Errorf("%s cut after %d bytes: got neither an array nor an error", name, n)
			}
			for _, damage := range []byte{0x01, 0x80, 0xff} {
				damaged := slices.Clone(whole)
				damaged[n] ^= damage
				_, _ = hdf5.Parse(damaged, nil) // must return
			}
		}
	}
}
