package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"distillation/kdlib/backend/programs"

	"github.com/spf13/cobra"
)

// lowest is the niceness that leaves the processor to everything else.
const lowest = 19

// fillCommand is what lab starts beside JupyterLab.
func fillCommand() *cobra.Command {
	var port int
	cmd := &cobra.Command{
		Use:    "fill",
		Short:  "Compile what the notebooks use, at the lowest priority, once a port is served",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := awaitPort(cmd.Context(), port); err != nil {
				return err
			}
			if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, lowest); err != nil {
				return err
			}
			fill := exec.CommandContext(cmd.Context(), "go", "tool", "kd", "programs", "fill") // PATH is of lab's environment
			fill.Stdout, fill.Stderr = os.Stdout, os.Stderr
			return fill.Run()
		},
	}
	cmd.Flags().IntVar(&port, "port", defaultPort, "the port of this machine to wait for")
	return cmd
}

// fillBeside starts fill as a process of its own, which Ctrl-C in the terminal ends, too. It starts when JupyterLab is served,
// so that it does not keep the user waiting for that.
func (s *setup) fillBeside(port int, env []string) error {
	if programs.Folder(string(s.layout)) == "" { // turned off
		return nil
	}
	program, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.Create(s.own("fill.log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(program, "fill", "--port", strconv.Itoa(port))
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = string(s.layout), env, log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "in the background, once JupyterLab is there: compiling what the notebooks use, unless it is kept (log: %s)\n",
		s.relative(filepath.Clean(log.Name())))
	return nil
}

// awaitPort returns when something on this machine accepts connections, or when the process that started this one is gone.
func awaitPort(ctx context.Context, port int) error {
	for starter := os.Getppid(); os.Getppid() == starter; {
		conn, err := net.Dial("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	return errors.New("JupyterLab has ended")
}
