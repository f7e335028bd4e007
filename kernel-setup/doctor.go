package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"distillation/kdlib/backend/programs"

	"github.com/spf13/cobra"
)

// finding is the line of doctor for a prerequisite or a component.
type finding struct {
	name string
	status
}

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what is there and what is missing; install nothing",
		Long: `Say, one line each, what is there (version, place) and what is missing (what to type); install nothing.
The exit status is 1 if something is missing.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.doctor(cmd.Context())
		},
	}
}

func (s *setup) doctor(ctx context.Context) error {
	findings := s.prerequisites(ctx)
	for _, c := range s.components() {
		st := c.check(ctx)
		if !st.ok {
			st.problem += ". Type: " + s.typed("lab")
		}
		findings = append(findings, finding{c.name, st})
	}
	findings = append(findings, finding{"compiled programs", s.checkPrograms()})
	findings = append(findings, s.options(ctx)...)
	missing := printFindings(s.out, findings)
	if p, err := findPlugin(s.layout, os.Getenv); err == nil {
		nothing := func(string) string { return "" }
		inForce := environment(s.layout, s.env.goBin(), p, os.Getenv)[1:] // without PATH, which is long
		printSettings(s.out, settings(inForce, environment(s.layout, s.env.goBin(), p, nothing), os.Getenv))
	}
	if missing {
		return errReported
	}
	return nil
}

// typed is what starts a command of this program here: a packed checkout has a script that knows where its packages are.
func (l layout) typed(command string) string {
	if sizeOf(l.path("setup")) >= 0 {
		return "./setup " + command
	}
	return "go run ./kernel-setup " + command
}

// options are components that only their own commands install.
func (s *setup) options(ctx context.Context) (findings []finding) {
	for _, option := range []struct {
		command string
		component
	}{{"lab", s.languageServer()}, {"page", s.pageRuntime()}, {"cuda", s.cudaPlugin()}} {
		st, command := option.check(ctx), option.command
		switch {
		case st.problem == notInstalled:
			st = status{ok: true, version: "not installed; it is optional: " + s.typed(command)}
		case !st.ok:
			st.problem += ". Type: " + s.typed(command)
		}
		findings = append(findings, finding{option.name, st})
	}
	return findings
}

// checkPrograms tells of the folder of compiled programs, which fills by itself: nothing is missing in an empty one.
func (s *setup) checkPrograms() status {
	folder := programs.Folder(string(s.layout))
	if folder == "" {
		return status{ok: true, version: "turned off"}
	}
	return status{ok: true, version: programs.In(folder, programs.Limit).String(), where: folder}
}

// prerequisites are what only the user can install.
func (s *setup) prerequisites(ctx context.Context) []finding {
	return []finding{
		{"Go", status{ok: true, version: s.env.GOVERSION, where: s.env.goBin()}}, // go run has refused a Go too old for go.mod
		{"C compiler", checkCompiler(ctx, s.env.CC, s.env.CGO_ENABLED)},
		{"Python", checkPython(ctx)},
	}
}

// printFindings writes a table and reports whether something is missing.
func printFindings(w io.Writer, findings []finding) (missing bool) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		if f.ok {
			fmt.Fprintf(table, "%s\tfound\t%s\t%s\n", f.name, f.version, f.where)
			continue
		}
		missing = true
		fmt.Fprintf(table, "%s\tMISSING\t%s\n", f.name, f.problem)
	}
	table.Flush()
	return missing
}
