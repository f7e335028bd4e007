// Package xlatest gives tests the XLA backend, and fails them on a machine without its plugin.
package xlatest

import (
	"os"
	"strings"
	"sync"
	"testing"

	"distillation/kdlib/backend"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/gomlx/support/exceptions"
)

// RequireEnv is the environment variable that, set to 0, turns a missing plugin from a failed test into a skipped one.
const RequireEnv = "KDLIB_REQUIRE_XLA"

// open makes the backend once for the whole test binary. A test must not start a download, so go-xla's installer is switched
// off.
var open = sync.OnceValues(func() (opened compute.Backend, err error) {
	xla.EnableAutoInstall(false)
	if panicked := exceptions.TryCatch[error](func() { opened, err = backend.New() }); panicked != nil {
		return nil, panicked
	}
	return opened, err
})

// told says the reason once in a test binary; one failed test is enough to fail it.
var told sync.Once

// Backend returns the backend that $GOMLX_BACKEND names, the plugin of this checkout when it is not set. Without a plugin the
// first test of a binary fails and says how to get one, and the others are skipped; with KDLIB_REQUIRE_XLA=0 all are.
func Backend(t testing.TB) compute.Backend {
	t.Helper()
	opened, err := open()
	if err == nil {
		return opened
	}
	reason, _, _ := strings.Cut(err.Error(), "\n")
	if os.Getenv(RequireEnv) != "0" {
		told.Do(func() {
			t.Fatalf("no XLA plugin: `go run ./kernel-setup test` installs one and runs all tests, %s=0 skips those that need it (%s)", RequireEnv, reason)
		})
	}
	t.Skipf("no XLA plugin: %s", reason)
	return nil
}
