package download

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// A cutError is a failure of the network, after which trying again makes sense.
type cutError struct{ error }

func (c cutError) Unwrap() error { return c.error }

func checkParsed(u *url.URL) error {
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
		return fmt.Errorf("scheme %q of host %q: want https", u.Scheme, u.Hostname())
	}
	return nil
}

// client has no limit on the whole download, which may take hours: connect
// watches for silence instead.
var client = &http.Client{
	Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   30 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		DisableCompression:    true, // offsets count the bytes of the file itself
		ForceAttemptHTTP2:     true,
	},
	CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) >= 10 { // as net/http does by default
			return errors.New("more than 10 redirects")
		}
		return checkParsed(r.URL)
	},
}

// connect makes one request for what is missing after offset and appends the
// answer to f.
func (d *download) connect(ctx context.Context, f *os.File, offset int64) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := time.AfterFunc(d.pace.stall, func() {
		cancel(cutError{fmt.Errorf("no data for %v", d.pace.stall)})
	})
	defer silence.Stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return err
	}
	if offset > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	response, err := client.Do(request)
	if err != nil {
		return network(ctx, err)
	}
	defer response.Body.Close()
	start, total, err := place(response, offset)
	if err != nil || start == total {
		return err
	}
	if start < offset { // the server starts over, and so do we
		if err := f.Truncate(0); err != nil {
			return err
		}
	}
	if _, err := f.Seek(start, io.SeekStart); err != nil {
		return err
	}
	body := listened{response.Body, func() { silence.Reset(d.pace.stall) }}
	return d.receive(ctx, f, body, span{start, total})
}

// network tells a cut from a wish to stop: the cause is ctx's, if it has one.
func network(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	var address *url.Error
	if errors.As(err, &address) {
		err = address.Err // the URL is named by Download
	}
	return cutError{err}
}

// place reads from the answer where its bytes belong, and how many there are
// in all (-1: not said). start == total means that nothing is missing.
func place(r *http.Response, offset int64) (start, total int64, err error) {
	var last int64
	switch r.StatusCode {
	case http.StatusOK:
		return 0, r.ContentLength, nil
	case http.StatusPartialContent:
		n, _ := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes %d-%d/%d", &start, &last, &total)
		if n == 2 { // ".../*"
			total = -1
		}
		if n >= 2 && start == offset {
			return start, total, nil
		}
	case http.StatusRequestedRangeNotSatisfiable:
		// The part is as long as the file: the checksum decides. Or longer: then too.
		if n, _ := fmt.Sscanf(r.Header.Get("Content-Range"), "bytes */%d", &total); n == 1 && offset >= total {
			return total, total, nil
		}
	default:
		return 0, 0, fmt.Errorf("the server answers %s", r.Status)
	}
	return 0, 0, fmt.Errorf("the server answers %s with Content-Range %q to a request from byte %d", r.Status, r.Header.Get("Content-Range"), offset)
}

// span is how many bytes there are, and in all (-1: not said).
type span struct{ done, total int64 }

// listened calls heard after each piece.
type listened struct {
	io.Reader
	heard func()
}

func (l listened) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	l.heard()
	return n, err
}

// receive copies the rest of the answer to f.
func (d *download) receive(ctx context.Context, f *os.File, body io.Reader, s span) error {
	buffer := make([]byte, 256<<10)
	for {
		n, err := body.Read(buffer)
		if _, err := f.Write(buffer[:n]); err != nil {
			return err
		}
		s.done += int64(n)
		if d.progress != nil {
			d.progress(s.done, s.total)
		}
		switch {
		case err == io.EOF && (s.total < 0 || s.done == s.total):
			return nil
		case err == io.EOF:
			return cutError{fmt.Errorf("%d of %d bytes came", s.done, s.total)}
		case err != nil:
			return network(ctx, err)
		}
	}
}
