package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"distillation/kdlib/backend"
	"distillation/kdlib/backend/programs"
	"distillation/kdlib/bench"
	networks "distillation/kdlib/network"
	"distillation/kdlib/recipe"

	"github.com/gomlx/compute"
	"github.com/spf13/cobra"
)

func benchCommand() *cobra.Command {
	b := bench.Step{}
	var named string
	c := &cobra.Command{
		Use:   "bench",
		Short: "Time a network's step; one CSV line",
		Long: `Prints ` + bench.Header() + `; first_s is mostly compiling, which is done anew.

Mode pipeline trains on a new batch of augmented pictures each step; the line of the same steps on one constant batch stands
before its own. --case 18/train/64/32 stands for --network resnet18 --mode train --size 64 --batch 32; a case names networks
other than ResNets in full, and conv3x3_64 is a single convolution of 64 channels.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			what := bench.NewCase(b.Network, b.Batch, b.Size, b.Mode)
			if named != "" {
				var err error
				if what, err = bench.ParseCase(named); err != nil {
					return usage(err)
				}
			}
			if err := unused(c, what); err != nil {
				return err
			}
			if _, err := networks.Named(b.Network); err != nil {
				return usagef("bench: --network: %w", err)
			}
			if err := recipe.CheckConvolutions(b.Convolutions); err != nil {
				return usagef("bench: %w", err)
			}
			os.Setenv(programs.Variable, programs.Off) // first_s of other libraries is a compilation, too
			opened, err := backend.WithDevices(b.Devices)
			if err != nil {
				return err
			}
			lines, err := measure(c.Context(), opened, what, b)
			for _, l := range lines {
				fmt.Fprintln(c.OutOrStdout(), l)
			}
			return err
		},
	}
	c.AddCommand(benchCompareCommand(), benchGrowthCommand(), benchTableCommand())
	f := c.Flags()
	f.StringVar(&b.Network, "network", recipe.ResNet18, networkNames)
	f.Var(wholeNumber(&b.Batch, recipe.Paper.Student.Batch, whole(1, recipe.MaxBatch)), "batch", "pictures a step")
	f.Var(wholeNumber(&b.Size, recipe.Paper.Data.Size, sizes), "size", "width and height of the pictures")
	f.StringVar(&b.Mode, "mode", bench.Train, "train, forward or pipeline")
	f.StringVar(&named, "case", "", "network, mode, size and batch in one word")
	f.Var(wholeNumber(&b.Devices, 1, deviceCounts), "devices", "XLA devices that share a training step")
	f.StringVar(&b.Convolutions, "convolutions", "", convolutionForms)
	addSteps(c, &b.Steps)
	return c
}

// unused refuses flags that say nothing of a case.
func unused(c *cobra.Command, what bench.Case) error {
	if c.Flags().Changed("case") {
		if err := without(c, "beside --case, which says it", "network", "mode", "size", "batch"); err != nil {
			return err
		}
	}
	if _, single := what.Channels(); single || what.Mode == bench.Forward {
		return without(c, "where no network is trained: its devices share a training step", "devices")
	}
	return nil
}

func addSteps(c *cobra.Command, steps *int) {
	c.Flags().Var(wholeNumber(steps, 10, whole(0, recipe.MaxImages)), "steps", "warm steps of a measurement")
}

// measure runs a case in this process, in the manner of b.
func measure(ctx context.Context, backend compute.Backend, c bench.Case, b bench.Step) ([]bench.Line, error) {
	if channels, single := c.Channels(); single {
		l, err := bench.Convolution{Channels: channels, Batch: c.Batch, Size: c.Size, Mode: c.Mode, Steps: b.Steps, Convolutions: b.Convolutions}.Run(ctx, backend)
		if err != nil {
			return nil, err
		}
		return []bench.Line{l}, nil
	}
	b.Network, b.Batch, b.Size, b.Mode = c.Network(), c.Batch, c.Size, c.Mode
	if c.Mode == bench.Pipeline {
		constant, piped, err := b.RunPipeline(ctx, backend)
		if err != nil {
			return nil, err
		}
		return []bench.Line{constant.Line(), piped.Line()}, nil
	}
	measured, err := b.RunContext(ctx, backend)
	if err != nil {
		return nil, err
	}
	return []bench.Line{measured.Line()}, nil
}

func benchTableCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "table FILE.csv...",
		Short: "Print measurements as Markdown tables: time and memory, ours over the best other's",
		Long:  "Prints the measurements of all files together, which must be of one machine, each framework in one set of versions.",
		Args:  someArguments,
		RunE: func(c *cobra.Command, files []string) error {
			var lines []bench.Line
			for _, file := range files {
				more, err := bench.Read(file)
				if err != nil {
					return err
				}
				lines = append(lines, more...)
			}
			if len(lines) == 0 {
				return errors.New("bench table: got no measurements")
			}
			return writeTables(c.OutOrStdout(), strings.Join(files, ", "), lines)
		},
	}
}
