package images

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"distillation/kdlib/internal/smalldisk"
)

// plain is a picture of one colour.
func plain(width, height int, c color.Color) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		m.Set(i%width, i/width, c)
	}
	return m
}

func encoded(t *testing.T, m image.Image, kind string) string {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	default:
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bomb is a PNG of 100,000 x 100,000 pixels in 33 bytes and a little.
func bomb(t *testing.T) string {
	b := []byte(encoded(t, plain(1, 1, color.White), "png"))
	binary.BigEndian.PutUint32(b[16:], 100_000)
	binary.BigEndian.PutUint32(b[20:], 100_000)
	// The header's checksum, computed by Python's zlib.crc32(b[12:29]).
	binary.BigEndian.PutUint32(b[29:], 0x27309c9f)
	return string(b)
}

func builtCache(t *testing.T) string {
	t.Helper()
	s, err := Open(kinds["tar"](t, []file{
		{name: "dog.1.png", content: encoded(t, plain(5, 3, color.RGBA{10, 20, 30, 255}), "png")},
		{name: "cat.3.png", content: encoded(t, plain(1, 1, color.RGBA{40, 50, 60, 255}), "png")},
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	path := filepath.Join(t.TempDir(), "pictures.cache")
	if problems, err := BuildCache(context.Background(), s, path, CacheOptions{Size: 2}); err != nil || len(problems) != 0 {
		t.Fatal(problems, err)
	}
	return path
}

func TestCacheRoundTrip(t *testing.T) {
	path := builtCache(t)
	c, err := OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Len() != 2 || c.Size() != 2 || !slices.Equal(c.IDs(), []string{"dog.1", "cat.3"}) {
		t.Errorf("got %d pictures of size %d: %v", c.Len(), c.Size(), c.IDs())
	}
	dog, ok := c.Image("dog.1")
	if want := bytes.Repeat([]byte{10, 20, 30}, 4); !ok || !bytes.Equal(dog, want) {
		t.Errorf("dog.1: got %v, want %v", dog, want)
	}
	cat, ok := c.Image("cat.3")
	if want := bytes.Repeat([]byte{40, 50, 60}, 4); !ok || !bytes.Equal(cat, want) {
		t.Errorf("cat.3: got %v, want %v", cat, want)
	}
	if _, ok := c.Image("cat.1"); ok {
		t.Error("cat.1 is there")
	}
	if err := c.Verify(); err != nil {
		t.Error(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The layout that the file's description promises: 96 bytes, pixels, ids.
	if want := string(bytes.Repeat([]byte{10, 20, 30}, 4)) + string(bytes.Repeat([]byte{40, 50, 60}, 4)) + "dog.1\ncat.3\n"; string(data[96:]) != want {
		t.Errorf("after the header: got %q, want %q", data[96:], want)
	}
}

func TestBuildCacheLeavesBrokenPicturesOut(t *testing.T) {
	good := encoded(t, plain(40, 30, color.RGBA{200, 0, 0, 255}), "jpeg")
	s, err := Open(kinds["zip"](t, []file{
		{name: "cat.0.jpg", content: good},
		{name: "cat.1.jpg", content: good[:len(good)/2]},
		{name: "cat.2.jpg", content: "<!DOCTYPE html><html>404</html>"},
		{name: "cat.3.jpg", content: ""},
		{name: "cat.4.jpg", content: encoded(t, plain(4, 4, color.White), "gif")},
		{name: "cat.5.jpg", content: bomb(t)},
		{name: "cat.6.jpg", content: encoded(t, plain(20_000, 1, color.RGBA{0, 0, 250, 255}), "png")},
		{name: "dog.0.jpg", content: good},
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	path := filepath.Join(t.TempDir(), "pictures.cache")
	var steps []int
	problems, err := BuildCache(context.Background(), s, path, CacheOptions{Size: 8,
		Keep:     func(id string) bool { return id != "dog.0" },
		Progress: func(done, total int) { steps = append(steps, done, total) }})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"cat.1.jpg: unexpected EOF", "cat.2.jpg: not read: text/html", "cat.3.jpg: empty file", "cat.4.jpg: not read: GIF", "cat.5.jpg: 100000 x 100000 pixels"}
	for i := range max(len(want), len(problems)) {
		if i >= len(want) || i >= len(problems) || !strings.HasPrefix(problems[i].String(), want[i]) {
			t.Fatalf("got problems %q, want %q", problems, want)
		}
	}
	if !slices.Equal(steps, []int{1, 7, 2, 7, 3, 7, 4, 7, 5, 7, 6, 7, 7, 7}) {
		t.Errorf("got progress %v", steps)
	}
	c, err := OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !slices.Equal(c.IDs(), []string{"cat.0", "cat.6"}) {
		t.Errorf("got %v, want cat.0 and cat.6", c.IDs())
	}
}

func TestBuildCacheErrors(t *testing.T) {
	s, err := Open(kinds["tar"](t, []file{{name: "cat.0.jpg", content: "text"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	folder := t.TempDir()
	path := filepath.Join(folder, "pictures.cache")
	stopped, stop := context.WithCancel(context.Background())
	stop()
	tests := []struct {
		ctx  context.Context
		path string
		size int
		want string
	}{
		{context.Background(), path, 8, "1 of them broken"},
		{context.Background(), path, 0, "size 0"},
		{stopped, path, 8, "canceled"},
		{context.Background(), filepath.Join(folder, "no", "such.cache"), 8, "no such file"},
	}
	for _, test := range tests {
		_, err := BuildCache(test.ctx, s, test.path, CacheOptions{Size: test.size})
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), test.path) {
			t.Errorf("got error %v, want %q and the path in it", err, test.want)
		}
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A build that finds no room for the last bytes of its file leaves the good one before it as it was.
func TestFullDiskKeepsTheOldCache(t *testing.T) {
	page := os.Getpagesize()
	disk := smalldisk.Mount(t, strconv.Itoa(2*page)) // of two pages, which are two small files
	path := filepath.Join(disk, "pictures.cache")
	good, err := os.ReadFile(builtCache(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, good, 0o644); err != nil {
		t.Fatal(err)
	}
	// Header and pictures of 8 x 8 x 3 bytes fill all of a page but less than one picture, their ids, of 11 bytes, do not fit.
	var files []file
	for i := range (page - headerSize) / (8 * 8 * 3) {
		files = append(files, file{name: fmt.Sprintf("cat.%d.png", 100_000+i), content: encoded(t, plain(8, 8, color.White), "png")})
	}
	s, err := Open(kinds["tar"](t, files))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := BuildCache(context.Background(), s, path, CacheOptions{Size: 8}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got error %v, want %v", err, syscall.ENOSPC)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, good) {
		t.Errorf("the old cache: got %d bytes, %v, want its own %d", len(now), err, len(good))
	}
	if left, err := os.ReadDir(disk); err != nil || len(left) != 1 {
		t.Errorf("left on the disk: %v, %v, want the old cache alone", left, err)
	}
}

// A picture that makes a decoder panic costs that picture only.
func TestDecodePanic(t *testing.T) {
	if _, err := guarded(func() (image.Image, error) { panic("index out of range") }); err == nil || !strings.Contains(err.Error(), "index out of range") {
		t.Errorf("got error %v, want the panic in it", err)
	}
	if _, err := Decode(unreadable{errors.New("disk on fire")}); err == nil || !strings.Contains(err.Error(), "disk on fire") {
		t.Errorf("got error %v, want the reader's", err)
	}
}

// Pixels of rare kinds: alpha is dropped, 16 bits keep the high byte.
func TestResizeRareColours(t *testing.T) {
	tests := map[string]struct {
		src  image.Image
		want []uint8
	}{
		"NRGBA":   {&image.NRGBA{Pix: []uint8{10, 20, 30, 5}, Stride: 4, Rect: image.Rect(0, 0, 1, 1)}, []uint8{10, 20, 30}},
		"NRGBA64": {&image.NRGBA64{Pix: []uint8{10, 99, 20, 99, 30, 99, 0, 0}, Stride: 8, Rect: image.Rect(0, 0, 1, 1)}, []uint8{10, 20, 30}},
		"Gray16":  {&image.Gray16{Pix: []uint8{10, 99}, Stride: 2, Rect: image.Rect(0, 0, 1, 1)}, []uint8{10, 10, 10}},
	}
	for name, test := range tests {
		if got := Resize(test.src, 1, 1); !bytes.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", name, got, test.want)
		}
	}
}

func TestOpenCacheErrors(t *testing.T) {
	good, err := os.ReadFile(builtCache(t))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int, to byte) []byte {
		b := bytes.Clone(good)
		b[at] = to
		return b
	}
	tests := map[string]struct {
		content []byte
		want    string
	}{
		"empty":              {nil, "not a picture cache: 0 bytes"},
		"foreign":            {bytes.Repeat([]byte("GIF89a, "), 50), "not a picture cache: it begins with"},
		"newer":              {changed(8, 2), "version 2, want 1"},
		"cut":                {good[:len(good)-1], "cut short or damaged"},
		"longer":             {append(bytes.Clone(good), 0), "cut short or damaged"},
		"size":               {changed(12, 0), "size 0"},
		"many pictures":      {changed(23, 0xff), "cut short or damaged"},
		"overflow":           {changed(23, 0x40), "cut short or damaged"}, // 2^62 more pictures of 12 bytes: the same length modulo 2^64
		"ids":                {changed(len(good)-2, '9'), "damaged header or ids"},
		"checksum of pixels": {changed(40, good[40]+1), "damaged header or ids"},
	}
	for name, test := range tests {
		path := save(t, test.content)
		_, err := OpenCache(path)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want %q and the path in it", name, err, test.want)
		}
	}
	c, err := OpenCache(save(t, changed(100, good[100]+1)))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Verify(); err == nil || !strings.Contains(err.Error(), c.Sum()) {
		t.Errorf("changed pixel: got error %v, want both sums in it", err)
	}
}

// Any bytes give an error or a cache whose pictures can all be read.
func FuzzOpenCache(f *testing.F) {
	f.Add(append(newHeader(1, []string{"cat.0"}, [32]byte{}), "abccat.0\n"...))
	f.Add(append(newHeader(1, []string{"a", "a"}, [32]byte{}), "abcdefa\na\n"...))
	f.Add(newHeader(1, nil, [32]byte{}))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < headerSize {
			return
		}
		c, err := parseCache(data)
		if err != nil {
			return
		}
		for _, id := range c.IDs() {
			if pixels, ok := c.Image(id); !ok || len(pixels) != c.Size()*c.Size()*3 {
				t.Errorf("picture %q: %d values, %v", id, len(pixels), ok)
			}
		}
	})
}
