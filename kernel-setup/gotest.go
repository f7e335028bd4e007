package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"github.com/spf13/cobra"
)

func testCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "test [-- GO-TEST-ARGUMENT...]",
		Short: "Install what is missing, then run go vet and all tests",
		Long: `Install what is missing, then run go vet ./... and go test ./... with the environment that the tests need, and
without a limit of time. The exit status is theirs. What follows -- is passed on to go test.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.test(cmd.Context(), args)
		},
	}
}

// goTest are the words of go test, without the vetting that has just been done. On a busy machine packages take longer than the ten minutes that go test gives each;
// the user's own -timeout comes later and so counts.
func goTest(args []string) []string {
	return append([]string{"test", "-vet=off", "-timeout", "0", "./..."}, args...)
}

func (s *setup) test(ctx context.Context, args []string) error {
	p, err := s.ensure(ctx)
	if err != nil {
		return err
	}
	env := with(os.Environ(), environment(s.layout, s.env.goBin(), p, os.Getenv)...)
	fmt.Fprintln(s.out, "go vet, then go test, which says a line for each package: some five minutes on two cores, more when all is compiled for the first time")
	for _, command := range [][]string{{"vet", "./..."}, goTest(args)} {
		cmd := exec.CommandContext(ctx, "go", command...)
		cmd.Dir, cmd.Env = string(s.layout), env
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return err
		}
	}
	return nil
}
