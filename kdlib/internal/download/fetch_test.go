package download

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// content is larger than one read of the downloader.
var content = bytes.Repeat([]byte("0123456789abcdef"), 1<<16)

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// quick is the pace of tests.
var quick = pace{stall: 200 * time.Millisecond, pause: time.Millisecond}

// get downloads into a new folder that may hold a part already.
func get(t *testing.T, ctx context.Context, url, want string, part []byte, progress func(done, total int64)) (path string, err error) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "new", "file.zip")
	if part != nil {
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path+".part", part, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	d := download{url: url, path: path, want: want, progress: progress, pace: quick}
	return path, d.run(ctx)
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL + "/file.zip"
}

// whole understands Range.
func whole(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

func noRange(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content)
}

// cutting sends n bytes of what is asked for and breaks the connection.
func cutting(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		start := 0
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &start); err == nil {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", start, len(content)-1, len(content)))
		}
		w.Header().Set("Content-Length", fmt.Sprint(len(content)-start))
		if start > 0 {
			w.WriteHeader(http.StatusPartialContent)
		}
		if len(content)-start <= n {
			w.Write(content[start:])
			return
		}
		w.Write(content[start : start+n])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func TestDownload(t *testing.T) {
	half := content[:len(content)/2]
	tests := map[string]struct {
		handler http.HandlerFunc
		part    []byte
	}{
		"from the start":             {whole, nil},
		"resumed":                    {whole, half},
		"complete part":              {whole, content},
		"no Range":                   {noRange, nil},
		"no Range, part thrown away": {noRange, []byte("something else")},
		"no Range, part too long":    {noRange, append(bytes.Clone(content), 1)},
		"cut again and again":        {cutting(100_000), nil},
		"cut after a part":           {cutting(100_000), half},
		"redirected":                 {redirected(), nil},
		"unknown length":             {func(w http.ResponseWriter, r *http.Request) { w.(http.Flusher).Flush(); w.Write(content) }, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var last, total int64
			path, err := get(t, t.Context(), serve(t, test.handler), sum(content), test.part, func(d, n int64) { last, total = d, n })
			if err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(got, content) {
				t.Errorf("got %d bytes, %v; want the %d of the server", len(got), err, len(content))
			}
			if _, err := os.Stat(path + ".part"); !os.IsNotExist(err) {
				t.Errorf("the part is still there: %v", err)
			}
			if name != "complete part" && (last != int64(len(content)) || total != last && name != "unknown length") {
				t.Errorf("progress ended at %d of %d", last, total)
			}
		})
	}
}

func redirected() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/file.zip" {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return
		}
		whole(w, r)
	}
}

func TestDownloadResumesFromThePart(t *testing.T) {
	var ranges []string
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		ranges = append(ranges, r.Header.Get("Range"))
		whole(w, r)
	})
	if _, err := get(t, t.Context(), url, sum(content), content[:1000], nil); err != nil {
		t.Fatal(err)
	}
	if len(ranges) != 1 || ranges[0] != "bytes=1000-" {
		t.Errorf("asked for %q, want bytes=1000-", ranges)
	}
}

// RFC 1321, A.5: the MD5 of "abc".
func TestMD5(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("abc")) })
	if _, err := get(t, t.Context(), url, "900150983cd24fb0d6963f7d28e17f72", nil, nil); err != nil {
		t.Error(err)
	}
	if _, err := get(t, t.Context(), url, "00000000000000000000000000000000", nil, nil); err == nil || !strings.Contains(err.Error(), "MD5 900150983cd24fb0d6963f7d28e17f72") {
		t.Errorf("wrong sum: got error %v, want one with the file's MD5", err)
	}
}

func TestDownloadErrors(t *testing.T) {
	var requests atomic.Int32
	tests := map[string]struct {
		handler http.HandlerFunc
		sum     string
		want    string
		kept    int // bytes of the part, -1: none
	}{
		"wrong sum":    {whole, sum([]byte("x")), "SHA-256 " + sum(content) + ", want " + sum([]byte("x")), -1},
		"no checksum":  {whole, "", `checksum ""`, -1},
		"not found":    {http.NotFound, sum(content), "404 Not Found", 0},
		"server error": {func(w http.ResponseWriter, r *http.Request) { http.Error(w, "", http.StatusServiceUnavailable) }, sum(content), "503", 0},
		"other range": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", "bytes 5-9/10")
			w.WriteHeader(http.StatusPartialContent)
		}, sum(content), `Content-Range "bytes 5-9/10" to a request from byte 0`, 0},
		"always cut": {cutting(0), sum(content), "bytes are kept in", 0},
		"silent":     {func(w http.ResponseWriter, r *http.Request) { requests.Add(1); <-r.Context().Done() }, sum(content), "no data for 200ms", 0},
		"to plain http": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		}, sum(content), "want https", 0},
		"endless circle": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, sum(content), "redirects", 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url := serve(t, test.handler)
			path, err := get(t, t.Context(), url, test.sum, nil, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got error %v, want %q in it", err, test.want)
			}
			if _, err := os.Stat(path); !os.IsNotExist(err) {
				t.Errorf("the file is there: %v", err)
			}
			info, err := os.Stat(path + ".part")
			if (test.kept < 0) != os.IsNotExist(err) || err == nil && info.Size() != int64(test.kept) {
				t.Errorf("part: %v, %v; want %d bytes", info, err, test.kept)
			}
		})
	}
	if n := requests.Load(); n != tries {
		t.Errorf("a silent server was asked %d times, want %d", n, tries)
	}
}

func TestDownloadKeepsThePartWhenStopped(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		w.Write(content[:5000])
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(t.Context())
	path, err := get(t, ctx, url, sum(content), nil, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
	if part, err := os.ReadFile(path + ".part"); err != nil || !bytes.Equal(part, content[:5000]) {
		t.Errorf("part: %d bytes, %v; want 5000", len(part), err)
	}
}

func TestDownloadChecksWhatIsThere(t *testing.T) {
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("the server was asked") })
	path := filepath.Join(t.TempDir(), "file.zip")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Download(t.Context(), File{URL: url, Sum: strings.ToUpper(sum(content))}, path, nil); err != nil {
		t.Error(err)
	}
	err := Download(t.Context(), File{URL: url, Sum: sum([]byte("x"))}, path, nil)
	if err == nil || !strings.Contains(err.Error(), sum(content)) || !strings.Contains(err.Error(), path) {
		t.Errorf("other file: got error %v, want its sum and path in it", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Errorf("somebody's file was touched: %v", err)
	}
}

// A full disk, as /dev/full plays it.
func TestDownloadPassesOnDiskErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.zip")
	if err := os.Symlink("/dev/full", path+".part"); err != nil {
		t.Skip(err)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full here")
	}
	d := download{url: serve(t, noRange), path: path, want: sum(content), pace: quick}
	if err := d.run(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("got error %v, want %v", err, syscall.ENOSPC)
	}
}

func TestCheckURL(t *testing.T) {
	tests := map[string]bool{
		Microsoft.URL:             true,
		"https://example.org/x":   true,
		"http://localhost:80/x":   true,
		"http://127.0.0.9/x":      true,
		"http://[::1]:8080/x":     true,
		"http://example.org/x":    false,
		"http://127.evil.org/x":   false,
		"http://10.0.0.1/x":       false,
		"ftp://127.0.0.1/x":       false,
		"file:///etc/passwd":      false,
		"kagglecatsanddogs_5.zip": false,
		"https://bad host/":       false,
	}
	for url, want := range tests {
		if err := checkURL(url); (err == nil) != want {
			t.Errorf("%s: got error %v", url, err)
		}
	}
	if !hexSum.MatchString(Microsoft.Sum) {
		t.Errorf("checksum %q", Microsoft.Sum)
	}
}
