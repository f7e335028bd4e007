package study

import (
	"time"

	"distillation/kdlib/train"
)

// Compiling tells a reporter what is compiled, or loaded if an earlier process has compiled it, and how long that took.
func Compiling(to Reporter) train.Watch {
	return func(program string, took time.Duration) {
		if took == 0 {
			to.Say("preparing the %s ...", program)
			return
		}
		to.Say("prepared the %s in %.1f s", program, took.Seconds())
	}
}
