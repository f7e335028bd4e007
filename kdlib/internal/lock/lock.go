// Package lock keeps two processes from writing into one folder.
package lock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// File is the lock's name inside the folder. It is there while a process works in the folder, and after one that died.
const File = ".lock"

// Holder is who works in a folder, as File says in JSON.
type Holder struct {
	Program string    `json:"program"`
	Process int       `json:"process"` // its id on Host
	Host    string    `json:"host"`
	Started time.Time `json:"started"` // when it locked the folder
}

// String is "kd, process 17 on host since 2006-01-02 15:04:05 UTC".
func (h Holder) String() string {
	return fmt.Sprintf("%s, process %d on %s since %s", h.Program, h.Process, h.Host, h.Started.Format("2006-01-02 15:04:05 MST"))
}

// Folder is a folder that this process alone writes into.
type Folder struct {
	path string
	lock *flock.Flock
}

// ErrInUse is the error of a folder that somebody else works in.
var ErrInUse = errors.New("the folder is in use")

// inUse is ErrInUse with the folder and who works in it.
type inUse struct{ folder, holder string }

func (e inUse) Error() string {
	return fmt.Sprintf("the folder %s is in use by %s; wait for it or stop it", e.folder, e.holder)
}

func (e inUse) Is(target error) bool { return target == ErrInUse }

// Take makes the folder if it is missing and locks it. A folder that another process, or another part of this one, has
// locked is an error that names it, ErrInUse. The lock is the system's (flock) and ends with its process, however that ends: the file
// of a dead one is taken over.
func Take(path string) (*Folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for {
		f := &Folder{path, flock.New(filepath.Join(path, File), flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o644))}
		locked, err := f.lock.TryLock()
		switch {
		case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
			return nil, fmt.Errorf("lock: the folder %s cannot be written into: %w", path, err)
		case err != nil:
			return nil, fmt.Errorf("lock: %w", err)
		case !locked:
			return nil, fmt.Errorf("lock: %w", inUse{path, holder(f.lock.Path())})
		}
		if f.isNamed() {
			return f, f.sign()
		}
		_ = f.lock.Close() // the file of one who gave the lock back meanwhile: nobody else sees it
	}
}

// isNamed says whether the locked file is still the one of its name.
func (f *Folder) isNamed() bool {
	held, err1 := f.lock.Stat()
	named, err2 := os.Stat(f.lock.Path())
	return err1 == nil && err2 == nil && os.SameFile(held, named)
}

// sign writes into the locked file who holds it.
func (f *Folder) sign() error {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	text, err := json.Marshal(Holder{filepath.Base(os.Args[0]), os.Getpid(), host, time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = os.WriteFile(f.lock.Path(), text, 0o644) // truncates: the file and its lock stay
	}
	if err != nil {
		return errors.Join(fmt.Errorf("lock: %w", err), f.Release())
	}
	return nil
}

// holder reads who holds a lock.
func holder(path string) string {
	var h Holder
	text, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(text, &h) != nil {
		return "another process, which has not given its name yet"
	}
	return h.String()
}

// Release gives the folder back and removes it if it is empty.
func (f *Folder) Release() error {
	err := errors.Join(os.Remove(f.lock.Path()), f.lock.Close()) // in this order: a file without a lock is a dead one's
	_ = os.Remove(f.path)                                        // fails where there is something
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// Who says who works in a folder; ok is false if nobody does, as far as can be told: a process of another host counts as at work until its
// file is gone.
func Who(folder string) (h Holder, ok bool) {
	text, err := os.ReadFile(filepath.Join(folder, File))
	if err != nil || json.Unmarshal(text, &h) != nil {
		return Holder{}, false
	}
	if host, err := os.Hostname(); err == nil && host == h.Host && gone(h.Process) {
		return Holder{}, false
	}
	return h, true
}

// gone says whether a process of this machine has ended, also if nobody has waited for it yet: in a container the first process may not.
func gone(process int) bool {
	if errors.Is(syscall.Kill(process, 0), syscall.ESRCH) {
		return true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process)) // of Linux: number, name in parentheses, state
	return err == nil && bytes.HasPrefix(stat[bytes.LastIndexByte(stat, ')')+1:], []byte(" Z"))
}

// Held is Who by the system's lock itself, so that no other process which got the number of one that died is taken for the holder. One who
// takes the folder at this very moment may be told that it is in use.
func Held(folder string) (h Holder, ok bool) {
	if h, ok = Who(folder); !ok {
		return h, false
	}
	probe := flock.New(filepath.Join(folder, File), flock.SetFlag(os.O_RDONLY))
	free, err := probe.TryRLock()
	_ = probe.Close()
	return h, err == nil && !free
}
