package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/cobra"
)

//go:embed teacher/requirements.txt
var teacherRequirements string

// teacherRun is what the command teacher was asked for.
type teacherRun struct {
	pictures, network, work, out string
}

func teacherCommand() *cobra.Command {
	var t teacherRun
	cmd := &cobra.Command{
		Use:   "teacher [--pictures PATH] [-- ARG...]",
		Short: "Write a network that knows ImageNet as ONNX, and train a teacher on it",
		Long: `Write an EfficientNet-Lite0 that knows ImageNet as an ONNX file, up to its features, with teacher/export_imagenet.py.

With --pictures "kd train --onnx" then puts a head on it and trains that in --work, on the split that "kd data split" draws there,
and "kd export onnx" writes the teacher, which "kd predict --onnx" and the recipe of a study take. ARG... are further flags of
kd train: --trained all trains the whole network. The same command goes on where an interrupted one stopped.

The packages (3 GB) are installed into .venv-teacher of the checkout first, unless the file is there already; delete that folder
afterwards if you like. Python 3.11 or newer is needed.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if t.pictures == "" && len(args) > 0 {
				return fmt.Errorf("teacher: got %q without --pictures, on which kd train would learn", args)
			}
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.teacher(cmd.Context(), t, args)
		},
	}
	cmd.Flags().StringVar(&t.pictures, "pictures", "", "folder, zip or tar of the pictures to learn from (default: no teacher is trained)")
	cmd.Flags().StringVar(&t.network, "network", filepath.Join("datasets", "weights", "efficientnet-lite0-imagenet.onnx"), "ONNX file that knows ImageNet; written if it is not there")
	cmd.Flags().StringVar(&t.work, "work", filepath.Join("datasets", "runs", "teacher"), "folder of the training")
	cmd.Flags().StringVar(&t.out, "out", filepath.Join("datasets", "runs", "teacher", "teacher.onnx"), "ONNX file of the teacher")
	return cmd
}

// teacher writes the network and lets kd train it.
func (s *setup) teacher(ctx context.Context, t teacherRun, args []string) error {
	if err := s.imageNet(ctx, t.network); err != nil {
		return err
	}
	if t.pictures == "" {
		fmt.Fprintf(s.out, "%s knows ImageNet: kd train --onnx takes it\n", t.network)
		return nil
	}
	p, err := s.ensure(ctx)
	if err != nil {
		return err
	}
	for _, words := range t.commands(args) {
		cmd := exec.CommandContext(ctx, "go", append([]string{"tool", "kd"}, words...)...)
		cmd.Env = with(os.Environ(), environment(s.layout, s.env.goBin(), p, os.Getenv)...)
		cmd.Stdout, cmd.Stderr = s.out, os.Stderr
		if err := cmd.Run(); err != nil {
			return err
		}
	}
	return nil
}

// imageNet installs the packages and writes the network, unless it is there.
func (s *setup) imageNet(ctx context.Context, file string) error {
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	venv := s.path(".venv-teacher")
	if err := s.installRequirements(ctx, venv, teacherRequirements, "kernel-setup/teacher, gigabytes,"); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(venv, "bin", "python"), s.path("kernel-setup", "teacher", "export_imagenet.py"), "--out", file)
	cmd.Env = with(os.Environ(), variable{"PYTHONHOME", ""}, variable{"PYTHONPATH", ""}, variable{"PYTHONNOUSERSITE", "1"},
		variable{"PYTHONDONTWRITEBYTECODE", "1"}, variable{"PYTHONUNBUFFERED", "1"})
	cmd.Stdout, cmd.Stderr = s.out, os.Stderr
	return cmd.Run()
}

// commands are the words of kd that draw the split, train and write the teacher. Dropout is the network's own.
func (t teacherRun) commands(args []string) [][]string {
	manifest, dir := filepath.Join(t.work, "manifest.csv"), filepath.Join(t.work, "run")
	train := []string{"train", "--onnx", t.network, "--pictures", t.pictures, "--manifest", manifest, "--dir", dir,
		"--dropout", "0.2", "--shift", "0", "--epochs", "5"}
	return [][]string{append(train, args...), {"export", "onnx", "--model", dir, "--out", t.out}}
}
