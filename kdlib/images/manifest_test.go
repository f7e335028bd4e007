package images

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/internal/csvfile"
	"distillation/kdlib/predictions"
)

func TestManifestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "split.csv")
	want := Manifest{{"cat.0", predictions.Train, 0}, {"dog.12", predictions.Validation, 1}, {`odd,"id"`, predictions.Test, 1}}
	if err := want.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadManifest(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if of := got.Of(predictions.Validation); len(of) != 1 || of[0].ID != "dog.12" {
		t.Errorf("validation: got %v", of)
	}
}

func TestReadManifestErrors(t *testing.T) {
	tests := []struct{ content, want string }{
		{"", "empty file"},
		{"id,set\ncat.0,train\n", `got the columns ["id" "set"]`},
		{"id,set,label\n", "no entries"},
		{"id,set,label\ncat.0,train,0\ncat.1,training,0\n", `line 3: predictions: set: got "training"`},
		{"id,set,label\ncat.0,train,2\n", `line 2: label "2"`},
		{"id,set,label\ncat.0,train,0.5\n", `label "0.5"`},
		{"id,set,label\n,train,0\n", `line 2: id: got ""`},
		{"id,set,label\ncat.0,train,0\n\ncat.0,test,0\n", `line 4: id "cat.0" stands in line 2`},
		{"id,set,label\ncat.0,train\n", "line 2"},
		{"id,set,label\n\"cat.0,train,0\n", "line 2"},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), "split.csv")
		if err := os.WriteFile(path, []byte(test.content), 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadManifest(path)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got error %v, want %q and the path in it", test.content, err, test.want)
		}
	}
}

// What is accepted must survive writing and reading.
func FuzzReadManifest(f *testing.F) {
	f.Add([]byte("id,set,label\ncat.0,train,0\ndog.0,test,1\n"))
	f.Add([]byte("id,set,label\r\n\"a\nb\",validation,1\r\n"))
	f.Add([]byte("id,set,label\ncat.0,train,0,\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m Manifest
		if err := csvfile.Parse(bytes.NewReader(data), manifestHeader, m.adder()); err != nil || len(m) == 0 {
			return
		}
		path := filepath.Join(t.TempDir(), "m.csv")
		if err := m.Write(path); err != nil {
			t.Fatal(err)
		}
		if again, err := ReadManifest(path); err != nil || !slices.Equal(m, again) {
			t.Errorf("got %v, %v, want %v", again, err, m)
		}
	})
}
