package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/table"
)

// A network agrees with itself under another name entirely, and the sheet has a row for each picture that is drawn. Students are
// compared with each other behind a teacher of any name.
func explainWritesWhatItMeasures(t *testing.T) {
	for _, twin := range []string{"twin", "classical", "soft"} {
		if err := os.CopyFS(twin, os.DirFS("run")); err != nil {
			t.Fatal(err)
		}
	}
	out, err := kd("explain", "run", "twin", "classical", "soft", "--pictures", "twins", "--manifest", "manifest.csv", "--split", "train", "--cache", "cache", "--draw", "2", "--side", "40", "--faces-seed", "1", "--out", "maps")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"maps.png: 4 pictures, 4 networks", "agreement.csv", "difference.csv", "parts.csv"} {
		if !strings.Contains(out, filepath.Join("maps", file)) {
			t.Errorf("got %q, want it to name %s", out, file)
		}
	}
	if got, err := table.ReadCell(filepath.Join("maps", "agreement.csv"), "agreement", "twin"); err != nil || got != "+1.0000" {
		t.Errorf("agreement with itself: got %s, %v, want 1", got, err)
	}
	if got, err := table.ReadCell(filepath.Join("maps", "difference.csv"), "difference", "soft - classical"); err != nil || got != "0.0000" {
		t.Errorf("difference of a network to itself: got %s, %v, want 0", got, err)
	}
	if got, err := table.ReadCell(filepath.Join("maps", "parts.csv"), "share", "twin"); err != nil || got <= "0" || got > "1" {
		t.Errorf("share: got %s, %v, want a part", got, err)
	}
	f, err := os.Open(filepath.Join("maps", "maps.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if sheet, err := png.DecodeConfig(f); err != nil || sheet.Width != 8+5*48 || sheet.Height != 2*8+16+4*64+16 {
		t.Errorf("got %+v, %v, want 248 x 304", sheet, err)
	}
}
