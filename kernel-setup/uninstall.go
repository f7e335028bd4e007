package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func uninstallCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "uninstall",
		Short: "Remove everything that was installed",
		Long:  `Remove the folder .venv, which holds everything that was installed, unless it was made by something else.`,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.uninstall(cmd.Context())
		},
	}
}

func (s *setup) uninstall(ctx context.Context) error {
	err := s.checkOurs()
	if errors.Is(err, os.ErrNotExist) {
		fmt.Fprintln(s.out, "nothing is installed")
		return nil
	}
	if err != nil {
		return err
	}
	unlock, err := s.lock(ctx) // not under the hands of a running set-up
	if err != nil {
		return err
	}
	defer unlock()
	if err := os.RemoveAll(s.venv()); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "removed %s\nleft: Go's build cache %s and modules %s, which other projects share\n",
		s.venv(), s.env.GOCACHE, s.env.GOMODCACHE)
	return nil
}
