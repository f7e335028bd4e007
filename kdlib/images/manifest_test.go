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
	want := Manifest{{"cat.0", predictions.Train, 0, ""}, {"dog.12", predictions.Validation, 1, ""}, {`odd,"id"`, predictions.Test, 1, ""}}
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

// Of other classes than cats and dogs a manifest has the names, and reads them in either form of Unicode.
func TestManifestOfClasses(t *testing.T) {
	s, err := Open(makeFolder(t, tree(10, "\u00c4pfel/%d.jpg", "Birnen/%d.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m, err := Split(s.Pictures(), SplitOptions{N: 2, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "split.csv")
	if err := m.Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	if lines[0] != "id,set,label,class" || !strings.HasSuffix(lines[1], ",train,0,Birnen") || !strings.HasSuffix(lines[2], ",train,1,\u00c4pfel") {
		t.Errorf("got %q", text)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "\u00c4", "A\u0308")), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := ReadManifest(path); err != nil || !slices.Equal(got, m) || got.Classes() != s.Classes() {
		t.Errorf("got %v, %v, want %v", got, err, m)
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
		{"id,set,label,name\na,train,0,left\n", `line 1: got the columns ["id" "set" "label" "name"]`},
		{"id,set,label,class\na,train,0,\n", "line 2: class"},
		{"id,set,label,class\na,train,0,left\nb,train,0,right\n", `line 3: class: got "right" of the label 0, which was "left" before`},
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
