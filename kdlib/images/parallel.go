package images

import (
	"context"
	"io"
	"iter"
	"runtime"
)

// A job is one picture on its way; done is closed when pixels or err is there.
type job struct {
	picture Picture
	data    []byte
	pixels  []uint8
	err     error
	done    chan struct{}
}

// decode fills in the result.
func (j *job) decode(size int) {
	defer close(j.done)
	if j.err != nil {
		return
	}
	img, err := decode(j.data)
	j.data = nil
	if err != nil {
		j.err = err
		return
	}
	j.pixels = Resize(img, size, size)
}

// A line takes each job to a decoder through todo and, in order, to the loop
// through ordered, whose length bounds the memory.
type line struct{ todo, ordered chan *job }

// decoded yields the chosen pictures in order, decoded by all processors at
// once, then the error that ended the reading, if any. One goroutine reads.
func decoded(ctx context.Context, src *Source, chosen []Picture, size int) iter.Seq2[*job, error] {
	return func(yield func(*job, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		workers := runtime.NumCPU()
		l := line{todo: make(chan *job), ordered: make(chan *job, 4*workers)}
		for range workers {
			go func() {
				for j := range l.todo {
					j.decode(size)
				}
			}()
		}
		var failure error
		go func() {
			defer close(l.ordered) // after failure is set
			defer close(l.todo)
			failure = l.read(ctx, src, chosen)
		}()
		defer func() { // also when the loop is left early: the reader must have ended
			stop()
			for range l.ordered {
			}
		}()
		for j := range l.ordered {
			<-j.done
			if !yield(j, nil) {
				return
			}
		}
		if failure != nil {
			yield(nil, failure)
		}
	}
}

// read makes a job of each picture; what cannot be read is the job's error.
func (l line) read(ctx context.Context, src *Source, chosen []Picture) error {
	return src.some(ctx, chosen, func(p Picture, r io.Reader) error {
		j := &job{picture: p, done: make(chan struct{})}
		j.data, j.err = readPicture(r)
		select {
		case l.ordered <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
		l.todo <- j
		return nil
	})
}
