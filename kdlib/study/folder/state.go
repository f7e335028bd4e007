package folder

import (
	"os"
	"path/filepath"

	"distillation/kdlib/internal/lock"
	"distillation/kdlib/train/history"
)

// How far a part of a study is.
const (
	Done        = "done"
	Running     = "running"
	Interrupted = "interrupted" // begun, and nobody works on it
	Ready       = "ready"       // what it needs is there
	Waiting     = "waiting"     // for another part
)

// State is how far a part is.
type State struct {
	Part
	Is            string // Done, Running, ...
	Epoch, Epochs int    // stored ones, and those of its recipe; 0 of what is not trained
	By            string // who works on it, where and since when
}

// States tells how far each part of the plan is, from the files of the folder alone, while others work in it.
func (r *Study) States() []State {
	var all []State
	done := map[string]bool{} // files
	for _, part := range r.Plan().Parts {
		s := State{Part: part, Is: Ready}
		finished := r.FinishedTiming
		if part.Name != Timing {
			finished = func() error { return r.Finished(part.Name) }
			if !r.Given(part.Name) {
				past, _ := history.Read(filepath.Join(r.Dir, part.Name, history.File)) // none is none yet
				s.Epoch, s.Epochs = len(past), r.Training(part.Name).Epochs
			}
		}
		who, at := lock.Who(filepath.Join(r.Dir, part.Name))
		switch {
		case finished() == nil:
			s.Is = Done
			for _, file := range part.Makes {
				done[file] = true
			}
		case at:
			s.Is, s.By = Running, who.String()
		case s.Epoch > 0:
			s.Is = Interrupted
		}
		for _, file := range part.Needs {
			if s.Is == Ready && !done[file] {
				s.Is = Waiting
			}
		}
		all = append(all, s)
	}
	return all
}

// Busy tells whether any process works on the study in a folder, or on a part of it, as far as can be told.
func Busy(dir string) bool {
	_, busy := lock.Who(dir)
	parts, _ := os.ReadDir(dir) // none in a folder that is not there
	for _, part := range parts {
		if _, at := lock.Who(filepath.Join(dir, part.Name())); at {
			return true
		}
	}
	return busy
}
