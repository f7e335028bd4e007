package images

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"distillation/kdlib/internal/golden"
)

// jpegTolerance in levels of 0..255: image/jpeg and libjpeg round their cosine
// transforms differently. Colours without interpolation would differ by up to 46.
const jpegTolerance = 3

// shiftTolerance: one unit in the last place of a float32 near 255.
const shiftTolerance = 255.0 / (1 << 23)

func TestResizeAsPillow(t *testing.T) {
	f, err := os.Open("testdata/resize_golden.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records[1:] {
		var sizes [4]int
		for i := range sizes {
			sizes[i], _ = strconv.Atoi(r[i])
		}
		got := sha256.Sum256(Resize(everyPixelDifferent(sizes[0], sizes[1]), sizes[2], sizes[3]))
		if hex.EncodeToString(got[:]) != r[4] {
			t.Errorf("%d x %d to %d x %d: other bytes than Pillow's", sizes[0], sizes[1], sizes[2], sizes[3])
		}
	}
}

// everyPixelDifferent is the source of gen_resize.py, off the origin, which must not matter.
func everyPixelDifferent(width, height int) image.Image {
	const left, top = 5, 3
	m := image.NewNRGBA(image.Rect(left, top, left+width, top+height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(left+x, top+y, color.NRGBA{uint8(x), uint8(y), uint8(x/256*16 + y/256), 255})
		}
	}
	return m
}

func TestDecodeAsPillow(t *testing.T) {
	goldens, err := filepath.Glob("testdata/decode/*.rgb.png")
	if err != nil || len(goldens) == 0 {
		t.Fatal("no goldens", err)
	}
	for _, golden := range goldens {
		name := strings.TrimSuffix(golden, ".rgb.png")
		t.Run(filepath.Base(name), func(t *testing.T) {
			reference := decodeFile(t, golden)
			width, height := reference.Bounds().Dx(), reference.Bounds().Dy()
			got, want := Resize(decodeFile(t, name), width, height), Resize(reference, width, height)
			tolerance := 0.0
			if strings.HasSuffix(name, ".jpg") && !strings.Contains(name, "tiles") {
				tolerance = jpegTolerance
			}
			for i := range want {
				if d := math.Abs(float64(got[i]) - float64(want[i])); d > tolerance {
					t.Fatalf("value %d: got %d, want %d", i, got[i], want[i])
				}
			}
		})
	}
}

func decodeFile(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestMoveAsKeras(t *testing.T) {
	var cases []struct {
		Size   int
		TX, TY float64
		Flip   bool
		Out    []float32
	}
	golden.Read(t, "augment_golden.json", &cases)
	for _, c := range cases {
		got := make([]float32, len(c.Out))
		Transform{Flip: c.Flip, DX: c.TX, DY: c.TY}.Apply(got, kerasSource(c.Size), c.Size)
		for i := range got {
			if d := math.Abs(float64(got[i]) - float64(c.Out[i])); d > shiftTolerance {
				t.Errorf("size %d, tx %v, ty %v, flip %v: value %d: got %v, want %v", c.Size, c.TX, c.TY, c.Flip, i, got[i], c.Out[i])
				break
			}
		}
	}
}

// kerasSource is the source of gen_augment.py.
func kerasSource(n int) []uint8 {
	var pixels []uint8
	for r := range n {
		for c := range n {
			for k := range 3 {
				pixels = append(pixels, uint8(37*r+101*c+59*k+7*r*c))
			}
		}
	}
	return pixels
}
