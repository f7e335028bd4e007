package table_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/table"
)

func TestReadCell(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scores.csv")
	if err := os.WriteFile(path, []byte("model,set,accuracy,printed,printed\nsoft,test,0.87,0.96,1\nsoft,train,0.90,,\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		column, keys string
		want, fault  string
	}{
		{"accuracy", "soft test", "0.87", ""},
		{"printed", "test", "0.96", ""},
		{"unc", "test", "", `got column "unc"`},
		{"accuracy", "soft", "", `got 2 rows with ["soft"]`},
		{"accuracy", "hard test", "", "got 0 rows"},
	} {
		got, err := table.ReadCell(path, c.column, strings.Fields(c.keys)...)
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), path+": "+c.fault) {
			t.Errorf("%s of %s: got %q, %v, want %q, %q", c.column, c.keys, got, err, c.want, c.fault)
		}
	}
	if _, err := table.ReadCell(filepath.Join(t.TempDir(), "none.csv"), "a"); err == nil {
		t.Error("a file that is not there: got no error")
	}
}
