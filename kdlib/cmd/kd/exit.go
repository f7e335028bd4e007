package main

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"distillation/kdlib/internal/lock"

	"github.com/spf13/cobra"
)

// Exit statuses, beside 0. A script may repeat a command that ended with exitAgain as it is.
const (
	exitFailed = 1
	exitUsage  = 2
	exitAgain  = 75 // EX_TEMPFAIL of sysexits.h
)

const exitHelp = `Exit status: 0 done; 2 wrong usage: nothing was done; 75 interrupted, or another process works in the folder: the same command
goes on later; 1 everything else.`

var errInterrupted = errors.New("interrupted")

// errGoesOn tells the user how to go on after a stop, and no more: it was asked for.
var errGoesOn = fmt.Errorf("%w; the same command goes on from the last finished epoch", errInterrupted)

// resumable is true while a command works that goes on, when it is repeated, where it was stopped.
var resumable atomic.Bool

// wrongUsage is the error of a command that was typed wrong.
type wrongUsage struct{ error }

func (w wrongUsage) Unwrap() error { return w.error }

func usage(err error) error {
	if err == nil {
		return nil
	}
	return wrongUsage{err}
}

// usagef is fmt.Errorf for wrong usage.
func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// status is the exit status of the program after an error.
func status(err error) int {
	var wrong wrongUsage
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errInterrupted), errors.Is(err, lock.ErrInUse):
		return exitAgain
	case errors.As(err, &wrong):
		return exitUsage
	}
	return exitFailed
}

// noteStart makes every command note that it started: an error before that is one of its words, which cobra has looked at.
func noteStart(c *cobra.Command, started *bool) {
	if run := c.RunE; run != nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			*started = true
			return run(c, args)
		}
	}
	for _, sub := range c.Commands() {
		noteStart(sub, started)
	}
}

// group is a command that does nothing without one of its own.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use + " COMMAND", Short: short, RunE: func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.Help()
		}
		var names []string
		for _, sub := range c.Commands() {
			names = append(names, sub.Name())
		}
		return usagef("unknown command %q for %q, want one of %s", args[0], c.CommandPath(), strings.Join(names, ", "))
	}}
	c.AddCommand(commands...)
	return c
}

// without refuses flags that were given and have no effect in this call; why says what makes them have none.
func without(c *cobra.Command, why string, names ...string) error {
	for _, name := range names {
		if f := c.Flag(name); f.Changed {
			return usagef("%s: --%s: got %s, which has no effect %s; leave it out", c.CommandPath(), f.Name, f.Value, why)
		}
	}
	return nil
}
