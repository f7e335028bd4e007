package images

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Of damaged restart markers those are mended of which Pillow loses nothing; what it shows with a gap is damaged, with the reason.
func TestDamagedRestartMarkers(t *testing.T) {
	f, err := os.Open("testdata/restart/outcome.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	whole := map[string]string{}
	for kind, file := range map[string]string{"baseline": "baseline", "progressive": "progressive", "comment": "baseline"} {
		img := decodeFile(t, "testdata/restart/"+file+"-undamaged.jpg")
		whole[kind] = string(Resize(img, img.Bounds().Dx(), img.Bounds().Dy()))
	}
	for _, r := range records[1:] {
		file, err := os.Open(filepath.Join("testdata", "restart", r[0]))
		if err != nil {
			t.Fatal(err)
		}
		img, err := Decode(file)
		file.Close()
		switch kind, _, _ := strings.Cut(r[0], "-"); {
		case r[1] == "whole" && err != nil:
			t.Errorf("%s: %v", r[0], err)
		case r[1] == "whole" && string(Resize(img, img.Bounds().Dx(), img.Bounds().Dy())) != whole[kind]:
			t.Errorf("%s: other pixels than of the undamaged one", r[0])
		case r[1] != "whole" && (err == nil || !strings.Contains(err.Error(), "damaged restart markers") && !strings.Contains(err.Error(), "JPEG")):
			t.Errorf("%s: got %v, want an error with the reason", r[0], err)
		}
	}
}

// Any bytes that begin as a JPEG does are mended or an error.
func FuzzMendRestarts(f *testing.F) {
	for _, name := range []string{"baseline-interval-twice.jpg", "progressive-ahead4.jpg", "comment-like-a-scan.jpg"} {
		data, err := os.ReadFile(filepath.Join("testdata", "restart", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("\xff\xd8\xff"))
	f.Add([]byte("\xff\xd8\xff\xda\x00\x00\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 2 {
			return
		}
		if mended, err := mendRestarts(data); err == nil && len(mended) > len(data) {
			t.Errorf("%d bytes became %d", len(data), len(mended))
		}
	})
}
