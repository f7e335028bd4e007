package notebook

import (
	"fmt"
	"html"
	"os"

	"github.com/janpfeifer/gonb/gonbui"
)

// Must returns value, or stops the cell: in a notebook it shows err in a red frame and ends the cell's program with exit status
// 1. A headless run, which that fails too, has err on stderr. Outside of a notebook it panics with err.
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
	if hasBrowser() {
		display(errorHTML(err))
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(1)
}

// alone hides what follows the frame in JupyterLab: GoNB's two lines "exit status 1".
const alone = `<style>.jp-OutputArea-child:has(.kdlib-error) ~ .jp-OutputArea-child { display: none; }</style>`

// errorHTML keeps the lines of an error, such as those of errors.Join.
func errorHTML(err error) string {
	return fmt.Sprintf(`<div class="kdlib-error" role="alert" style="margin:0.5em 0;padding:0.5em 0.9em;border:1px solid #C62828;border-left-width:4px;white-space:pre-wrap;overflow-wrap:anywhere">`+alone+`<strong style="color:#C62828">Error</strong> %s</div>`,
		html.EscapeString(err.Error()))
}
