package backend_test

import (
	"testing"

	"distillation/kdlib/backend"
	"distillation/kdlib/internal/xlatest"
)

// A CPU has as many devices as it is asked for.
func TestWithDevices(t *testing.T) {
	xlatest.Backend(t) // skips without a plugin
	for _, devices := range []int{1, 6} {
		opened, err := backend.WithDevices(devices)
		if err != nil {
			t.Fatal(err)
		}
		if got := opened.NumDevices(); got < devices {
			t.Errorf("got %d devices, want at least %d", got, devices)
		}
		opened.Finalize()
	}
}
