package images

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// Stamp changes when the source does, as far as can be seen without reading it: the archive's size and time of change, or
// those of every picture of a folder. Of an archive that is reached by a link it is the archive's own.
func (s *Source) Stamp() (string, error) {
	paths, stat := []string{""}, os.Stat
	if _, ok := s.store.(folder); ok {
		paths, stat = paths[:0], os.Lstat // no link is a picture
		for _, p := range s.order {
			paths = append(paths, p.Path)
		}
	}
	sum := sha256.New()
	for _, path := range paths {
		info, err := stat(filepath.Join(s.path, path))
		if err != nil {
			return "", fmt.Errorf("images: %w", err)
		}
		fmt.Fprintf(sum, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
