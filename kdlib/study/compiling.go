package study

import (
	"time"

	"distillation/kdlib/train"
)

// Compiling tells a reporter what is compiled, and how long it took.
func Compiling(to Reporter) train.Watch {
	return func(program string, took time.Duration) {
		if took == 0 {
			to.Say("compiling %s ...", program)
			return
		}
		to.Say("compiled %s in %.1f s", program, took.Seconds())
	}
}
