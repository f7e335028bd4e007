// Command kd runs the steps of the paper from a terminal: pictures, training, predictions, tables,
// figures, and quick numbers about a file of predictions.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"distillation/kdlib/backend/memory"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func main() {
	if err := memory.Restart(); err != nil {
		fmt.Fprintln(os.Stderr, "kd:", err) // slower, not wrong
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go endAnyway(ctx, stop)
	err := run(ctx, os.Stdout, os.Stderr, os.Args[1:])
	if failed := os.Stdout.Close(); err == nil && !errors.Is(failed, syscall.EBADF) { // some disks tell only now that they are full
		err = failed
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "kd:", err)
		stop()
		os.Exit(status(err))
	}
}

// grace is how long a command may take to end after an interruption.
const grace = time.Second

// endAnyway ends a process that does not look at its context, as while XLA compiles: at a second signal, or when it has had its
// time. Nothing is lost that was stored: files are written whole, and locks end with their process.
func endAnyway(ctx context.Context, stop func()) {
	<-ctx.Done()
	stop()
	time.Sleep(grace)
	err := errInterrupted
	if resumable.Load() {
		err = errGoesOn
	}
	fmt.Fprintln(os.Stderr, "kd:", err)
	os.Exit(exitAgain)
}

// newRoot returns the command with all that belong to it.
func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:           "kd",
		Short:         "Knowledge distillation for binary classification, step by step",
		Long:          "Knowledge distillation for binary classification, step by step.\n\n" + exitHelp,
		Version:       "known", // or cobra makes no flag; what it prints costs two calls of git
		SilenceUsage:  true,    // a wrong value is said in one line
		SilenceErrors: true,    // main prints it
	}
	root.AddCommand(dataCommand(), weightsCommand(), trainCommand(), predictCommand(), evalCommand(), explainCommand(), studyCommand(), stateCommand(), exportCommand(),
		tablesCommand(), figuresCommand(), reportCommand(), labelsCommand(), benchCommand(), histCommand(), scoreCommand(), programsCommand(), labCommand())
	root.SetGlobalNormalizationFunc(today)
	cobra.AddTemplateFunc("version", version)
	root.SetVersionTemplate("{{version}}\n")
	return root
}

// noArguments refuses words that are no flags; cobra.NoArgs calls them commands.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes flags only: got %q; %s --help says which", c.CommandPath(), args[0], c.CommandPath())
}

// oneArgument asks for the one word that the command's use names, as FILE in "score FILE".
func oneArgument(c *cobra.Command, args []string) error {
	if len(args) == 1 {
		return nil
	}
	_, word, _ := strings.Cut(c.Use, " ")
	return fmt.Errorf("%s takes one %s: got %q; %s --help says more", c.CommandPath(), word, args, c.CommandPath())
}

// someArguments asks for one word or more of the kind that the command's use names, as NETWORK in "explain NETWORK...".
func someArguments(c *cobra.Command, args []string) error {
	if len(args) > 0 {
		return nil
	}
	_, words, _ := strings.Cut(c.Use, " ")
	return fmt.Errorf("%s takes %s: got none; %s --help says more", c.CommandPath(), words, c.CommandPath())
}

// run is the whole program, so that tests run it in their own process.
func run(ctx context.Context, stdout, stderr io.Writer, args []string) error {
	root := newRoot()
	var started bool
	noteStart(root, &started)
	out := &checkedWriter{to: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case out.err != nil && (err == nil || errors.Is(err, out.err)):
		return fmt.Errorf("not all of the output could be written: %w", out.err)
	case err != nil && !started:
		return usage(err)
	case err != nil && ctx.Err() != nil && !errors.Is(err, errInterrupted):
		return errInterrupted // by the user, who need not be told what of
	}
	return namingLink(err)
}

// namingLink adds to the error of a file that is not there that its name is a link, which hides what is missing.
func namingLink(err error) error {
	var missing *fs.PathError
	if !errors.As(err, &missing) {
		return err
	}
	if to, isNone := os.Readlink(missing.Path); isNone == nil {
		return fmt.Errorf("%w (%s is a link to %s)", err, missing.Path, to)
	}
	return err
}

// oldFlags are names that flags had, and those that they have today.
var oldFlags = map[string]string{"answers": "predictions", "set": "split"}

// today takes a flag by its old name as well.
func today(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	if now, old := oldFlags[name]; old {
		name = now
	}
	return pflag.NormalizedName(name)
}
