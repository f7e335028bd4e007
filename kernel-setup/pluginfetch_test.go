package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// site answers what go-xla's installer asks.
type site struct{ t *testing.T }

func (s site) RoundTrip(r *http.Request) (*http.Response, error) {
	asset := "pjrt_cpu_" + runtime.GOOS + "_" + runtime.GOARCH + ".tar.gz"
	body := fmt.Appendf(nil, `{"assets": [{"browser_download_url": "https://example.invalid/%s"}]}`, asset)
	if strings.HasSuffix(r.URL.Path, asset) {
		body = tarball(s.t, "pjrt_c_api_cpu_v0_plugin.so", elf)
	}
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

func tarball(t *testing.T, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o755}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFetchByGoXLA(t *testing.T) {
	s, _ := newTestSetup(t)
	p, err := s.fetchByGoXLA(site{t})
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(p.Path) != s.pluginDir() || !isLibrary(p.Path) {
		t.Errorf("got %+v, want a library in %s", p, s.pluginDir())
	}
}

// nowhere fails as a machine without network does.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "example.invalid", IsNotFound: true}}
}

func TestFetchByGoXLAWithoutNetwork(t *testing.T) {
	s, out := newTestSetup(t)
	_, err := s.fetchByGoXLA(nowhere{})
	if err == nil {
		t.Fatal("got no error")
	}
	if got, want := shortNetError(err), "the site was not found"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := os.Stat(s.pluginDir()); !errors.Is(err, os.ErrNotExist) || out.Len() > 0 {
		t.Errorf("left %v and printed %q, want nothing", err, out)
	}
}

// The pinned wheel comes first. What go-xla fetches, whose checksum nobody knows, is asked for only where there is no wheel to be had,
// and not where the wheel is another one than the pinned.
func TestPinnedPluginComesFirst(t *testing.T) {
	if runtime.GOOS+"/"+runtime.GOARCH != wheelPlatform {
		t.Skipf("the wheel is for %s", wheelPlatform)
	}
	pinned := wheelName + "==" + wheelVersion + " --hash=sha256:" + wheelSHA256
	for _, c := range []struct {
		name, pipSays string
		order         []string
		source, want  string
	}{
		{"the index has it", "", []string{pinned}, sourceWheel, ""},
		{"the index cannot be reached", "NewConnectionError", []string{pinned, "go-xla"}, "", "go-xla's downloads"},
		{"another file", "THESE PACKAGES DO NOT MATCH THE HASHES", []string{pinned}, "", errChecksum.Error()},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := newTestSetup(t)
			if err := s.claim(); err != nil {
				t.Fatal(err)
			}
			asked := filepath.Join(t.TempDir(), "asked") // in order
			fakePip(t, s, c.pipSays, asked)
			defer swap(&http.DefaultTransport, http.RoundTripper(&http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
				appendLine(t, asked, "go-xla")
				return nil, errors.New("no site here")
			}}))()
			p, err := s.fetchPlugin(t.Context())
			if p.Source != c.source || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("got source %q, %v, want %q, %q", p.Source, err, c.source, c.want)
			}
			text, err := os.ReadFile(asked)
			if got := slices.Compact(strings.Split(strings.TrimSpace(string(text)), "\n")); err != nil || !slices.Equal(got, c.order) {
				t.Errorf("asked for %q, %v, want %q", got, err, c.order)
			}
		})
	}
}

// fakePip stands for the Python of .venv: it notes what it is asked for, and says something and fails, or brings the wheel.
func fakePip(t *testing.T, s *setup, says, asked string) {
	t.Helper()
	wheel := filepath.Join(t.TempDir(), "plugin.whl")
	writeWheel(t, wheel)
	writeTestFile(t, s.python(), fmt.Sprintf(`#!/bin/sh
while [ $# -gt 0 ]; do
	case "$1" in
	-r) cat "$2" >>'%[1]s' ;;
	-d) to="$2" ;;
	esac
	shift
done
if [ -n '%[2]s' ]; then
	echo '%[2]s' >&2
	exit 1
fi
cp '%[3]s' "$to"
`, asked, says, wheel))
}

func appendLine(t *testing.T, path, line string) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = fmt.Fprintln(f, line)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Error(err)
	}
}

// writeWheel writes one that holds a plugin.
func writeWheel(t *testing.T, path string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(wheelPlugin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(elf)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	writeTestFile(t, path, b.String())
}

func TestPatientTransportKeepsContent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://example.invalid/repos", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := stallGuard{site{t}}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || !bytes.Contains(body, []byte("assets")) {
		t.Errorf("got %q, %v", body, err)
	}
}

func TestExtract(t *testing.T) {
	dir := t.TempDir()
	archive, target := filepath.Join(dir, "a.whl"), filepath.Join(dir, "lib", "a.so")
	writeWheel(t, archive)
	if err := extract(archive, wheelPlugin, target); err != nil {
		t.Fatal(err)
	}
	if !isLibrary(target) {
		t.Error("the extracted file is not the library")
	}
	if err := extract(archive, "other", filepath.Join(dir, "b")); err == nil || !strings.Contains(err.Error(), archive) {
		t.Errorf("missing member: got %v, want an error that names %s", err, archive)
	}
}
