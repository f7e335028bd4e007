package images

import (
	"fmt"
	"io"
)

// Limits against archives made to fill memory or time. Pictures are compressed already: an honest archive expands to
// little more than its size, and Kaggle's has 25,000 files.
const (
	maxEntries   = 1_000_000 // files of a source
	maxExpansion = 100       // content of an archive, as a multiple of its size, where it is more than
	mayAlways    = 1 << 30   // bytes
)

// mayExpandTo is the limit on the content of an archive of that size, in bytes.
func mayExpandTo(size int64) int64 { return max(mayAlways, maxExpansion*size) }

func tooLarge(limit int64) error {
	return fmt.Errorf("it expands to more than %d bytes, as pictures do not: refused", limit)
}

// An expanding reader fails after its limit.
type expanding struct {
	io.Reader
	limit, read int64
}

func (e *expanding) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if e.read += int64(n); e.read > e.limit {
		return 0, tooLarge(e.limit)
	}
	return n, err
}
