package synth

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"distillation/kdlib/internal/csvfile"
)

// A Truth is what is known about one picture: its class, and the probability of "dog" given its shape.
type Truth struct {
	ID    string  // as package images names it: "cat.0", "dog.12"
	Label int     // 0 cat, 1 dog
	P     float64 // true P(dog | shape), in [0, 1]
}

// Truths is the content of a truth.csv.
type Truths []Truth

var truthHeader = []string{"id", "label", "p"}

// P returns the true probabilities of "dog", in order.
func (t Truths) P() []float64 {
	p := make([]float64, len(t))
	for i, e := range t {
		p[i] = e.P
	}
	return p
}

// Labels returns the classes as ground-truth labels, 0 or 1, in order.
func (t Truths) Labels() []float64 {
	y := make([]float64, len(t))
	for i, e := range t {
		y[i] = float64(e.Label)
	}
	return y
}

// csv is the file's content; p has the fewest digits that read back the same.
func (t Truths) csv() []byte {
	var b bytes.Buffer
	fmt.Fprintln(&b, strings.Join(truthHeader, ","))
	for _, e := range t {
		fmt.Fprintf(&b, "%s,%d,%s\n", e.ID, e.Label, strconv.FormatFloat(e.P, 'g', -1, 64))
	}
	return b.Bytes()
}

// ReadTruth reads the truth.csv that Write wrote: path is that file, or the
// folder or tar that holds it. Errors name the line and the value.
func ReadTruth(path string) (Truths, error) {
	f, err := openTruth(path)
	if err != nil {
		return nil, fmt.Errorf("synth: %s: %w", path, err)
	}
	defer f.Close()
	t, err := parseTruth(f)
	if err != nil {
		return nil, fmt.Errorf("synth: %s: %w", path, err)
	}
	return t, nil
}

func openTruth(name string) (io.ReadCloser, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return os.Open(filepath.Join(name, truthName))
	}
	f, err := os.Open(name)
	if err != nil || !strings.HasSuffix(strings.ToLower(name), ".tar") {
		return f, err
	}
	r := tar.NewReader(f)
	for {
		h, err := r.Next()
		switch {
		case err == io.EOF:
			return nil, errors.Join(fmt.Errorf("no %s in it", truthName), f.Close())
		case err != nil:
			return nil, errors.Join(err, f.Close())
		case path.Base(h.Name) == truthName:
			return struct {
				io.Reader
				io.Closer
			}{r, f}, nil
		}
	}
}

func parseTruth(r io.Reader) (Truths, error) {
	var truths Truths
	err := csvfile.Parse(r, truthHeader, func(_ int, record []string) error {
		label, err := strconv.Atoi(record[1])
		if err != nil || label < 0 || label > 1 {
			return fmt.Errorf("label %q, want 0 or 1", record[1])
		}
		p, err := strconv.ParseFloat(record[2], 64)
		if err != nil || !(p >= 0 && p <= 1) { // NaN too
			return fmt.Errorf("p %q, want a number in [0, 1]", record[2])
		}
		truths = append(truths, Truth{ID: record[0], Label: label, P: p})
		return nil
	})
	return truths, err
}
