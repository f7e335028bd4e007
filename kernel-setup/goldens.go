package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

var (
	//go:embed goldens/requirements.txt
	goldenRequirements string
	//go:embed goldens/requirements-torch.txt
	torchRequirements string
)

func goldensCommand() *cobra.Command {
	var torch bool
	cmd := &cobra.Command{
		Use:   "goldens [--torch]",
		Short: "Make the expected values of the tests anew with Keras, Pillow and others",
		Long: `Run every generator kdlib/.../testdata/gen_*.py with the Python packages of kernel-setup/goldens/requirements.txt, and
say at the end which files changed: none, unless a generator did. Tests do not need this, their expected values are kept.

The packages (2 GB) are installed into .venv-goldens of the checkout first; delete that folder afterwards if you like.
Python 3.11 or newer is needed. Generators that import torch run with --torch only, which installs another 3 GB.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.goldens(cmd.Context(), torch)
		},
	}
	cmd.Flags().BoolVar(&torch, "torch", false, "run the generators that import torch, too")
	return cmd
}

func (l layout) goldenVenv(elements ...string) string {
	return l.path(append([]string{".venv-goldens"}, elements...)...)
}

// goldens runs all generators, one after the other.
func (s *setup) goldens(ctx context.Context, torch bool) error {
	generators, err := s.testdata("gen_*.py")
	if err != nil {
		return err
	}
	if err := s.installGoldenPackages(ctx, torch); err != nil {
		return err
	}
	before, err := s.goldenFiles()
	if err != nil {
		return err
	}
	skipped := 0
	for _, path := range generators {
		needsTorch, err := importsTorch(path)
		if err != nil {
			return err
		}
		if needsTorch && !torch {
			fmt.Fprintf(s.out, "%s  skipped: it needs --torch\n", s.relative(path))
			skipped++
			continue
		}
		start := time.Now()
		if err := s.generate(ctx, path); err != nil {
			return fmt.Errorf("%s: %w", s.relative(path), err)
		}
		fmt.Fprintf(s.out, "%s  %.1f s\n", s.relative(path), time.Since(start).Seconds())
	}
	after, err := s.goldenFiles()
	if err != nil {
		return err
	}
	s.printChanges(len(generators)-skipped, changes(before, after))
	return nil
}

// testdata lists what matches a pattern in the testdata folders of all packages.
func (l layout) testdata(pattern string) (paths []string, err error) {
	err = filepath.WalkDir(l.path("kdlib"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || entry.Name() != "testdata" {
			return err
		}
		found, err := filepath.Glob(filepath.Join(path, pattern))
		paths = append(paths, found...)
		return err
	})
	return paths, err
}

// installGoldenPackages makes the virtual environment, adds torch to it, or leaves it as it is.
func (s *setup) installGoldenPackages(ctx context.Context, torch bool) error {
	want := goldenRequirements
	if torch {
		want += torchRequirements
	}
	return s.installRequirements(ctx, s.goldenVenv(), want, "kernel-setup/goldens, gigabytes,")
}

// installRequirements makes a virtual environment of what is wanted, adds to it what is missing at the end, or leaves it as
// it is: its stamp is the requirements that were installed to the end. From says where they are listed, and how much they are.
func (s *setup) installRequirements(ctx context.Context, venv, want, from string) error {
	stamp := filepath.Join(venv, "installed.txt")
	text, err := os.ReadFile(stamp)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	have := string(text)
	if strings.HasPrefix(have, want) {
		return nil
	}
	fmt.Fprintf(s.out, "installing the packages of %s into %s: some minutes\n", from, s.relative(venv))
	python := filepath.Join(venv, "bin", "python")
	if have == "" || !strings.HasPrefix(want, have) {
		base := checkPython(ctx)
		if !base.ok {
			return errors.New(base.problem)
		}
		if err := s.python3(ctx, base.where, "-m", "venv", "--clear", venv); err != nil {
			return err
		}
	}
	requirements := filepath.Join(venv, "requirements.txt")
	if err := writeFile(requirements, []byte(want)); err != nil {
		return err
	}
	pip := []string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", requirements}
	if err := s.python3(ctx, python, pip...); err != nil {
		return err
	}
	return os.Rename(requirements, stamp)
}

func (l layout) goldenPython() string { return l.goldenVenv("bin", "python") }

// generate runs one generator and shows its output only if it fails.
func (s *setup) generate(ctx context.Context, path string) error {
	return s.python3(ctx, s.goldenPython(), path)
}

// python3 runs a Python with settings under which a second run writes the same bytes.
func (s *setup) python3(ctx context.Context, python string, args ...string) error {
	cmd := exec.CommandContext(ctx, python, args...)
	cmd.Env = with(os.Environ(),
		variable{"PYTHONHASHSEED", "0"}, variable{"PYTHONHOME", ""}, variable{"PYTHONPATH", ""}, variable{"PYTHONNOUSERSITE", "1"},
		variable{"PYTHONDONTWRITEBYTECODE", "1"},
		variable{"KERAS_BACKEND", "tensorflow"}, variable{"TF_CPP_MIN_LOG_LEVEL", "3"}, variable{"CUDA_VISIBLE_DEVICES", "-1"},
		variable{"OMP_NUM_THREADS", "1"}) // sums in one order
	out, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return fmt.Errorf("%s\n%w", bytes.TrimSpace(out), err)
	}
	return nil
}

var torchImport = regexp.MustCompile(`(?m)^\s*(import|from) (torch|torchvision|onnx|onnxruntime)\b`)

// importsTorch says whether a generator needs the packages of requirements-torch.txt.
func importsTorch(path string) (bool, error) {
	text, err := os.ReadFile(path)
	return torchImport.Match(text), err
}

// goldenFiles are the checksums of all files in the testdata folders, by their paths in the checkout.
func (s *setup) goldenFiles() (map[string][sha256.Size]byte, error) {
	sums := map[string][sha256.Size]byte{}
	folders, err := s.testdata("")
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			sums[s.relative(path)] = sha256.Sum256(text)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// changes lists, sorted, the files that are new, gone or of other content.
func changes(before, after map[string][sha256.Size]byte) []string {
	var changed []string
	for path, sum := range after {
		old, known := before[path]
		switch {
		case !known:
			changed = append(changed, path+" (new)")
		case old != sum:
			changed = append(changed, path)
		}
	}
	for path := range before {
		if _, still := after[path]; !still {
			changed = append(changed, path+" (gone)")
		}
	}
	slices.Sort(changed)
	return changed
}

func (s *setup) printChanges(generators int, changed []string) {
	if len(changed) == 0 {
		fmt.Fprintf(s.out, "%d generators ran, no file changed\n", generators)
		return
	}
	fmt.Fprintf(s.out, "%d generators ran, %d files changed:\n  %s\n", generators, len(changed), strings.Join(changed, "\n  "))
}
