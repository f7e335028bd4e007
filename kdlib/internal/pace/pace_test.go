package pace

import (
	"testing"
	"time"
)

func TestLeft(t *testing.T) {
	start := time.Unix(1000, 0)
	for name, c := range map[string]struct {
		first, done, total int
		took, want         time.Duration
		ok                 bool
	}{
		"from nothing":              {0, 3, 12, 6 * time.Second, 18 * time.Second, true},        // 2 s each, 9 left
		"a download that goes on":   {700, 710, 825, 20 * time.Second, 230 * time.Second, true}, // 2 s each, 115 left
		"rounded":                   {0, 3, 4, 5 * time.Second, 2 * time.Second, true},          // 1.67 s each, 1 left
		"nothing made":              {700, 700, 825, 20 * time.Second, 0, false},
		"started over":              {700, 10, 825, 20 * time.Second, 0, false},
		"complete":                  {700, 825, 825, 20 * time.Second, 0, false},
		"a total that is not known": {700, 710, -1, 20 * time.Second, 0, false},
	} {
		if got, ok := From(c.first, start).Left(c.done, c.total, start.Add(c.took)); got != c.want || ok != c.ok {
			t.Errorf("%s: got %v, %v, want %v, %v", name, got, ok, c.want, c.ok)
		}
	}
}
