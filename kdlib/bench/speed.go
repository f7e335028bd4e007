// Package bench measures how long networks take: section 4.1 of the paper, training steps, single convolutions. It keeps
// measurements of this and of other libraries, one CSV line each. It runs the programs that print such lines in turns.
package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/recipe"
)

// Kdlib is how this library names itself among frameworks, with the forms of convolutions that a recipe without a word on them
// has, the fast ones; those with other forms are named by Framework.
const Kdlib = "kdlib"

// Framework is the name of this library with convolutions in the forms of a recipe: "kdlib_winograd".
func Framework(convolutions string) string {
	if convolutions == "" || convolutions == recipe.FastConvolutions {
		return Kdlib
	}
	return Kdlib + "_" + convolutions
}

// Ours says whether a measurement is this library's, in any forms.
func (l Line) Ours() bool { return l.Framework == Kdlib || strings.HasPrefix(l.Framework, Kdlib+"_") }

// The two things that a network does.
const (
	Train   = "train"   // one optimizer step
	Forward = "forward" // predictions without learning
)

// Case is what is measured.
type Case struct {
	Depth string // of a ResNet, as "18"; of another network or a single convolution its name, as "mobilenet-v2" or "conv3x3_64"
	Batch int    // pictures a step
	Size  int    // width and height of the pictures
	Mode  string // Train, Forward, or another name
}

// Line is one measurement: the steps of one process.
type Line struct {
	Framework string
	Case
	Median, Min float64 // seconds of the warm steps
	First       float64 // seconds of the first step, which is mostly compiling
	PeakMiB     int     // largest resident memory of the process; 0 for unknown
	Machine     string  // processor, instructions and cores, where known
	Versions    string  // of the software that decides speed, where known
}

var columns = []string{"framework", "depth", "batch", "size", "mode", "median_s", "min_s", "first_s", "peak_rss_mib", "machine", "versions"}

// printed is how many of the columns a measuring program prints.
const printed = 9

// Header names the columns that String writes.
func Header() string { return strings.Join(columns[:printed], ",") }

// String is the line as measuring programs print it: Header's columns.
func (l Line) String() string { return strings.Join(l.cells()[:printed], ",") }

func (l Line) cells() []string {
	return []string{l.Framework, l.Depth, strconv.Itoa(l.Batch), strconv.Itoa(l.Size), l.Mode,
		seconds(l.Median), seconds(l.Min), strconv.FormatFloat(l.First, 'f', 2, 64),
		strconv.Itoa(l.PeakMiB), l.Machine, l.Versions}
}

// seconds has four decimals, or four significant digits where those need more, as a step of 200 µs does. A line that was read
// is written as it was.
func seconds(s float64) string {
	decimals := strconv.FormatFloat(s, 'f', 4, 64)
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(s, 'g', 4, 64), 64) // a number that was just written
	if digits := strconv.FormatFloat(rounded, 'f', -1, 64); len(digits) > len(decimals) {
		return digits
	}
	return decimals
}

// Parse reads what a measuring program has printed: its last line, which has Header's columns.
func Parse(output string) (Line, error) {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	cells := strings.Split(strings.TrimSpace(lines[len(lines)-1]), ",")
	if len(cells) != printed {
		return Line{}, fmt.Errorf("bench: last line: got %q, want the columns %s", lines[len(lines)-1], Header())
	}
	l, err := parse(append(cells, "", ""))
	if err != nil {
		return Line{}, fmt.Errorf("bench: %w", err)
	}
	return l, nil
}

func parse(cells []string) (l Line, err error) {
	l = Line{Framework: cells[0], Machine: cells[9], Versions: cells[10]}
	l.Depth, l.Mode = cells[1], cells[4]
	for i, to := range map[int]*int{2: &l.Batch, 3: &l.Size, 8: &l.PeakMiB} {
		n, e := strconv.Atoi(cells[i])
		if e != nil || n < 0 {
			err = fmt.Errorf("%s: got %q, want a whole number", columns[i], cells[i])
		}
		*to = n
	}
	for i, to := range map[int]*float64{5: &l.Median, 6: &l.Min, 7: &l.First} {
		x, e := strconv.ParseFloat(cells[i], 64)
		if e != nil || !(x >= 0) || math.IsInf(x, 0) {
			err = fmt.Errorf("%s: got %q, want seconds", columns[i], cells[i])
		}
		*to = x
	}
	if l.Framework == "" || l.Depth == "" || l.Mode == "" {
		err = fmt.Errorf("got framework %q, depth %q, mode %q, want none empty", l.Framework, l.Depth, l.Mode)
	}
	return l, err
}

// Read reads a file of measurements.
func Read(path string) ([]Line, error) {
	var lines []Line
	err := csvfile.Read(path, columns, func(_ int, row []string) error {
		l, err := parse(row)
		lines = append(lines, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("bench: %w", err)
	}
	return lines, nil
}

// Append adds measurements to a file, and creates it if there is none. It returns an error if they are not alike with those in
// the file.
func Append(path string, more ...Line) error {
	lines, err := join(path, more)
	if err != nil {
		return err
	}
	if err := csvfile.Write(path, columns, len(lines), func(i int) []string { return lines[i].cells() }); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	return nil
}

// CheckAppend returns the error that Append would return, before anything is measured. It checks whether the file can be read,
// and compares the machine and versions of the lines. The numbers of the lines may be missing.
func CheckAppend(path string, more ...Line) error {
	_, err := join(path, more)
	return err
}

// join is what the file has, if there is one, and more.
func join(path string, more []Line) ([]Line, error) {
	lines, err := Read(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	lines = append(lines, more...)
	if err := Alike(lines); err != nil {
		return nil, fmt.Errorf("bench: %s: the file and what is added to it: %w", path, err)
	}
	return lines, nil
}

// Median is the median of values: of an even number the mean of the middle two. It panics if there are none.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
