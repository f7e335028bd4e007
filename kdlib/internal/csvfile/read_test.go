package csvfile_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/csvfile"
)

// collected are rows as "LINE: fields".
type collected []string

func (c *collected) add(line int, fields []string) error {
	if fields[0] == "bad" {
		return errors.New("a bad row")
	}
	*c = append(*c, fmt.Sprint(line, fields))
	return nil
}

func these(columns ...string) csvfile.Pick {
	return func([]string) []string { return columns }
}

func TestParse(t *testing.T) {
	const good = "a,b\n1,2\n\"x\ny\",3\n4,5\n" // a field with a line break: its row begins on line 3, the next on line 5
	var rows collected
	err := csvfile.Parse(strings.NewReader(good), []string{"a", "b"}, rows.add)
	if want := []string{"2 [1 2]", "3 [x\ny 3]", "5 [4 5]"}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("got %q, %v, want %q", []string(rows), err, want)
	}
	rows = nil
	err = csvfile.ParseColumns(strings.NewReader("\uFEFFc,b,a\n9,2,1\n"), these("a", "b"), rows.add)
	if want := []string{"2 [1 2]"}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("by name: got %q, %v, want %q", []string(rows), err, want)
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, exact, named string }{
		{"", "got an empty file", "got an empty file"},
		{"b,a\n", `line 1: got the columns ["b" "a"]`, ""},
		{"a,b,b\n", `line 1: got the columns ["a" "b" "b"]`, `line 1: column "b" stands twice`},
		{"a,c\n", `line 1: got the columns ["a" "c"]`, `line 1: column "b" is missing: got ["a" "c"]`},
		{"a,b\n1,2\nbad,2\n", "line 3: a bad row", "line 3: a bad row"},
		{"a,b\n1\n", "line 2: got 1 fields, want 2", "line 2: got 1 fields, want 2"},
		{"a,b\n\"1,2\n", `line 2: extraneous or missing " in quoted-field`, `line 2: extraneous or missing " in quoted-field`},
	} {
		wanted := []string{"a", "b"}
		var rows collected
		for kind, check := range map[string]struct {
			err  error
			want string
		}{
			"header":  {csvfile.Parse(strings.NewReader(c.text), wanted, rows.add), c.exact},
			"columns": {csvfile.ParseColumns(strings.NewReader(c.text), these(wanted...), rows.add), c.named},
		} {
			if check.want == "" && check.err != nil || check.want != "" && (check.err == nil || !strings.HasPrefix(check.err.Error(), check.want)) {
				t.Errorf("%s of %q: got error %v, want %q", kind, c.text, check.err, check.want)
			}
		}
	}
}

func TestReadNamesThePath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.csv")
	var rows collected
	for range 2 { // no file, then a bad one
		for _, err := range []error{csvfile.Read(path, []string{"a"}, rows.add), csvfile.ReadColumns(path, these("a"), rows.add)} {
			if err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("got error %v, want one with %s", err, path)
			}
		}
		if err := os.WriteFile(path, []byte("b\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// testdata holds one table as other programs write it (see gen_forms.py).
func TestFormsOfOtherPrograms(t *testing.T) {
	want := collected{"2 [katze.1 0.25]", "3 [Äpfel 0.75]"}
	files, err := filepath.Glob(filepath.Join("testdata", "forms", "*"))
	if err != nil || len(files) < 9 {
		t.Fatalf("got files %v, %v", files, err)
	}
	for _, file := range files {
		var rows collected
		err := csvfile.ReadColumns(file, these("id", "p"), rows.add)
		if filepath.Ext(file) == ".xlsx" {
			if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "want CSV: export it as that") {
				t.Errorf("%s: got error %v, want one that says what it is", file, err)
			}
			continue
		}
		if err != nil || !slices.Equal(rows, want) {
			t.Errorf("%s: got %q, %v, want %q", file, []string(rows), err, []string(want))
		}
	}
}

// What is cut or damaged in its compression is an error, not a shorter table.
func TestCutGzip(t *testing.T) {
	whole, err := os.ReadFile(filepath.Join("testdata", "forms", "gzip.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{3, len(whole) - 1} {
		var rows collected
		if err := csvfile.ParseColumns(strings.NewReader(string(whole[:cut])), these("id", "p"), rows.add); err == nil {
			t.Errorf("%d of %d bytes: got %q and no error", cut, len(whole), []string(rows))
		}
	}
}
