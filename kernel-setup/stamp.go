package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// notInstalled is the problem of a component that is not there at all.
const notInstalled = "not installed"

// stamp is written after a component is complete. Without it, or when the key is another, the component is installed again.
type stamp struct {
	Key   string           // hash of everything that the installed thing was made from
	Files map[string]int64 // size of each file, by its path below .venv
}

// keyOf hashes parts into the key of a stamp.
func keyOf(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (l layout) stampPath(name string) string { return l.own("installed", name+".json") }

// readStamp returns the zero stamp when there is none.
func (l layout) readStamp(name string) stamp {
	var s stamp
	readJSON(l.stampPath(name), &s)
	return s
}

// writeStamp records that what key stands for is installed, with the files it consists of.
func (l layout) writeStamp(name, key string, files ...string) error {
	s := stamp{Key: key, Files: map[string]int64{}}
	for _, f := range files {
		rel, err := filepath.Rel(l.venv(), f)
		if err != nil {
			return err
		}
		s.Files[rel] = sizeOf(f)
	}
	return writeJSON(l.stampPath(name), s)
}

// holds reports the first thing that is not as the stamp says, empty if all is.
func (s stamp) holds(l layout, key string) (problem string) {
	switch s.Key {
	case key:
	case "":
		return notInstalled
	default:
		return "installed for another place or in other versions"
	}
	for rel, size := range s.Files {
		switch got := sizeOf(filepath.Join(l.venv(), rel)); got {
		case size:
		case -1:
			return rel + " is missing"
		default:
			return fmt.Sprintf("%s is damaged (%d bytes, want %d)", rel, got, size)
		}
	}
	return ""
}

// readJSON leaves v alone when path cannot be read or parsed; reports whether it could.
func readJSON(path string, v any) bool {
	data, err := os.ReadFile(path)
	return err == nil && json.Unmarshal(data, v) == nil
}

func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return writeFile(path, append(data, '\n'))
}

// writeFile writes path whole, folder included.
func writeFile(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return renameio.WriteFile(path, data, 0o644)
}
