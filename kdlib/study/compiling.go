package study

import (
	"time"

	"distillation/kdlib/train"
)

// Compiling tells a reporter which programs are compiled, or loaded because an earlier process has compiled them, and how long
// that takes.
func Compiling(to Reporter) train.Watch {
	return func(program string, took time.Duration) {
		if took == 0 {
			to.Say("preparing the %s ...", program)
			return
		}
		to.Say("prepared the %s in %.1f s", program, took.Seconds())
	}
}
