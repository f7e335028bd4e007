// Package xlatest gives tests the XLA backend, or skips them on a machine without its plugin.
package xlatest

import (
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	_ "github.com/gomlx/gomlx/backends/default" // registers "xla"
	"github.com/gomlx/gomlx/support/exceptions"
)

// RequireEnv is the environment variable that turns a missing plugin from a skipped test into a failed one.
const RequireEnv = "KDLIB_REQUIRE_XLA"

// open makes the backend once for the whole test binary. $GOMLX_BACKEND chooses the plugin as usual; a test must not
// start a download, so go-xla's installer is switched off.
var open = sync.OnceValues(func() (backend compute.Backend, err error) {
	if err := os.Setenv("GOMLX_NO_AUTO_INSTALL", "1"); err != nil {
		return nil, fmt.Errorf("xlatest: %w", err)
	}
	config, found := os.LookupEnv(compute.ConfigEnvVar)
	if !found {
		config = "xla:cpu"
	}
	if caught := exceptions.TryCatch[error](func() { backend, err = compute.NewWithConfig(config) }); caught != nil {
		return nil, caught
	}
	return backend, err
})

// Backend returns the backend that $GOMLX_BACKEND names, XLA's CPU plugin when it is not set. Without a plugin the test
// is skipped, or fails when KDLIB_REQUIRE_XLA=1.
func Backend(t testing.TB) compute.Backend {
	t.Helper()
	backend, err := open()
	if err == nil {
		return backend
	}
	if os.Getenv(RequireEnv) == "1" {
		t.Fatalf("xlatest: no XLA backend, and %s=1: %v", RequireEnv, err)
	}
	t.Skipf("xlatest: no XLA backend (set GOMLX_BACKEND or PJRT_PLUGIN_LIBRARY_PATH): %v", err)
	return nil
}
