// Kernel-setup installs what the Go notebooks need into the folder .venv of this checkout, and starts things with it.
//
//	go run ./kernel-setup lab        JupyterLab on notebooks/
//	go run ./kernel-setup test       go vet and all tests
//	go run ./kernel-setup run        all notebooks, headless
//	go run ./kernel-setup doctor     what is there and what is missing
//
// It is written without cgo, so that it runs on a machine without a C compiler and can say so.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := rootCommand().ExecuteContext(ctx)
	if err == nil {
		err = stdout.written()
	}
	if err != nil {
		os.Exit(report(ctx, err))
	}
}

// report prints err, if it is not only the exit status of a program that has spoken for itself, and returns the exit status.
func report(ctx context.Context, err error) int {
	if ctx.Err() != nil {
		fmt.Fprintln(os.Stderr, "kernel-setup: interrupted; run the same command again to go on")
		return 130 // what a shell reports for a program that ended by SIGINT
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1)
	}
	if !errors.Is(err, errReported) {
		fmt.Fprintln(os.Stderr, "kernel-setup:", err)
	}
	return 1
}

// errReported ends a command with exit status 1 whose output has already said what is wrong.
var errReported = errors.New("failed")

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "kernel-setup",
		Short: "Set up and start the Go notebooks of this checkout",
		Long: `Set up and start the Go notebooks of this checkout.

Everything is installed into the folder .venv of the checkout: JupyterLab, the Go kernel GoNB with goimports,
the XLA CPU plugin, and for JupyterLab's completions gopls. Commands that need something install what is missing first; a second
start takes seconds.`,
		SilenceUsage:      true,
		SilenceErrors:     true,
		Annotations:       map[string]string{cobra.CommandDisplayNameAnnotation: "go run ./kernel-setup"},
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.AddCommand(labCommand(), fillCommand(), testCommand(), runCommand(), goldensCommand(), teacherCommand(), clusterCommand(), pageCommand(), cudaCommand(), packCommand(), envCommand(), doctorCommand(), uninstallCommand())
	return root
}
