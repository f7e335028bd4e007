package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"distillation/kdlib/study"
)

// version says which source this program is of, as far as that is known, and which software decides its numbers.
func version() string {
	commit, modified := study.Commit()
	commit = cmp.Or(commit, "unknown")
	if modified {
		commit += ", with changes"
	}
	machine, software := study.Environment()
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(software)) {
		parts = append(parts, name+" "+software[name])
	}
	return fmt.Sprintf("kd, commit %s, on %s\n%s", commit, machine.System, strings.Join(parts, "\n"))
}
