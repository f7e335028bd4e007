package bench

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/recipe"
)

// Program is a command that measures one case and prints a line. Its words may contain {depth}, {batch}, {size}, {mode} and
// {steps}, which are replaced by the values of the case.
type Program []string

// ParseProgram splits a command at white space. There is no shell: no quotes, no variables.
func ParseProgram(command string) (Program, error) {
	p := Program(strings.Fields(command))
	if len(p) == 0 {
		return nil, errors.New("bench: program: got none, want a command")
	}
	return p, nil
}

// ParseCase reads a case as in "18/train/64/32": depth, mode, size, batch.
func ParseCase(text string) (Case, error) {
	parts := strings.Split(text, "/")
	bad := fmt.Errorf("bench: case: got %q, want depth/mode/size/batch as in 18/train/64/32", text)
	if len(parts) != 4 || parts[0] == "" || parts[1] == "" {
		return Case{}, bad
	}
	size, err1 := strconv.Atoi(parts[2])
	batch, err2 := strconv.Atoi(parts[3])
	if err1 != nil || err2 != nil || size < 1 || batch < 1 {
		return Case{}, bad
	}
	if err := recipe.CheckBatch(batch, size); err != nil {
		return Case{}, fmt.Errorf("bench: case %q: %w", text, err)
	}
	return Case{Depth: parts[0], Batch: batch, Size: size, Mode: parts[1]}, nil
}

// Run measures a case in a process of its own.
func (p Program) Run(ctx context.Context, c Case, steps int) (Line, error) {
	words := slices.Clone(p)
	fill := strings.NewReplacer("{depth}", c.Depth, "{batch}", strconv.Itoa(c.Batch), "{size}", strconv.Itoa(c.Size),
		"{mode}", c.Mode, "{steps}", strconv.Itoa(steps))
	for i := range words {
		words[i] = fill.Replace(words[i])
	}
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var news strings.Builder
	cmd.Stderr = &news
	output, err := cmd.Output()
	if err != nil {
		return Line{}, fmt.Errorf("bench: %s: %w\n%s", strings.Join(words, " "), err, news.String())
	}
	l, err := Parse(string(output))
	if err != nil {
		return Line{}, fmt.Errorf("bench: %s: %w", strings.Join(words, " "), err)
	}
	if l.Case != c {
		return Line{}, fmt.Errorf("bench: %s: measured %+v, want %+v", strings.Join(words, " "), l.Case, c)
	}
	return l, nil
}

// A Comparison is what several programs are measured on.
type Comparison struct {
	Programs []Program
	Cases    []Case
	Steps    int // warm steps of a measurement
	Repeat   int // measurements of each case by each program
}

// Interleave measures every case with every program, in turns, so that changes of the machine's speed affect all of them alike.
// It gives each line to keep.
func (m Comparison) Interleave(ctx context.Context, keep func(Line) error) error {
	for _, c := range m.Cases {
		for range m.Repeat {
			for _, p := range m.Programs {
				l, err := p.Run(ctx, c, m.Steps)
				if err != nil {
					return err
				}
				if err := keep(l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
