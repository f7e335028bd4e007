package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
)

//go:embed cuda/requirements.txt
var cudaRequirements string

const (
	cudaStamp    = "cuda"
	cudaPlatform = "linux/amd64"
	cudaVersion  = "jax-cuda13-pjrt 0.11.1" // PJRT 0.114, the number that go-xla v0.4.1 is made for
)

func cudaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "cuda",
		Short: "Install XLA's plugin for NVIDIA's cards, beside that for the processor",
		Long: `Install ` + cudaVersion + ` and the NVIDIA libraries that it loads (2 GB to download, 4 GB on disk; Linux on amd64; the
driver is yours to install), and print how to use them. Everything else goes on using the processor. Nobody has run this project on a
card yet: what is known is that the plugin loads, and says so where there is no card.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.cuda(cmd.Context())
		},
	}
}

func (s *setup) cuda(ctx context.Context) error {
	if platform := runtime.GOOS + "/" + runtime.GOARCH; platform != cudaPlatform {
		return fmt.Errorf("the CUDA plugin is pinned for %s, not for %s", cudaPlatform, platform)
	}
	if err := s.option(ctx, s.cudaPlugin()); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s\nto use it, in a terminal:\n\n\teval \"$(go run ./kernel-setup env)\"\n\texport GOMLX_BACKEND=xla:%s\n", cards(ctx), s.cudaPath())
	return nil
}

func (s *setup) cudaPlugin() component {
	return component{"CUDA plugin", "some minutes, and 2 GB", s.checkCUDA, s.installCUDA}
}

// cudaDir looks like a folder of Python packages: the plugin finds NVIDIA's libraries by their places there.
func (l layout) cudaDir() string { return l.path(".venv", "lib", "cuda") }

func (l layout) cudaPath() string {
	return filepath.Join(l.cudaDir(), "jax_plugins", "xla_cuda13", "xla_cuda_plugin.so")
}

func (s *setup) checkCUDA(ctx context.Context) status {
	st := status{where: s.relative(s.cudaPath())}
	st.problem = s.readStamp(cudaStamp).holds(s.layout, keyOf(cudaRequirements))
	if st.ok = st.problem == ""; st.ok {
		st.version = cudaVersion + "; " + cards(ctx)
	}
	return st
}

func (s *setup) installCUDA(ctx context.Context) error {
	if err := os.RemoveAll(s.cudaDir()); err != nil { // of an interrupted try
		return err
	}
	if err := s.pipInto(ctx, s.cudaDir(), cudaRequirements); err != nil {
		return err
	}
	return s.writeStamp(cudaStamp, keyOf(cudaRequirements), s.cudaPath())
}

// pipInto installs packages, all of which requirements pin by their hashes, into a folder, by a pip of its own: the environment of
// notebooks need not be there.
func (s *setup) pipInto(ctx context.Context, target, requirements string) error {
	base := checkPython(ctx)
	if !base.ok {
		return errors.New(base.problem)
	}
	dir, err := os.MkdirTemp(s.temp(), "pip-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	venv := exec.CommandContext(ctx, base.where, "-m", "venv", filepath.Join(dir, "venv"))
	venv.Env = with(os.Environ(), variable{"PYTHONHOME", ""}, variable{"PYTHONPATH", ""})
	if err := s.quietly(ctx, "virtual environment for pip", venv); err != nil {
		return err
	}
	list := filepath.Join(dir, "requirements.txt")
	if err := writeFile(list, []byte(requirements)); err != nil {
		return err
	}
	pip := s.pipOf(ctx, filepath.Join(dir, "venv", "bin", "python"),
		"install", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-cache-dir", "--target", target, "-r", list)
	pip.Env = with(pip.Env, variable{"TMPDIR", dir}) // gigabytes, which may be more than /tmp has
	return s.quietly(ctx, "pip install into "+filepath.Base(target), pip)
}

// cards says whether NVIDIA's cards are seen on this machine, by the driver.
func cards(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "nvidia-smi", "--query-gpu=name", "--format=csv,noheader").Output()
	if names := strings.TrimSpace(string(out)); err == nil && names != "" {
		return "cards seen: " + strings.ReplaceAll(names, "\n", ", ")
	}
	devices, _ := filepath.Glob("/dev/nvidia[0-9]*") // fails on a malformed pattern only
	if len(devices) > 0 {
		return fmt.Sprintf("%d cards seen, but nvidia-smi does not tell which", len(devices))
	}
	return "no card is seen: neither nvidia-smi nor /dev/nvidia0 is there"
}
