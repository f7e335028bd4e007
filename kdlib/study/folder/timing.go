package folder

import (
	"fmt"
	"path/filepath"
	"strconv"

	"distillation/kdlib/internal/csvfile"
)

// Call is one timed call of a network, in seconds.
type Call struct {
	Network   string  // "resnet18" or "resnet50"
	Size      int     // width and height of the pictures
	Batch     int     // pictures a call
	Number    int     // 0 is the first, which compiles the program; section 4.1 counts the others
	Prepare   float64 // reading (of a tar.gz: from memory), decoding and resizing the pictures
	Inference float64 // from pixels to probabilities
	// Megapixels is the mean size of the call's pictures before they are resized, 0 in a file that does not have it.
	Megapixels float64
}

var (
	timingHeader   = []string{"network", "size", "batch", "call", "prepare_seconds", "answer_seconds", "megapixels"}
	unsizedHeader  = timingHeader[:6] // of a file that was written without it
	timingVersions = [][]string{timingHeader, unsizedHeader}
)

// WriteTiming stores calls as CSV, whole or not at all.
func WriteTiming(path string, calls []Call) error {
	err := csvfile.Write(path, timingHeader, len(calls), func(i int) []string {
		c := calls[i]
		return []string{c.Network, strconv.Itoa(c.Size), strconv.Itoa(c.Batch), strconv.Itoa(c.Number),
			strconv.FormatFloat(c.Prepare, 'f', 6, 64), strconv.FormatFloat(c.Inference, 'f', 6, 64), strconv.FormatFloat(c.Megapixels, 'f', 6, 64)}
	})
	if err != nil {
		return fmt.Errorf("folder: %w", err)
	}
	return nil
}

// Timing reads the calls of section 4.1.
func (r *Study) Timing() ([]Call, error) {
	var all calls
	if err := csvfile.ReadOneOf(filepath.Join(r.Dir, TimingFile), timingVersions, all.add); err != nil {
		return nil, fmt.Errorf("folder: %w", err)
	}
	return all, nil
}

type calls []Call

// add appends the call of a row.
func (all *calls) add(_ int, row []string) error {
	c, err := parseCall(row)
	if err != nil {
		return err
	}
	*all = append(*all, c)
	return nil
}

func parseCall(row []string) (Call, error) {
	c := Call{Network: row[0]}
	for i, field := range []*int{&c.Size, &c.Batch, &c.Number} {
		v, err := strconv.Atoi(row[i+1])
		if err != nil || v < 0 {
			return c, fmt.Errorf("%s: got %q, want a whole number of at least 0", timingHeader[i+1], row[i+1])
		}
		*field = v
	}
	for i, field := range []*float64{&c.Prepare, &c.Inference, &c.Megapixels}[:len(row)-4] {
		v, err := strconv.ParseFloat(row[i+4], 64)
		if err != nil || !(v >= 0) {
			return c, fmt.Errorf("%s: got %q, want a number of at least 0", timingHeader[i+4], row[i+4])
		}
		*field = v
	}
	return c, nil
}
