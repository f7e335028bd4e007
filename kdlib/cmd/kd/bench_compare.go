package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"distillation/kdlib/bench"
	"distillation/kdlib/bench/summary"
	"distillation/kdlib/chart"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/table"

	"github.com/spf13/cobra"
)

// goals are the steps that this library is compared by.
var goals = []string{"18/train/64/32", "18/train/224/32", "50/train/64/32", "18/forward/224/32", "18/forward/224/1"}

func benchCompareCommand() *cobra.Command {
	var s series
	var peers, forms []string
	var versions string
	c := &cobra.Command{
		Use:   "compare [CASE...]",
		Short: "Time other programs and this one in turns, into one file; print the table",
		Long: `Measures every case (default: ` + strings.Join(goals, " ") + `) with this program, in all forms of --convolutions,
and with every --peer, each in a process of its own, in turns, --repeat times; adds the lines to --out and prints the tables of that file as Markdown.

A peer is a command that prints a line with the columns
` + bench.Header() + `
at its end. In its words {depth} {batch} {size} {mode} {steps} stand for those of the case. It is started without a shell:
words end at white space, there are no quotes. For example

kd bench compare --peer "python keras_step.py tensorflow {depth} {batch} {size} {mode} {steps}" --out figures/speed/peers.csv`,
		RunE: func(c *cobra.Command, cases []string) error {
			if len(cases) == 0 {
				cases = goals
			}
			if len(peers) == 0 {
				if err := without(c, "without --peer", "peer-versions"); err != nil {
					return err
				}
			}
			programs, err := withPeers(forms, peers)
			if err != nil {
				return err
			}
			return s.run(c, cases, programs, versions)
		},
	}
	c.Flags().StringArrayVar(&peers, "peer", nil, "command that measures a case; may be given several times")
	c.Flags().StringSliceVar(&forms, "convolutions", []string{recipe.FastConvolutions}, "forms of this program's convolutions, as fast,winograd,plain")
	c.Flags().StringVar(&versions, "peer-versions", "", "versions of the peers, to be kept with their lines")
	s.flags(c, 3)
	return c
}

func benchGrowthCommand() *cobra.Command {
	var s series
	c := &cobra.Command{
		Use:   "growth",
		Short: "Time steps of growing picture size, batch and width, into one file",
		Long: `Measures ResNet-18 at growing picture sizes and batches, and one convolution at growing widths (the networks have one
width), each in a process of its own, and adds the lines to --out. kd figures draws those of figures/speed/growth.csv.`,
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			programs, err := withPeers([]string{recipe.FastConvolutions}, nil)
			if err != nil {
				return err
			}
			return s.run(c, growing(), programs, "")
		},
	}
	s.flags(c, 1)
	return c
}

// growing lists the cases of growth.
func growing() []string {
	var cases []string
	for _, mode := range []string{bench.Train, bench.Forward} {
		for _, size := range []int{32, 64, 96, 128, 160, 224} {
			cases = append(cases, fmt.Sprintf("18/%s/%d/32", mode, size))
		}
		for _, batch := range []int{1, 2, 4, 8, 16, 64} { // 32 is there
			cases = append(cases, fmt.Sprintf("18/%s/64/%d", mode, batch))
		}
		for _, channels := range []int{16, 32, 64, 128, 256, 512} {
			cases = append(cases, fmt.Sprintf("%s%d/%s/14/32", bench.ConvPrefix, channels, mode))
		}
	}
	return cases
}

// series is many measurements, into one file.
type series struct {
	out           string
	steps, repeat int
}

func (s *series) flags(c *cobra.Command, repeat int) {
	c.Flags().StringVar(&s.out, "out", "", "file to add the measurements to; one of another machine, or of a framework's other versions, is refused")
	c.Flags().Var(wholeNumber(&s.repeat, repeat, counts), "repeat", "measurements of each case by each program")
	addSteps(c, &s.steps)
	_ = c.MarkFlagRequired("out") // fails only for a flag that does not exist
}

// run measures and prints the tables of the file.
func (s *series) run(c *cobra.Command, named []string, programs []bench.Program, peerVersions string) error {
	var cases []bench.Case
	for _, name := range named {
		one, err := bench.ParseCase(name)
		if err != nil {
			return usage(err)
		}
		cases = append(cases, one)
	}
	machine, versions := where()
	if err := makeFolder(s.out); err != nil {
		return err
	}
	if err := bench.CheckAppend(s.out, bench.Line{Framework: bench.Kdlib, Machine: machine, Versions: versions}); err != nil {
		return err // that of the peers is left to Append: their names are known when they have measured
	}
	keep := func(l bench.Line) error {
		l.Machine, l.Versions = machine, peerVersions
		if l.Ours() {
			l.Versions = versions
		}
		fmt.Fprintln(c.ErrOrStderr(), l)
		return bench.Append(s.out, l)
	}
	all := bench.Comparison{Programs: programs, Cases: cases, Steps: s.steps, Repeat: s.repeat}
	if err := all.Interleave(c.Context(), keep); err != nil {
		return err
	}
	lines, err := bench.Read(s.out)
	if err != nil {
		return err
	}
	return writeTables(c.OutOrStdout(), s.out, lines)
}

// withPeers are this program, once in each form of convolutions, and the others.
func withPeers(forms, peers []string) ([]bench.Program, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var programs []bench.Program
	for _, form := range forms {
		programs = append(programs, bench.Program{self, "bench", "--case", "{depth}/{mode}/{size}/{batch}", "--steps", "{steps}", "--convolutions", form})
	}
	for _, peer := range peers {
		p, err := bench.ParseProgram(peer)
		if err != nil {
			return nil, usage(err)
		}
		programs = append(programs, p)
	}
	return programs, nil
}

// where names the machine with the widest instructions that XLA uses there, and the software of ours that decides speed.
func where() (machine, versions string) {
	m, software := study.Environment()
	var all []string
	for _, name := range slices.Sorted(maps.Keys(software)) {
		all = append(all, name+" "+software[name])
	}
	return fmt.Sprintf("%s, %s, %d cores", m.CPU, m.ISA, m.Cores), strings.Join(all, "; ")
}

// writeTables writes the comparison of the lines of those files as Markdown.
func writeTables(w io.Writer, files string, lines []bench.Line) error {
	for _, compare := range []func([]bench.Line) (table.Table, error){summary.TimeTable, summary.MemoryTable} {
		t, err := compare(lines)
		if err != nil {
			return fmt.Errorf("%s: %w", files, err)
		}
		if _, err := fmt.Fprintf(w, "%s:\n\n", t.Title); err != nil {
			return err
		}
		if err := t.WriteMarkdown(w); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	}
	return nil
}

// growthFigure draws the measurements of speed/growth.csv in a folder of figures beside that file, if there is one.
func growthFigure(c *cobra.Command, dir string) error {
	measured := filepath.Join(dir, "speed", "growth.csv")
	lines, err := bench.Read(measured)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	figure, err := summary.GrowthFigure(lines)
	if err != nil {
		return fmt.Errorf("%s: %w", measured, err)
	}
	path := filepath.Join(dir, "speed", "growth.svg")
	if err := chart.Save(figure, path, 2*chart.Width, chart.Height); err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), path)
	return nil
}
