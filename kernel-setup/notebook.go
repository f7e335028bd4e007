package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// notebook is what this program reads of an executed notebook (nbformat 4).
type notebook struct {
	Cells []cell `json:"cells"`
}

type cell struct {
	Type     string `json:"cell_type"`
	Source   text   `json:"source"`
	Metadata struct {
		Tags []string `json:"tags"`
	} `json:"metadata"`
	Outputs []output `json:"outputs"`
}

type output struct {
	Type      string   `json:"output_type"` // stream, display_data, execute_result or error
	Name      string   `json:"name"`        // of a stream: stdout or stderr
	Text      text     `json:"text"`        // of a stream
	Value     string   `json:"evalue"`      // of an error
	Traceback []string `json:"traceback"`   // of an error
}

// text is a string that nbformat may split into lines.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

func readNotebook(path string) (notebook, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return notebook{}, err
	}
	var nb notebook
	if err := json.Unmarshal(data, &nb); err != nil {
		return notebook{}, fmt.Errorf("%s: not a notebook: %w", path, err)
	}
	return nb, nil
}

// failure is a code cell that failed.
type failure struct {
	Cell    int // among the code cells, from 1
	Message string
}

// failureLines is how much of an error is shown.
const failureLines = 12

// failures lists the code cells whose outputs tell of an error. A cell with Jupyter's tag raises-exception is meant to
// fail.
func (nb notebook) failures() []failure {
	var found []failure
	number := 0
	for _, c := range nb.Cells {
		if c.Type != "code" {
			continue
		}
		number++
		if slices.Contains(c.Metadata.Tags, "raises-exception") {
			continue
		}
		if message := c.failure(); message != "" {
			found = append(found, failure{number, message})
		}
	}
	return found
}

// failure is the error among the outputs, empty if there is none.
func (c cell) failure() string {
	var stderr string
	for _, o := range c.Outputs {
		switch {
		case o.Type == "error":
			return head(o.message(stderr), failureLines)
		case o.Type == "stream" && o.Name == "stderr":
			stderr += terminalCodes.ReplaceAllString(string(o.Text), "")
		}
	}
	if silentFailure.MatchString(stderr) {
		return head(strings.TrimSpace(stderr), failureLines)
	}
	return ""
}

// silentFailure is what GoNB prints on stderr, before it reports success, for a shell line or a %%bash cell that fails
// and for a magic command that it does not know.
var silentFailure = regexp.MustCompile(`(?m)^exit status [1-9]\d*$|^signal: .*$|^"%\S*" unknown or not implemented yet\.`)

var (
	terminalCodes = regexp.MustCompile("\x1b\\[[0-9;?]*[a-zA-Z]")
	// compileError is a part of GoNB's traceback: cell (maybe an earlier one, whose declarations live on) and line, code
	// around it, and on the last line the message.
	compileError = regexp.MustCompile(`(?s)^Cell\[(\d+)\]: Line (\d+)\n.*\n([^\n]+)\s*$`)
	bareStatus   = regexp.MustCompile(`^(exit status \d+|signal: .*)$`)
)

// message is the text of an error output: the compiler's messages with the lines of the cell; or, for a program that
// ended by itself, what it had printed on stderr (a panic, a log message); or the error as it is.
func (o output) message(stderr string) string {
	var compile []string
	for _, part := range o.Traceback {
		if m := compileError.FindStringSubmatch(part); m != nil {
			compile = append(compile, "line "+m[2]+" of In["+m[1]+"]: "+m[3])
		}
	}
	switch {
	case len(compile) > 0:
		return strings.Join(compile, "\n")
	case bareStatus.MatchString(o.Value):
		return o.Value + ": " + strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(stderr), o.Value))
	case len(o.Traceback) > 0:
		return strings.TrimSpace(terminalCodes.ReplaceAllString(strings.Join(o.Traceback, "\n"), ""))
	}
	return o.Value
}

// head is the first n lines of s.
func head(s string, n int) string {
	lines := strings.Split(s, "\n")
	if len(lines) > n {
		lines = append(lines[:n], "...")
	}
	return strings.Join(lines, "\n")
}
