package images

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/edsrzf/mmap-go"
)

// The file: a header of 96 bytes, the pixels, the IDs. The header, little-endian:
//
//	 0  magic        8 bytes
//	 8  version      uint32
//	12  size         uint32
//	16  n            uint64
//	24  bytes of IDs uint64
//	32  SHA-256 of the pixels
//	64  SHA-256 of the header up to here and the IDs
const (
	cacheMagic   = "KDcache\n"
	cacheVersion = 1
	headerSize   = 96
)

// MaxSize is the greatest width and height of decoded pictures.
const MaxSize = 4096

// newHeader returns the 96 bytes.
func newHeader(size int, ids []string, pixels [sha256.Size]byte) []byte {
	lines := joinIDs(ids)
	h := []byte(cacheMagic)
	h = binary.LittleEndian.AppendUint32(h, cacheVersion)
	h = binary.LittleEndian.AppendUint32(h, uint32(size))
	h = binary.LittleEndian.AppendUint64(h, uint64(len(ids)))
	h = binary.LittleEndian.AppendUint64(h, uint64(len(lines)))
	h = append(h, pixels[:]...)
	sum := headerSum(h, []byte(lines))
	return append(h, sum[:]...)
}

func headerSum(header, lines []byte) [sha256.Size]byte {
	return sha256.Sum256(append(slices.Clone(header), lines...))
}

// A Cache is a file of decoded pictures, mapped into memory: opening it costs nothing, and the system keeps in memory what is
// used. Several goroutines may call its methods at once, except Close.
type Cache struct {
	size   int
	ids    []string
	index  map[string]int
	sum    [sha256.Size]byte
	pixels []byte
	file   *os.File
	mapped mmap.MMap
}

// OpenCache opens a file that BuildCache wrote. It is an error if the file is no cache, has another version, is cut short or
// has a damaged header; the error says which. Only Verify checks the pixels themselves.
func OpenCache(path string) (*Cache, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	c, err := mapCache(f)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("images: %s: %w", path, err)
	}
	return c, nil
}

func mapCache(f *os.File) (*Cache, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() < headerSize { // an empty file cannot be mapped
		return nil, fmt.Errorf("not a picture cache: %d bytes, want at least %d", info.Size(), headerSize)
	}
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	c, err := parseCache(m)
	if err != nil {
		return nil, errors.Join(err, m.Unmap())
	}
	c.file, c.mapped = f, m
	return c, nil
}

// parseCache checks data, of at least headerSize bytes, and returns a view of it.
func parseCache(data []byte) (*Cache, error) {
	if !bytes.HasPrefix(data, []byte(cacheMagic)) {
		return nil, fmt.Errorf("not a picture cache: it begins with %q, want %q", data[:len(cacheMagic)], cacheMagic)
	}
	le := binary.LittleEndian
	if v := le.Uint32(data[8:]); v != cacheVersion {
		return nil, fmt.Errorf("cache version %d, want %d: build it again", v, cacheVersion)
	}
	size, n, lines := uint64(le.Uint32(data[12:])), le.Uint64(data[16:]), le.Uint64(data[24:])
	body := uint64(len(data) - headerSize)
	if size < 1 || size > MaxSize {
		return nil, fmt.Errorf("damaged header: pictures of size %d, want 1 to %d", size, MaxSize)
	}
	picture := size * size * 3
	// Compared by division first: a product of foreign numbers could overflow.
	if n > body/picture || lines > body || n*picture+lines != body {
		return nil, fmt.Errorf("%d bytes, want %d pictures of %d x %d x 3 and %d bytes of ids after the header of %d: cut short or damaged",
			len(data), n, size, size, lines, headerSize)
	}
	c := &Cache{size: int(size), pixels: data[headerSize : headerSize+n*picture : headerSize+n*picture]}
	ids := data[headerSize+n*picture:]
	if headerSum(data[:64], ids) != [sha256.Size]byte(data[64:headerSize]) {
		return nil, fmt.Errorf("damaged header or ids: their SHA-256 differs from the one written")
	}
	copy(c.sum[:], data[32:64])
	return c, c.indexIDs(string(ids), int(n))
}

func (c *Cache) indexIDs(lines string, n int) error {
	c.ids = strings.Split(strings.TrimSuffix(lines, "\n"), "\n")
	if len(c.ids) != n {
		return fmt.Errorf("damaged ids: %d, want %d", len(c.ids), n)
	}
	c.index = make(map[string]int, n)
	for i, id := range c.ids {
		if before, ok := c.index[id]; ok {
			return fmt.Errorf("damaged ids: pictures %d and %d are both %q", before, i, id)
		}
		c.index[id] = i
	}
	return nil
}

// Size returns the height and width of every picture, in pixels.
func (c *Cache) Size() int { return c.size }

// Len returns the number of pictures.
func (c *Cache) Len() int { return len(c.ids) }

// IDs returns the pictures' IDs in the order of the file.
func (c *Cache) IDs() []string { return slices.Clone(c.ids) }

// Image returns the size*size*3 values of a picture, RGB, HWC. They are the mapped file itself: do not write to them, and do
// not use them after Close.
func (c *Cache) Image(id string) ([]uint8, bool) {
	i, ok := c.index[id]
	if !ok {
		return nil, false
	}
	picture := c.size * c.size * 3
	return c.pixels[i*picture : (i+1)*picture : (i+1)*picture], true
}

// Sum returns the SHA-256 of all pixels in hexadecimal, which BuildCache computed. Two caches with the same Sum and IDs hold
// the same data set.
func (c *Cache) Sum() string { return hex.EncodeToString(c.sum[:]) }

// Verify reads all pixels and compares them with Sum.
func (c *Cache) Verify() error {
	if got := sha256.Sum256(c.pixels); got != c.sum {
		return fmt.Errorf("images: %s: damaged pixels: SHA-256 %x, want %s", c.file.Name(), got, c.Sum())
	}
	return nil
}

// Close unmaps the file.
func (c *Cache) Close() error {
	err := c.mapped.Unmap()
	if e := c.file.Close(); err == nil {
		err = e
	}
	return err
}
