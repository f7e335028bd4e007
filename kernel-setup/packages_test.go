package main

import (
	"path/filepath"
	"testing"
)

// Where the C compiler makes what Go's own linker does not understand, cells are linked as ever.
func TestLinkerIsTried(t *testing.T) {
	for name, c := range map[string]struct{ compiler, want string }{
		"any":         {"exit 0", flagsForGoLinker},
		"not by Go's": {"case $GOFLAGS in *linkmode=internal*) echo relocation target stderr not defined; exit 1;; esac", flagsForCLinker},
	} {
		t.Run(name, func(t *testing.T) {
			s, out := newTestSetup(t)
			bin := t.TempDir()
			writeTestFile(t, filepath.Join(bin, "go"), "#!/bin/sh\n"+c.compiler+"\n")
			t.Setenv("PATH", bin)
			if err := s.compileAll(t.Context(), notebookPackages, "key"); err != nil || out.Len() > 0 {
				t.Errorf("got %v, said %q", err, out)
			}
			if got := s.kernelGoFlags(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestLibraryThatDoesNotCompile(t *testing.T) {
	s, out := newTestSetup(t)
	bin := t.TempDir()
	writeTestFile(t, filepath.Join(bin, "go"), "#!/bin/sh\nif grep -q kdlib/broken main.go; then echo 'x.go:1: no'; exit 1; fi\n")
	t.Setenv("PATH", bin+":/usr/bin:/bin")
	if err := s.compileAll(t.Context(), append([]string{"distillation/kdlib/broken"}, notebookPackages...), "key"); err != nil {
		t.Error(err)
	}
	if want := "  kdlib does not compile: x.go:1: no (exit status 1) (all output: .venv/share/kernel-setup/log/compiling-Go-packages.txt)\n"; out.String() != want {
		t.Errorf("said %q, want %q", out, want)
	}
	if got := s.kernelGoFlags(); got != flagsForCLinker {
		t.Errorf("got %s, want %s", got, flagsForCLinker)
	}
}
