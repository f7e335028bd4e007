package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/spf13/cobra"
)

const (
	loopback    = "127.0.0.1"
	defaultPort = 8888 // Jupyter's
	portTries   = 50   // Jupyter's
)

func labCommand() *cobra.Command {
	var port int
	var noBrowser bool
	cmd := &cobra.Command{
		Use:   "lab [--port N] [--no-browser] [-- JUPYTER-ARGUMENT...]",
		Short: "Install what is missing, then start JupyterLab on notebooks/",
		Long: `Install what is missing, then start JupyterLab on notebooks/: with the first of them, later with what was left open.

It serves this machine only (127.0.0.1) and asks for the token in the address that it prints. Ctrl-C, twice, stops it;
a script sends SIGTERM to the whole process group, since "go run" passes no signals on. An interrupted first start goes on where it stopped.
What follows -- is passed on to jupyter lab.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.lab(cmd.Context(), labOptions{port, cmd.Flags().Changed("port"), noBrowser, args})
		},
	}
	cmd.Flags().IntVar(&port, "port", defaultPort, "the port to serve on; without this flag the next free one if it is taken")
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, "do not open a browser")
	return cmd
}

type labOptions struct {
	port      int
	fixed     bool // take this port or none
	noBrowser bool
	more      []string // arguments of Jupyter's own
}

// lab becomes JupyterLab, so that signals and the exit status are Jupyter's own.
func (s *setup) lab(ctx context.Context, o labOptions) error {
	p, err := s.ensure(ctx)
	if err != nil {
		return err
	}
	if server := s.languageServer(); !server.check(ctx).ok {
		if err := s.option(ctx, server); err != nil {
			return err
		}
	}
	o.port, err = choosePort(o.port, o.fixed)
	if err != nil {
		return err
	}
	if !o.fixed && o.port != defaultPort {
		fmt.Fprintf(s.out, "port %d is in use: taking %d\n", defaultPort, o.port)
	}
	argv := append([]string{s.python()}, labArguments(s.layout, o, os.Geteuid() == 0)...)
	env := with(os.Environ(), environment(s.layout, s.env.goBin(), p, os.Getenv)...)
	env = with(env, jupyterEnvironment(s.layout)...)
	if err := s.fillBeside(o.port, env); err != nil {
		fmt.Fprintf(s.out, "programs are compiled when a cell first needs them: %v\n", err)
	}
	return fmt.Errorf("starting JupyterLab: %w", syscall.Exec(s.python(), argv, env))
}

func labArguments(l layout, o labOptions, root bool) []string {
	args := []string{"-m", "jupyterlab", "--ServerApp.ip=" + loopback, "--ServerApp.port=" + strconv.Itoa(o.port),
		"--ServerApp.port_retries=0", "--ServerApp.root_dir=" + string(l), // notebooks link to tables and texts outside their folder
		"--LabApp.default_url=/lab/tree/" + startPage(l),
		"--LanguageServerManager.autodetect=False"} // would run npm, which writes into the home folder
	if o.noBrowser {
		args = append(args, "--no-browser")
	}
	if root { // in a container; Jupyter refuses otherwise, and this one listens on loopback only
		args = append(args, "--allow-root")
	}
	return append(args, o.more...)
}

// startPage is what JupyterLab opens: the first notebook, or what the user left open, which is saved as a workspace.
func startPage(l layout) string {
	if saved, _ := filepath.Glob(l.jupyter("config", "lab", "workspaces", "*.jupyterlab-workspace")); len(saved) > 0 {
		return "notebooks"
	}
	return "notebooks/00_quick_start.ipynb"
}

// choosePort returns port if it is free, else, unless it is fixed, the next free one.
func choosePort(port int, fixed bool) (int, error) {
	for p := port; p < port+portTries; p++ {
		err := tryPort(p)
		if err == nil {
			return p, nil
		}
		if fixed && errors.Is(err, syscall.EADDRINUSE) {
			return 0, fmt.Errorf("port %d is in use: choose another with --port, or leave --port out", port)
		}
		if fixed {
			return 0, fmt.Errorf("port %d: %w", port, err)
		}
	}
	return 0, fmt.Errorf("ports %d to %d are all in use: choose one with --port", port, port+portTries-1)
}

func tryPort(port int) error {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return err
	}
	return l.Close()
}
