package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"distillation/kdlib/internal/download"
	networks "distillation/kdlib/network"
	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/recipe"

	"github.com/spf13/cobra"
)

func weightsCommand() *cobra.Command {
	return group("weights", "Weights: fetch public ones, check a file",
		weightsFetchCommand(), weightsCheckCommand(), weightsExportCommand())
}

func weightsFetchCommand() *cobra.Command {
	var dir string
	var about strings.Builder
	var names []string
	for _, p := range convert.Publics {
		names = append(names, p.Name)
		fmt.Fprintf(&about, "\n%s, for the network %s:\n  %s\n  %s\n", p.Name, p.Network, p.URL, p.Origin)
	}
	c := &cobra.Command{
		Use:       "fetch [" + strings.Join(names, "|") + "]",
		Short:     "Download weights trained on ImageNet; goes on where it stopped",
		Long:      "Downloads weights trained on ImageNet from their public home, and compares the checksum.\n" + about.String(),
		ValidArgs: names,
		Args:      oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			p, err := convert.FindPublic(args[0])
			if err != nil {
				return usage(err)
			}
			path := p.Path(dir)
			report := newReporter(c.ErrOrStderr())
			err = download.Download(c.Context(), download.File{URL: p.URL, Sum: p.Sum}, path, func(done, total int64) { report.Progress("download", int(done), int(total)) })
			if err != nil {
				report.clear()
				return fmt.Errorf("%w\nthe same command goes on where it stopped; or bring the file from another machine to %s", err, path)
			}
			report.Say("%s: complete, checksum right; use it with --network %s --weights %s", path, p.Network, path)
			return nil
		},
	}
	c.Flags().StringVar(&dir, "dir", filepath.Join("datasets", "weights"), "folder to write to")
	return c
}

func weightsCheckCommand() *cobra.Command {
	network := recipe.ResNet50
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Say whether a file of weights fits a network, and list what is missing, extra or of another shape",
		Args:  oneArgument,
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := networks.Named(network); err != nil {
				return usagef("weights check: --network: %w", err)
			}
			w, err := convert.Read(args[0], architecture.Network(network))
			if err != nil {
				return err
			}
			return printWeights(c.OutOrStdout(), args[0], network, w)
		},
	}
	c.Flags().StringVar(&network, "network", network, networkNames)
	return c
}

func printWeights(out io.Writer, file, network string, w convert.Weights) error {
	head := "with its head of one output"
	if !w.HasHead {
		head = "without a head for one output, which training draws at random"
	}
	numbers := 0
	for _, t := range w.Tensors {
		numbers += t.Size()
	}
	fmt.Fprintf(out, "%s: %s; %d tensors, %d numbers fit %s, %s\n", file, w.Format, len(w.Tensors), numbers, network, head)
	if len(w.Ignored) > 0 {
		fmt.Fprintf(out, "not used: %s\n", strings.Join(w.Ignored, ", "))
	}
	return nil
}

// networkNames describes the flag --network.
var networkNames = strings.Join(networks.Names(), ", ") + "; " + recipe.ResNet50 + " has Keras's form, the others torchvision's"
