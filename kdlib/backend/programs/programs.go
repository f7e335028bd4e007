// Package programs keeps compiled XLA programs in a folder, so that no process compiles what an earlier one has compiled. A
// training step of ResNet-18 takes 8 to 18 seconds to compile and half a second to load.
//
// Whoever can write to the folder decides which machine code runs. So it belongs beside the plugin itself.
package programs

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// Variable is the environment variable that names the folder of programs, or turns them Off.
	Variable = "KDLIB_PROGRAMS"
	// Off is the value of Variable with which nothing is kept or loaded.
	Off = "off"
	// Dir is where set-up keeps programs, below the project's root.
	Dir = ".venv/lib/programs"
	// Limit is the size of a folder in bytes, beyond which the programs that were not used for longest are removed. Those of
	// all notebooks and tests are a third of it.
	Limit = 1 << 30
)

// magic begins each file; its number is that of the format.
const magic = "kdlib program 1\n"

// Store is a folder of programs. Several processes may use it at the same time. Its faults are no errors of the user's: a
// program that is damaged or cannot be read is compiled again, and one that cannot be written is not kept.
type Store struct {
	dir    string
	limit  int64  // bytes
	shared string // folder of somebody else's to load from as well, or none
}

// Key tells a program, with everything that decides its machine code, from all others.
type Key [sha256.Size]byte

// KeyOf is the key of everything that decides a program, part by part.
func KeyOf(parts ...[]byte) Key {
	sum := sha256.New()
	for _, part := range parts {
		sum.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(part)))) // so that "ab", "c" is not "a", "bc"
		sum.Write(part)
	}
	return Key(sum.Sum(nil))
}

// In returns the store in the folder dir, which the first program creates. It keeps at most limit bytes. Where this user may not write into
// dir, as in an installation that many use, programs are kept in the user's own caches, and loaded from both.
func In(dir string, limit int64) Store {
	if own := ofUser(); own != "" && own != dir && !mayWrite(dir) {
		return Store{dir: own, limit: limit, shared: dir}
	}
	return Store{dir: dir, limit: limit}
}

// mayWrite says whether this user may write into a folder, or into the nearest one above it that is there.
func mayWrite(dir string) bool {
	for {
		err := unix.Access(dir, unix.W_OK)
		if above := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && above != dir {
			dir = above
			continue
		}
		return !errors.Is(err, fs.ErrPermission) && !errors.Is(err, unix.EROFS)
	}
}

// Load returns the program of a key, or nil if the store has no whole one. The check matters: the plugin would run damaged
// machine code.
func (s Store) Load(key Key) []byte {
	for _, dir := range []string{s.dir, s.shared} {
		path := filepath.Join(dir, key.name())
		data, err := os.ReadFile(path)
		if dir == "" || err != nil {
			continue
		}
		if program, whole := open(key, data); whole {
			now := time.Now()
			_ = os.Chtimes(path, now, now) // its last use, for bound; a folder that is read only is never bound
			return program
		}
	}
	return nil
}

// Keep writes a program, then makes room if the folder is larger than its limit.
func (s Store) Keep(key Key, program []byte) {
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return
	}
	file, err := os.CreateTemp(s.dir, "new-*") // not flushed to the disk: after a crash the checksum tells
	if err != nil {
		return
	}
	_, err1 := file.Write(seal(key, program))
	err2 := file.Chmod(0o644) // for all who use this installation
	err3 := file.Close()
	if err1 != nil || err2 != nil || err3 != nil || os.Rename(file.Name(), s.path(key)) != nil {
		_ = os.Remove(file.Name())
		return
	}
	s.bound()
}

func (s Store) path(key Key) string { return filepath.Join(s.dir, key.name()) }

// name is that of a program's file.
func (k Key) name() string { return hex.EncodeToString(k[:]) }

// seal is the content of a file: magic, a checksum of key and program, the program.
func seal(key Key, program []byte) []byte {
	sum := KeyOf(key[:], program)
	return slices.Concat([]byte(magic), sum[:], program)
}

// open returns the program in a file's content, if it is whole and of this key.
func open(key Key, data []byte) (program []byte, whole bool) {
	rest, ours := bytes.CutPrefix(data, []byte(magic))
	if !ours || len(rest) < sha256.Size {
		return nil, false
	}
	program = rest[sha256.Size:]
	return program, KeyOf(key[:], program) == Key(rest[:sha256.Size])
}

// bound removes what was not used for longest until the rest is within the limit. What killed processes left half-written
// goes the same way.
func (s Store) bound() {
	files, size := s.files()
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, f := range files {
		if size <= s.limit {
			return
		}
		if os.Remove(filepath.Join(s.dir, f.Name())) == nil {
			size -= f.Size()
		}
	}
}

// files are those of the store, and their size in bytes.
func (s Store) files() (files []fs.FileInfo, size int64) {
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() { // else another process has just removed it
			files, size = append(files, info), size+info.Size()
		}
	}
	return files, size
}

// String tells how much the store holds: "34 programs, 61 MB".
func (s Store) String() string {
	files, size := s.files()
	return fmt.Sprintf("%d programs, %.0f MB", len(files), float64(size)/1e6)
}

// Folder is where a process keeps programs: the folder that Variable names, or else Dir of the checkout at root. A program
// elsewhere, whose root is empty, uses a folder of the user's caches. Folder is empty if Variable is Off.
func Folder(root string) string {
	named, set := os.LookupEnv(Variable)
	switch {
	case named == Off:
		return ""
	case set && named != "":
		return named
	case root != "":
		return filepath.Join(root, filepath.FromSlash(Dir))
	}
	return ofUser()
}

// ofUser is the folder of programs in the user's caches, empty for a user without.
func ofUser() string {
	caches, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(caches, "kdlib", "programs")
}
