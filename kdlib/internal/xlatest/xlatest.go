// Package xlatest gives tests the XLA backend, or skips them on a machine without its plugin.
package xlatest

import (
	"os"
	"sync"
	"testing"

	"distillation/kdlib/backend"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/gomlx/support/exceptions"
)

// RequireEnv is the environment variable that turns a missing plugin from a skipped test into a failed one.
const RequireEnv = "KDLIB_REQUIRE_XLA"

// open makes the backend once for the whole test binary. A test must not start a download, so go-xla's installer is switched
// off.
var open = sync.OnceValues(func() (opened compute.Backend, err error) {
	xla.EnableAutoInstall(false)
	if caught := exceptions.TryCatch[error](func() { opened, err = backend.New() }); caught != nil {
		return nil, caught
	}
	return opened, err
})

// Backend returns the backend that $GOMLX_BACKEND names, XLA's CPU plugin when it is not set. Without a plugin the test
// is skipped, or fails when KDLIB_REQUIRE_XLA=1.
func Backend(t testing.TB) compute.Backend {
	t.Helper()
	opened, err := open()
	if err == nil {
		return opened
	}
	if os.Getenv(RequireEnv) == "1" {
		t.Fatalf("xlatest: no XLA backend, and %s=1: %v", RequireEnv, err)
	}
	t.Skipf("xlatest: no XLA backend (set GOMLX_BACKEND or PJRT_PLUGIN_LIBRARY_PATH): %v", err)
	return nil
}
