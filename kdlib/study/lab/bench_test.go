package lab

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"distillation/kdlib/images"
	"distillation/kdlib/internal/xlatest"
	"distillation/kdlib/study/folder"
)

// BenchmarkFit trains twenty students as the experiments do, on as many pictures and features, and reports seconds of the processor.
func BenchmarkFit(b *testing.B) {
	const seeds, width = 20, 144
	rng := rand.New(rand.NewPCG(1, 2))
	var m images.Manifest
	for i, n := range []int{17500, 3750, 3750} {
		for range n {
			m = append(m, images.Entry{ID: fmt.Sprint(len(m)), Split: folder.Splits[i], Label: len(m) % 2})
		}
	}
	f := &Features{Width: width, Values: make([]float32, len(m)*width)}
	for i := range f.Values {
		f.Values[i] = float32(rng.NormFloat64())
	}
	l, err := New(xlatest.Backend(b), m, f, make([]float64, len(m)))
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	task := Task{Labels: Same(l.Truth(), seeds)}
	how := Usual(Seeds(1, seeds))
	how.Training.Epochs = 1
	if _, err := l.Fit(b.Context(), how, task, nil); err != nil { // compiles
		b.Fatal(err)
	}
	how.Training.Epochs = Usual(how.Seeds).Training.Epochs
	before := processor(b)
	for b.Loop() {
		if _, err := l.Fit(b.Context(), how, task, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((processor(b)-before)/float64(b.N), "cpu-s/op")
}

// processor are the seconds that this process has had.
func processor(b *testing.B) float64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return float64(used.Utime.Sec+used.Stime.Sec) + float64(used.Utime.Usec+used.Stime.Usec)/1e6
}
