// Package chromium opens a real browser for tests of pages.
package chromium

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browsers are the names of programs that chromedp can drive.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// patience is after what a browser that hangs is given up.
const patience = 5 * time.Minute

// Open opens a window of that many pixels; the test is skipped where there is no Chromium, unless KDLIB_REQUIRE_BROWSER=1. Errors
// that the page's scripts leave uncaught fail the test.
func Open(t *testing.T, width, height int) context.Context {
	t.Helper()
	i := slices.IndexFunc(browsers, func(name string) bool { _, err := exec.LookPath(name); return err == nil })
	if i < 0 {
		if os.Getenv("KDLIB_REQUIRE_BROWSER") == "1" {
			t.Fatalf("no browser: none of %q is on the PATH", browsers)
		}
		t.Skip("no Chromium on the PATH")
	}
	flags := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(browsers[i]), chromedp.WindowSize(width, height), chromedp.UserDataDir(t.TempDir()))
	if os.Geteuid() == 0 { // in a container; Chromium refuses otherwise
		flags = append(flags, chromedp.NoSandbox)
	}
	limited, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	allocator, cancel := chromedp.NewExecAllocator(limited, flags...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	err := chromedp.Listen(ctx, func(event any) {
		if thrown, ok := event.(*runtime.EventExceptionThrown); ok {
			t.Errorf("in the page: %v", thrown.ExceptionDetails)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}
