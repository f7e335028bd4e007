package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A download that goes on at 700 of 825. On a clock that only Sleep moves: nothing in the first 15 s, 10 after 30 s,
// so that 115 need 345 s.
func TestTimeLeftLeavesOutWhatWasDone(t *testing.T) {
	for name, c := range map[string]struct {
		terminal       bool
		hanging, going string
	}{
		"plain":    {false, "download: 700 of 825\n", "download: 710 of 825, 5m45s left\n"},
		"terminal": {true, "(700/825) [15s]", "download, 5m45s left"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			r := newReporter(&out)
			r.terminal = c.terminal
			r.Progress("download", 700, 825)
			time.Sleep(plainEvery)
			r.Progress("download", 700, 825)
			if got := out.String(); !strings.Contains(got, c.hanging) || strings.Contains(got, "left") {
				t.Errorf("%s: nothing came: got %q, want %q and no time left", name, got, c.hanging)
			}
			time.Sleep(plainEvery)
			r.Progress("download", 710, 825)
			if got := out.String(); !strings.Contains(got, c.going) {
				t.Errorf("%s: got %q, want %q", name, got, c.going)
			}
		})
	}
}
