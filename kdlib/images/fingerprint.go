package images

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
)

// Fingerprint changes when the source does, as far as one can see without reading the pictures. It covers the archive's size
// and time of change (or those of every picture of a folder, behind links too), and the pictures' IDs and sets, which also
// depend on the layout.
func (s *Source) Fingerprint() (string, error) {
	sum := sha256.New()
	add := func(path string) error {
		info, err := os.Stat(filepath.Join(s.path, filepath.FromSlash(path)))
		if err == nil {
			fmt.Fprintf(sum, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
		}
		return err
	}
	_, isFolder := s.store.(folder)
	if !isFolder {
		if err := add(""); err != nil {
			return "", fmt.Errorf("images: %w", err)
		}
	}
	for _, p := range s.order {
		fmt.Fprintf(sum, "%q %s\n", p.ID, p.Split)
		if isFolder {
			if err := add(p.content); err != nil {
				return "", fmt.Errorf("images: %w", err)
			}
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
