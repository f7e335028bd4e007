package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
	"github.com/klauspost/compress/zstd"
	"github.com/spf13/cobra"
)

//go:embed scripts/setup.sh
var setupScript string

// packedRoot is the folder that a pack unpacks into; packedDir, below it, holds what set-up would download.
const (
	packedRoot = "kdlib"
	packedDir  = ".packed"
)

func packCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "pack OUT.tar[.gz|.zst]",
		Short: "Pack this checkout with all that its set-up downloads, for machines without network",
		Long: `Pack the files of this checkout with everything that its set-up downloads: the Go toolchain, all Go modules, the Python packages and
the XLA plugin. On another machine, into any folder, and without network:

	tar -xf OUT.tar && cd ` + packedRoot + ` && ./setup lab

./setup takes the same words as go run ./kernel-setup. That machine needs the same system and processor architecture, a C compiler and
Python of the same minor version; what is missing it says. It compiles what this one compiled, which takes some minutes. Files that
git ignores, such as data sets and runs, are not packed.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if _, err := compressor(args[0], io.Discard); err != nil {
				return err
			}
			s, err := newSetup(cmd.Context(), stdout)
			if err != nil {
				return err
			}
			return s.pack(cmd.Context(), args[0])
		},
	}
}

// pack gathers the downloads below .venv, then writes everything.
func (s *setup) pack(ctx context.Context, out string) error {
	if _, err := s.ensure(ctx); err != nil {
		return err
	}
	files, err := s.tracked(ctx)
	if err != nil {
		return err
	}
	gathered := s.own("pack")
	defer os.RemoveAll(gathered)
	if err := os.RemoveAll(gathered); err != nil { // of a killed try
		return err
	}
	fmt.Fprintln(s.out, "gathering Python packages and Go modules, some minutes")
	if err := s.gatherWheels(ctx, filepath.Join(gathered, "wheels")); err != nil {
		return err
	}
	if err := s.gatherModules(ctx, filepath.Join(gathered, "modules")); err != nil {
		return err
	}
	packed, err := renameio.NewPendingFile(out, renameio.WithPermissions(0o644))
	if err != nil {
		return err
	}
	defer packed.Cleanup()
	if err := s.writePack(packed, out, gathered, files); err != nil {
		return err
	}
	if err := packed.CloseAtomicallyReplace(); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %.0f MB; on another machine: tar -xf %s && cd %s && ./setup lab\n", out, float64(sizeOf(out))/1e6, filepath.Base(out), packedRoot)
	return nil
}

// tracked lists the files of the checkout that git knows or does not ignore.
func (s *setup) tracked(ctx context.Context) ([]string, error) {
	list := exec.CommandContext(ctx, "git", "-C", string(s.layout), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("pack: git, which says what belongs to the checkout: %w", err)
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	return slices.DeleteFunc(files, func(file string) bool { // deleted, and not committed yet
		_, err := os.Lstat(s.path(filepath.FromSlash(file)))
		return err != nil
	}), nil
}

// gatherWheels downloads the Python packages, and the wheel of the plugin where there is one.
func (s *setup) gatherWheels(ctx context.Context, dir string) error {
	lists := []string{pythonRequirements()}
	if runtime.GOOS+"/"+runtime.GOARCH == wheelPlatform {
		lists = append(lists, pinned(wheelName, wheelVersion, wheelSHA256))
	}
	constraints := filepath.Join(dir, "constraints.txt")
	if err := writeFile(constraints, []byte(pythonConstraints)); err != nil {
		return err
	}
	for i, list := range lists {
		requirements := filepath.Join(dir, "requirements.txt")
		if err := writeFile(requirements, []byte(list)); err != nil {
			return err
		}
		words := []string{"download", "--only-binary=:all:", "--no-cache-dir", "-d", dir, "-r", requirements}
		if i == 0 {
			words = append(words, "-c", constraints)
		} else {
			words = append(words, "--no-deps")
		}
		if err := s.quietly(ctx, "pip download", s.pip(ctx, words...)); err != nil {
			return err
		}
	}
	return nil
}

// gatherModules fills a cache of its own with the modules of the checkout and of the Go tools, from the user's cache where that has them. A
// cache holds what a GOPROXY serves.
func (s *setup) gatherModules(ctx context.Context, dir string) error {
	proxy, err := exec.CommandContext(ctx, "go", "env", "GOPROXY").Output()
	if err != nil {
		return fmt.Errorf("go env GOPROXY: %w", err)
	}
	here := fileURL(filepath.Join(s.env.GOMODCACHE, "cache", "download"))
	for _, root := range []string{string(s.layout), s.toolsDir()} {
		download := exec.CommandContext(ctx, "go", "mod", "download", "-modcacherw")
		download.Dir = root
		download.Env = with(os.Environ(), variable{"GOMODCACHE", dir}, variable{"GOPROXY", here + "," + strings.TrimSpace(string(proxy))}, variable{"GOWORK", "off"})
		if err := s.quietly(ctx, "gathering Go modules", download); err != nil {
			return err
		}
	}
	return nil
}

// fileURL is the address of a path, which may have spaces.
func fileURL(path string) string {
	return "file://" + strings.NewReplacer("%", "%25", " ", "%20").Replace(filepath.ToSlash(path))
}

// writePack writes the checkout's files, the script setup, and below packedDir wheels, modules and Go.
func (s *setup) writePack(w io.Writer, name, gathered string, files []string) error {
	compressed, err := compressor(name, w)
	if err != nil {
		return err
	}
	p := packer{tar.NewWriter(compressed)}
	for _, file := range files {
		if err := p.file(s.path(filepath.FromSlash(file)), file); err != nil {
			return err
		}
	}
	if err := p.text("setup", setupScript); err != nil {
		return err
	}
	for _, tree := range []struct{ from, to string }{
		{filepath.Join(gathered, "wheels"), "wheels"},
		{filepath.Join(gathered, "modules", "cache", "download"), "modules"},
		{s.env.GOROOT, "go"},
	} {
		if err := p.tree(tree.from, path.Join(packedDir, tree.to)); err != nil {
			return err
		}
	}
	if err := p.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

// compressor is chosen by the ending of a file's name.
func compressor(name string, w io.Writer) (io.WriteCloser, error) {
	switch {
	case strings.HasSuffix(name, ".tar"):
		return unchanged{w}, nil
	case strings.HasSuffix(name, ".tar.gz"):
		return gzip.NewWriter(w), nil
	case strings.HasSuffix(name, ".tar.zst"):
		return zstd.NewWriter(w)
	}
	return nil, fmt.Errorf("pack: got the file %s, want one that ends in .tar, .tar.gz or .tar.zst", name)
}

// unchanged writes what it gets.
type unchanged struct{ io.Writer }

func (unchanged) Close() error { return nil }

// packer writes files below packedRoot.
type packer struct{ *tar.Writer }

// tree packs what lies below a folder, or where links lead to. Go's own tests, an eighth of Go, stay.
func (p packer) tree(from, to string) error {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(at string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, at)
		if err != nil {
			return err
		}
		if to == path.Join(packedDir, "go") && name == "test" {
			return filepath.SkipDir
		}
		inside := path.Join(to, filepath.ToSlash(name))
		switch {
		case entry.IsDir():
			return nil
		case entry.Type()&fs.ModeSymlink != 0: // as some systems lay Go out
			return p.tree(at, inside)
		}
		return p.file(at, inside)
	})
}

// file packs a regular file or a link, by its name below the root. Who owns it does not matter elsewhere.
func (p packer) file(at, name string) error {
	info, err := os.Lstat(at)
	if err != nil {
		return err
	}
	var link string
	if info.Mode()&fs.ModeSymlink != 0 {
		if link, err = os.Readlink(at); err != nil {
			return err
		}
	}
	header, err := tar.FileInfoHeader(info, link)
	if err != nil {
		return err
	}
	header.Name = path.Join(packedRoot, name)
	header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
	if err := p.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	in, err := os.Open(at)
	if err != nil {
		return err
	}
	defer in.Close()
	_, err = io.Copy(p, in)
	return err
}

// text packs a program.
func (p packer) text(name, text string) error {
	if err := p.WriteHeader(&tar.Header{Name: path.Join(packedRoot, name), Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err := io.Copy(p, bytes.NewReader([]byte(text)))
	return err
}
