package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Numbers that a machine cannot do, or that mean nothing, are refused before anything is opened: the pictures are not even there.
func TestRanges(t *testing.T) {
	train := []string{"train", "--pictures", "absent", "--manifest", "absent.csv", "--dir", "absent"}
	for text, command := range map[string][]string{
		"--devices=0 --devices=-1 --devices=65 --size=0 --size=4097 --size=9223372036854775807 --batch=1 --batch=65537 --epochs=0 --epochs=100001 --subset=-1 " +
			"--dropout=1 --dropout=NaN --learning-rate=0 --learning-rate=Inf --decay=-1 --decay=Inf --temperature=0 --temperature=NaN --alpha=1.1 --shift=-0.1": train,
		"--size=0 --subset=-2 --size=5000":                                     {"predict", "--pictures", "absent", "--manifest", "absent.csv", "--model", "absent", "--out", "absent.csv"},
		"--repetitions=0 --repetitions=1000000 --shift=2 --shift=NaN":          {"eval", "--pictures", "absent", "--manifest", "absent.csv", "--model", "absent"},
		"--size=100000 --size=9223372036854775807 --size=15 --n=0 --n=2000000": {"data", "synth", "--out", "absent.tar"},
		"--n=-1": {"data", "split", "absent"},
		"--bin-width=0 --bin-width=0.3 --bin-width=NaN --bin-width=1e-9":                    {"hist", "absent.csv"},
		"--size=5000 --batch=0 --batch=1000000 --devices=0 --steps=-1":                      {"bench"},
		"--repeat=0 --repeat=-1 --steps=10000000":                                           {"bench", "compare", "--out", "absent.csv"},
		"--case=18/train/1000000/1 --case=18/train/64/1000000 --case=18/forward/4096/65536": {"bench"},
	} {
		for _, flag := range strings.Fields(text) {
			out, err := kd(append(command, flag)...)
			name := strings.TrimLeft(strings.Split(flag, "=")[0], "-")
			if err == nil || status(err) != exitUsage || !strings.Contains(err.Error(), "want ") || !strings.Contains(err.Error(), name) || out != "" {
				t.Errorf("%v %s: printed %q, error %v, want one of wrong usage that names %s and what is wanted", command[0], flag, out, err, name)
			}
		}
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// Whatever prints says that it could not.
func TestFullOutput(t *testing.T) {
	faces := filepath.Join(t.TempDir(), "faces.tar")
	edges := filepath.Join("testdata", "edges.csv")
	if _, err := kd("data", "synth", "--n", "10", "--size", "32", "--out", faces); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"data", "check", faces}, {"data", "split", faces, "--out", faces + ".csv"}, {"hist", edges}, {"score", edges}, {"score", "--all", edges},
		{"study", "--show"}, {"tables", filepath.Join("..", "..", "..", "datasets", "results", "reduced")}, {"--help"}, {"hist", "--help"}, {"--version"},
		{"data", "synth", "--n", "2", "--size", "32", "--out", faces + "2"},
	} {
		if err := run(context.Background(), full{}, io.Discard, args); !errors.Is(err, syscall.ENOSPC) || status(err) != exitFailed {
			t.Errorf("%q: got error %v, want %v", args, err, syscall.ENOSPC)
		}
	}
}
