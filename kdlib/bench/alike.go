package bench

import "fmt"

// Alike returns an error unless the lines may be compared and pooled: all come from one machine, and each framework from one
// set of versions. An unknown machine or version, "", counts as another.
func Alike(lines []Line) error {
	versions := map[string]string{}
	for _, l := range lines {
		if l.Machine != lines[0].Machine {
			return fmt.Errorf("bench: machine: got lines of %q and of %q, want one", lines[0].Machine, l.Machine)
		}
		if v, met := versions[l.Framework]; met && v != l.Versions {
			return fmt.Errorf("bench: versions of %s: got lines of %q and of %q, want one", l.Framework, v, l.Versions)
		}
		versions[l.Framework] = l.Versions
	}
	return nil
}
