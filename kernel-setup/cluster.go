package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed cluster/requirements.txt
var clusterRequirements string

func clusterCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cluster",
		Short: "Install what runs a study as jobs of a cluster: Snakemake and the program kd",
		Long: `Install Snakemake with its plugins for Slurm and others (300 MB) and the program kd, built of this checkout, into .venv-cluster, and
say how a study is started. Nothing else uses that folder: delete it when you like. Python 3.11 or newer is needed.

kernel-setup/cluster/README.md says how to go on, on one machine, on Slurm and on Kubernetes.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.cluster(cmd.Context())
		},
	}
}

// clusterVenv holds programs that the machines of a cluster see in a folder that they share.
func (l layout) clusterVenv(elements ...string) string {
	return l.path(append([]string{".venv-cluster"}, elements...)...)
}

// cluster installs Snakemake, and kd beside it.
func (s *setup) cluster(ctx context.Context) error {
	p, err := s.ensure(ctx)
	if err != nil {
		return err
	}
	if err := s.installRequirements(ctx, s.clusterVenv(), clusterRequirements, "kernel-setup/cluster, 300 MB,"); err != nil {
		return err
	}
	if err := s.buildKD(ctx); err != nil {
		return err
	}
	if err := link(p.Path, s.clusterVenv("bin", filepath.Base(p.Path))); err != nil {
		return err
	}
	fmt.Fprintf(s.out, `A study as jobs of this machine; with profiles/slurm of a cluster, see %s:

  %s --profile %s --config preset=reduced pictures=PATH
`, filepath.Join("kernel-setup", "cluster", "README.md"), s.relative(s.clusterVenv("bin", "snakemake")), filepath.Join("kernel-setup", "cluster", "profiles", "local"))
	return nil
}

// buildKD builds the program that all jobs run, so that they are of one source whatever happens to the checkout meanwhile.
func (s *setup) buildKD(ctx context.Context) error {
	commit, err := exec.CommandContext(ctx, "git", "-C", string(s.layout), "describe", "--always", "--abbrev=40", "--dirty", "--exclude=*").Output()
	if err != nil {
		commit = nil // no git, or no checkout of it: a session then names no commit
	}
	program := s.clusterVenv("bin", "kd")
	cmd := exec.CommandContext(ctx, "go", buildArguments(program+".new", strings.TrimSpace(string(commit)))...)
	cmd.Dir = string(s.layout)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("building kd: %w\n%s", err, out)
	}
	return os.Rename(program+".new", program) // jobs that run keep the old one
}

// buildArguments are those of go; a commit is told to the program.
func buildArguments(program, commit string) []string {
	args := []string{"build", "-o", program}
	if commit != "" {
		args = append(args, "-ldflags", "-X distillation/kdlib/study.commit="+commit)
	}
	return append(args, "./kdlib/cmd/kd")
}

// link makes path a link to a file, instead of what was there.
func link(to, path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Symlink(to, path)
}
