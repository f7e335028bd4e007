package browser

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The runtime is ONNX Runtime's build for browsers, an npm package; its licence is MIT.
const (
	RuntimePackage = "onnxruntime-web"
	RuntimeVersion = "1.30.0"

	// RuntimeIntegrity is the checksum of its archive as npm has it: SHA-512 in base64.
	RuntimeIntegrity = "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="

	// RuntimeDir is where set-up keeps its files, below the project's root.
	RuntimeDir = ".venv/share/onnxruntime-web"
)

//go:embed onnxruntime-LICENSE.txt
var runtimeLicense string

// RuntimeFile is a file of the package that a page needs.
type RuntimeFile struct{ Name, Sum string } // in the package's folder dist; SHA-256 in hexadecimal

// RuntimeFiles are the script and the program of the processor that every browser has, without those of graphics cards.
var RuntimeFiles = []RuntimeFile{
	{"ort.wasm.bundle.min.mjs", "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90"},
	{"ort-wasm-simd-threaded.wasm", "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2"},
}

// ErrNoRuntime is the error of OpenRuntime where the runtime is not installed.
var ErrNoRuntime = errors.New("the browsers' ONNX Runtime is not installed")

// Runtime is what asks a network in the browser.
type Runtime struct{ script, program []byte }

// OpenRuntime reads the runtime from a folder that has RuntimeFiles, and compares their checksums.
func OpenRuntime(dir string) (Runtime, error) {
	var contents [][]byte
	for _, f := range RuntimeFiles {
		content, err := os.ReadFile(filepath.Join(dir, f.Name))
		if errors.Is(err, fs.ErrNotExist) {
			return Runtime{}, fmt.Errorf("browser: %s: %w: no %s", dir, ErrNoRuntime, f.Name)
		}
		if err != nil {
			return Runtime{}, fmt.Errorf("browser: %w", err)
		}
		if err := f.Check(content); err != nil {
			return Runtime{}, fmt.Errorf("browser: %s: %w", dir, err)
		}
		contents = append(contents, content)
	}
	script := contents[0]
	if at := bytes.LastIndex(script, []byte("//# sourceMappingURL")); at >= 0 { // a page of one file has no map
		script = script[:at]
	}
	return Runtime{script, contents[1]}, nil
}

// Check compares a content with the file's checksum.
func (f RuntimeFile) Check(content []byte) error {
	sum := sha256.Sum256(content)
	if got := hex.EncodeToString(sum[:]); got != f.Sum {
		return fmt.Errorf("%s: got SHA-256 %s, want %s, that of %s %s", f.Name, got, f.Sum, RuntimePackage, RuntimeVersion)
	}
	return nil
}
