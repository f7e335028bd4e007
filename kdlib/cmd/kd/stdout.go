package main

import "io"

// checkedWriter keeps the first error of writing, such as that of a full disk, which what prints a line does not look at.
type checkedWriter struct {
	to  io.Writer
	err error
}

func (w *checkedWriter) Write(text []byte) (int, error) {
	n, err := w.to.Write(text)
	if w.err == nil {
		w.err = err
	}
	return n, err
}
