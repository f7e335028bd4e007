// Package golden reads the expected values that a generator beside them wrote.
package golden

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// Read decodes the JSON of a file in the testdata folder of the package under test into v.
func Read(t testing.TB, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatalf("testdata/%s: %v", name, err)
	}
}
