package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

func envCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "env",
		Short: "Print the environment, for use in a terminal",
		Long: `Install what is missing, then print the environment of the notebooks as shell commands. In a terminal, type

	eval "$(go run ./kernel-setup env)"

once; then commands that compute, such as go tool kd, find the XLA plugin, and jupyter is the one of this checkout.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), os.Stderr)
			if err != nil {
				return err
			}
			p, err := s.ensure(cmd.Context())
			if err != nil {
				return err
			}
			vars := environment(s.layout, s.env.goBin(), p, os.Getenv)
			printExports(stdout, append(vars, jupyterEnvironment(s.layout)...))
			return nil
		},
	}
}

// printExports writes vars for a POSIX shell.
func printExports(w io.Writer, vars []variable) {
	for _, v := range vars {
		fmt.Fprintf(w, "export %s='%s'\n", v.Name, strings.ReplaceAll(v.Value, "'", `'\''`))
	}
}
