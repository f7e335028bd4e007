// Package pace tells how long work under way will still take.
package pace

import "time"

// Pace is where work stood when it was first told of. What was done by then, such as the beginning of a download that
// goes on, and how long that took, such as compiling before a first step, say nothing of the time left.
type Pace struct {
	done  int
	since time.Time
}

// From begins a pace: so much is done now.
func From(done int, now time.Time) Pace { return Pace{done, now} }

// Left is the time that the rest of total will take, in whole seconds, at the pace from the beginning until now; false
// where nothing was made since, or nothing is left (total is below 0 where it is unknown).
func (p Pace) Left(done, total int, now time.Time) (time.Duration, bool) {
	made := done - p.done
	if made <= 0 || done >= total {
		return 0, false
	}
	left := time.Duration(float64(now.Sub(p.since)) / float64(made) * float64(total-done))
	return left.Round(time.Second), true
}
