// Package download downloads large public files: with progress, resuming where an
// earlier try stopped, and never leaving a file whose checksum was not seen.
package download

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// A File is a public file with its pinned checksum.
type File struct {
	URL string
	Sum string // SHA-256 in hexadecimal, or MD5 where its publisher has nothing else: see Download
}

// Microsoft is the public copy of "Dogs vs. Cats" (825 MB, PetImages layout),
// https://www.microsoft.com/en-us/download/details.aspx?id=54765. Microsoft
// prints no checksum; this one is DownloadChecksum of GoMLX's
// examples/dogsvscats/dogsvscats.go, which downloads the same file.
var Microsoft = File{
	URL: "https://download.microsoft.com/download/3/E/1/3E1C3F21-ECDB-4869-8368-6DEBA77B919F/kagglecatsanddogs_5340.zip",
	Sum: "b7974bd00a84a99921f36ee4403f089853777b5ae8d151c76a86e64900334af9",
}

// Download fetches f to path. The bytes gather in path+".part"; that file is
// kept when the download stops (ctx, a cut connection, a full disk), and the
// next call goes on from there if the server can, otherwise from the start.
// Within one call a cut or silent connection is taken up again, until three
// tries in a row bring nothing.
//
// At the end the checksum is compared: SHA-256 if f.Sum has its 64 hexadecimal
// digits, MD5 if it has 32, which finds damage but not forgery. The file gets
// its name only if it matches; if not, the part is removed and the error names both sums. A file
// that is already at path is checked and left as it is. progress, if not nil,
// is called with bytes so far and in all (-1 if the server does not say).
//
// The URL must be https; plain http is for hosts on loopback only.
func Download(ctx context.Context, f File, path string, progress func(done, total int64)) error {
	d := download{url: f.URL, path: path, want: strings.ToLower(f.Sum), progress: progress, pace: patient}
	if err := d.run(ctx); err != nil {
		return fmt.Errorf("download: %s: %w", f.URL, err)
	}
	return nil
}

// pace is how long a download waits.
type pace struct {
	stall time.Duration // without a byte: the connection counts as cut
	pause time.Duration // before the next try
}

var patient = pace{stall: time.Minute, pause: 2 * time.Second}

// tries is how often in a row a connection may bring nothing.
const tries = 3

type download struct {
	url, path, want string
	progress        func(done, total int64)
	pace            pace
}

var hexSum = regexp.MustCompile(`^([0-9a-f]{64}|[0-9a-f]{32})$`)

// digest returns the function whose sums look like want, and its name.
func digest(want string) (hash.Hash, string) {
	if len(want) == 2*md5.Size {
		return md5.New(), "MD5"
	}
	return sha256.New(), "SHA-256"
}

func (d *download) run(ctx context.Context) error {
	if !hexSum.MatchString(d.want) {
		return fmt.Errorf("checksum %q: want the 64 hexadecimal digits of a SHA-256, or the 32 of an MD5", d.want)
	}
	if err := checkURL(d.url); err != nil {
		return err
	}
	_, err := os.Stat(d.path)
	if err == nil {
		return d.verify(d.path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(d.path), 0o755); err != nil {
		return err
	}
	return d.fill(ctx)
}

// fill completes the part, checks it and gives it its name.
func (d *download) fill(ctx context.Context) error {
	part := d.path + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	err = d.persist(ctx, f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := d.verify(part); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return os.Rename(part, d.path)
}

// persist connects again after a cut, as long as bytes keep coming.
func (d *download) persist(ctx context.Context, f *os.File) error {
	for empty := 0; ; {
		before, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return err
		}
		err = d.connect(ctx, f, before)
		var cut cutError
		if !errors.As(err, &cut) {
			return err
		}
		after, err := f.Seek(0, io.SeekEnd)
		if err != nil {
			return err
		}
		if empty++; after > before {
			empty = 0
		}
		if empty == tries {
			return fmt.Errorf("%w (%d bytes are kept in %s)", cut.error, after, f.Name())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d.pace.pause):
		}
	}
}

// verify compares the checksum of a file.
func (d *download) verify(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h, name := digest(d.want)
	n, err := io.Copy(h, f)
	if err != nil {
		return err
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != d.want {
		return fmt.Errorf("%s: %d bytes with %s %s, want %s", path, n, name, got, d.want)
	}
	return nil
}

// checkURL allows https, and http to loopback.
func checkURL(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	return checkParsed(u)
}
