package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// tuning are variables that decide how fast XLA computes and how it keeps memory. Those that environment does not set
// are passed on from the user's.
var tuning = []string{"XLA_FLAGS", "GLIBC_TUNABLES", "MALLOC_ARENA_MAX", "MALLOC_MMAP_MAX_", "MALLOC_TOP_PAD_", "MALLOC_TRIM_THRESHOLD_"}

// setting is a variable as computations see it.
type setting struct {
	variable
	from string // "default", "yours" or "not set"
}

// settings says of each variable in force whether it is as environment would have it without the user's.
func settings(inForce, defaults []variable, getenv func(string) string) []setting {
	var all []setting
	for _, v := range inForce {
		from := "yours"
		if slices.Contains(defaults, v) {
			from = "default"
		}
		all = append(all, setting{v, from})
	}
	for _, name := range tuning {
		if slices.ContainsFunc(inForce, func(v variable) bool { return v.Name == name }) {
			continue
		}
		s := setting{variable{name, getenv(name)}, "yours"}
		if s.Value == "" {
			s.from = "not set"
		}
		all = append(all, s)
	}
	return all
}

// printSettings writes a table, and how to change it.
func printSettings(w io.Writer, all []setting) {
	fmt.Fprintln(w, "\nThe environment of computations; XLA_FLAGS, GLIBC_TUNABLES, MALLOC_..., KDLIB_PROGRAMS and GOMLX_BACKEND are yours to set in the terminal that"+
		"\nstarts kernel-setup, as in XLA_FLAGS=--xla_dump_to=/tmp/x go run ./kernel-setup lab:")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range all {
		fmt.Fprintf(table, "%s=%s\t%s\n", s.Name, strings.ReplaceAll(s.Value, "\t", " "), s.from)
	}
	table.Flush()
}
