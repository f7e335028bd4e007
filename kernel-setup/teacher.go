package main

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"
)

//go:embed teacher/requirements.txt
var teacherRequirements string

// teacherRun is what the command teacher was asked for.
type teacherRun struct {
	pictures, manifest, out, work string
}

func teacherCommand() *cobra.Command {
	var t teacherRun
	cmd := &cobra.Command{
		Use:   "teacher --pictures PATH [-- ARG...]",
		Short: "Train a teacher of your own and write it as ONNX",
		Long: `Train an EfficientNet-Lite0 that knows ImageNet to tell dogs from cats, with teacher/train_teacher.py, and write it as an
ONNX file, which "kd predict --onnx" and the recipe of a study take. ARG... are further flags of that script; --help
among them lists them. The same command goes on where an interrupted one stopped.

The packages (3 GB) are installed into .venv-teacher of the checkout first; delete that folder afterwards if you like.
Python 3.11 or newer is needed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.teacher(cmd.Context(), t, args)
		},
	}
	cmd.Flags().StringVar(&t.pictures, "pictures", "", "folder, zip or tar of the pictures")
	cmd.Flags().StringVar(&t.manifest, "manifest", "", "the split (id,set,label; default: the studies', kept in the folder of --work)")
	cmd.Flags().StringVar(&t.out, "out", filepath.Join("datasets", "weights", "teacher-efficientnet-lite0.onnx"), "ONNX file to write")
	cmd.Flags().StringVar(&t.work, "work", filepath.Join("datasets", "runs", "teacher"), "folder of unfinished work")
	_ = cmd.MarkFlagRequired("pictures") // fails only for a flag that does not exist
	return cmd
}

// teacher installs the packages, draws the split and runs the script.
func (s *setup) teacher(ctx context.Context, t teacherRun, args []string) error {
	venv := s.path(".venv-teacher")
	if err := s.installRequirements(ctx, venv, teacherRequirements, "kernel-setup/teacher, gigabytes,"); err != nil {
		return err
	}
	if t.manifest == "" {
		t.manifest = filepath.Join(t.work, "manifest.csv")
		if err := s.split(ctx, t); err != nil {
			return err
		}
	}
	script := append([]string{s.path("kernel-setup", "teacher", "train_teacher.py"),
		"--pictures", t.pictures, "--manifest", t.manifest, "--out", t.out, "--work", t.work}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(venv, "bin", "python"), script...)
	cmd.Env = with(os.Environ(), variable{"PYTHONHOME", ""}, variable{"PYTHONPATH", ""}, variable{"PYTHONNOUSERSITE", "1"},
		variable{"PYTHONDONTWRITEBYTECODE", "1"}, variable{"PYTHONUNBUFFERED", "1"})
	cmd.Stdout, cmd.Stderr = s.out, os.Stderr
	return cmd.Run()
}

// split draws the split of the studies of all pictures, unless it is there.
func (s *setup) split(ctx context.Context, t teacherRun) error {
	if _, err := os.Stat(t.manifest); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(t.work, 0o755); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "kd", "data", "split", t.pictures, "--out", t.manifest)
	cmd.Stdout, cmd.Stderr = s.out, os.Stderr
	return cmd.Run()
}
