package notebook

import (
	"fmt"
	"html"
	"os"

	"github.com/janpfeifer/gonb/gonbui"
)

// Must returns value, or stops the cell: in a notebook it shows err in a red frame and ends the cell's program with exit status
// 1, which fails a headless run too. Outside of a notebook it panics with err.
func Must[T any](value T, err error) T {
	Check(err)
	return value
}

// Check is Must for calls that return only an error. The first error of several that is not nil stops the cell.
func Check(errs ...error) {
	for _, err := range errs {
		if err != nil {
			stop(err)
		}
	}
}

func stop(err error) {
	if !gonbui.IsNotebook {
		panic(err)
	}
	display(errorHTML(err))
	fmt.Fprintln(os.Stderr, err) // what a headless run reports
	os.Exit(1)
}

// errorHTML keeps the lines of an error, such as those of errors.Join.
func errorHTML(err error) string {
	return fmt.Sprintf(`<div style="margin:0.5em 0;padding:0.5em 0.9em;border:1px solid #C62828;border-left-width:4px;white-space:pre-wrap;overflow-wrap:anywhere"><strong style="color:#C62828">Error</strong> %s</div>`,
		html.EscapeString(err.Error()))
}
