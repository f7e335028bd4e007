package main

import (
	"fmt"
	"io"
	"os"
)

// stdout is where commands print. What prints a line does not look at errors, such as that of a full disk: the first one is kept.
var stdout = &checkedWriter{to: os.Stdout}

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

// written is the error of a command that ended well, if not all of its output could be written.
func (w *checkedWriter) written() error {
	if w.err == nil {
		return nil
	}
	return fmt.Errorf("not all of the output could be written: %w", w.err)
}
