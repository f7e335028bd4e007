package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lock keeps a second set-up of the same checkout waiting until unlock is called. Programs started meanwhile inherit
// the lock file, so that one which outlives a killed set-up keeps the lock to its end.
func (s *setup) lock(ctx context.Context) (unlock func(), err error) {
	told := false
	for {
		if err := s.claim(); err != nil {
			return nil, err
		}
		f, err := os.OpenFile(s.own("lock"), os.O_CREATE|os.O_RDWR, 0o644)
		if err != nil {
			return nil, err
		}
		locked, err := tryLock(f)
		// An uninstall may have removed the folder, lock file and all, since the file was opened.
		if locked && isNamed(f) {
			s.held = f
			return func() { s.held = nil; f.Close() }, nil
		}
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name(), err)
		}
		if !told {
			told = true
			fmt.Fprintln(s.out, "another set-up of this checkout is running: waiting for it")
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// isNamed reports whether f is still the file of its name.
func isNamed(f *os.File) bool {
	held, err1 := f.Stat()
	named, err2 := os.Stat(f.Name())
	return err1 == nil && err2 == nil && os.SameFile(held, named)
}

// tryLock locks f if nobody else has; the lock ends with the last process that has f open.
func tryLock(f *os.File) (bool, error) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return false, nil
	}
	return err == nil, err
}
