package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gomlx/go-xla/installer"
	"github.com/google/renameio/v2"
)

// connectTimeout bounds each step of getting an answer from go-xla's download site; stallTimeout the silence within a download.
const (
	connectTimeout = 20 * time.Second
	stallTimeout   = 60 * time.Second
)

// fetchPlugin takes the wheel, whose checksum is known, and where there is none for this platform, or the package index cannot be
// reached, what go-xla's own installer fetches, which has no checksum.
func (s *setup) fetchPlugin(ctx context.Context) (plugin, error) {
	if err := os.RemoveAll(s.pluginDir()); err != nil { // of a half-finished try
		return plugin{}, err
	}
	platform := runtime.GOOS + "/" + runtime.GOARCH
	why := "none for " + platform
	if platform == wheelPlatform {
		p, err := s.fetchWheel(ctx)
		if err == nil || ctx.Err() != nil {
			return p, err
		}
		if errors.Is(err, errChecksum) { // somebody changed it: nothing that anybody can change is taken instead
			return plugin{}, err
		}
		why = err.Error()
	}
	fmt.Fprintf(s.out, "  the Python package index: %s; taking go-xla's release %s, whose checksum is not known\n", why, goXLAPluginVersion)
	p, err := s.fetchByGoXLA(newPatientTransport())
	if err != nil && ctx.Err() == nil {
		return plugin{}, fmt.Errorf("the Python package index: %s; go-xla's downloads: %s.\n"+
			"Set GOMLX_BACKEND=xla:/absolute/path/of/a/plugin if you have one", why, shortNetError(err))
	}
	return p, err
}

// fetchByGoXLA lets go-xla install its plugin into .venv. It knows no context and has no timeouts, and its spinner is
// for terminals only: both are put right from outside.
func (s *setup) fetchByGoXLA(transport http.RoundTripper) (plugin, error) {
	defer swap(&http.DefaultTransport, transport)()
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		defer null.Close()
		defer swap(&os.Stdout, null)()
	}
	stop := s.spin("XLA plugin (go-xla)")
	defer stop()
	err := installer.CPUInstall(runtime.GOOS+"_"+runtime.GOARCH, goXLAPluginVersion, s.pluginDir(), false, installer.Quiet)
	if err != nil {
		return plugin{}, err
	}
	path := pluginIn("cpu", s.pluginDir())
	if path == "" {
		return plugin{}, errors.New("its archive held no plugin")
	}
	return plugin{Path: path, Source: sourceGoXLA + " (" + goXLAPluginVersion + ")"}, nil
}

// swap sets *p to v and returns the function that sets it back.
func swap[T any](p *T, v T) (restore func()) {
	old := *p
	*p = v
	return func() { *p = old }
}

// newPatientTransport waits connectTimeout for an answer and stallTimeout for each piece of it.
func newPatientTransport() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: connectTimeout}).DialContext
	t.TLSHandshakeTimeout = connectTimeout
	t.ResponseHeaderTimeout = connectTimeout
	return stallGuard{t}
}

// stallGuard ends a response in which nothing comes for stallTimeout.
type stallGuard struct{ http.RoundTripper }

func (g stallGuard) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	resp, err := g.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel(nil)
		return nil, err
	}
	timer := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	resp.Body = &guardedBody{resp.Body, timer, func() { cancel(nil) }}
	return resp, nil
}

var errStalled = errors.New("the download stopped moving")

type guardedBody struct {
	io.ReadCloser
	timer  *time.Timer
	cancel func()
}

func (b *guardedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.timer.Reset(stallTimeout)
	return n, err
}

func (b *guardedBody) Close() error {
	b.timer.Stop()
	defer b.cancel()
	return b.ReadCloser.Close()
}

// shortNetError leaves out addresses and stack traces.
func shortNetError(err error) string {
	var dns *net.DNSError
	var netErr net.Error
	switch {
	case errors.As(err, &dns):
		return "the site was not found"
	case errors.As(err, &netErr) && netErr.Timeout():
		return "no answer within " + connectTimeout.String()
	case errors.As(err, &netErr):
		return "not reachable"
	}
	return firstLine(err.Error(), "failed")
}

// fetchWheel downloads the wheel with pip, which checks its hash, and takes the plugin out of it.
func (s *setup) fetchWheel(ctx context.Context) (plugin, error) {
	dir, err := os.MkdirTemp(s.temp(), "wheel-")
	if err != nil {
		return plugin{}, err
	}
	defer os.RemoveAll(dir)
	requirements := filepath.Join(dir, "requirements.txt")
	if err := writeFile(requirements, []byte(pinned(wheelName, wheelVersion, wheelSHA256))); err != nil {
		return plugin{}, err
	}
	pip := s.pip(ctx, "download", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-cache-dir", "-r", requirements, "-d", dir)
	pip.Env = with(pip.Env, variable{"TMPDIR", dir}) // so that the bar can watch the file grow
	stop := s.downloadBar("XLA plugin", wheelBytes, func() int64 { return largestFile(dir) })
	err = s.withoutSpinner().quietly(ctx, "pip download", pip)
	stop()
	if err != nil {
		return plugin{}, err
	}
	wheels, err := filepath.Glob(filepath.Join(dir, "*.whl"))
	if err != nil || len(wheels) != 1 {
		return plugin{}, fmt.Errorf("pip download left %d wheels, want 1", len(wheels))
	}
	path := filepath.Join(s.pluginDir(), filepath.Base(wheelPlugin))
	if err := extract(wheels[0], wheelPlugin, path); err != nil {
		return plugin{}, err
	}
	return plugin{Path: path, Source: sourceWheel}, nil
}

// withoutSpinner is for steps that draw a bar of their own.
func (s *setup) withoutSpinner() *setup {
	silent := *s
	silent.out = io.Discard
	return &silent
}

// largestFile is the size of the largest file below dir.
func largestFile(dir string) int64 {
	var largest int64
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			largest = max(largest, sizeOf(path))
		}
		return nil
	})
	return largest
}

// extract writes one member of a zip to path, whole or not at all.
func extract(archive, member, path string) error {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer z.Close()
	in, err := z.Open(member)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	out, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o755))
	if err != nil {
		return err
	}
	defer out.Cleanup()
	if _, err := io.Copy(out, in); err != nil {
		return fmt.Errorf("%s: %s: %w", archive, member, err)
	}
	return out.CloseAtomicallyReplace()
}
