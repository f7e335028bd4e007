package predictions

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The classes of a folder stay as they are; cats and dogs need no file.
func TestClasses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, ClassesFile)
	if err := WriteClasses(dir, CatDog); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadClasses(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("cats and dogs: got error %v, want no file", err)
	}
	classes := [2]string{"Birnen", "Äpfel"}
	for range 2 {
		if err := WriteClasses(dir, classes); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "[\"Birnen\",\"Äpfel\"]\n" {
		t.Errorf("got %q, %v", text, err)
	}
	if got, err := ReadClasses(dir); err != nil || got != classes {
		t.Errorf("got %q, %v, want %q", got, err, classes)
	}
	for _, other := range [][2]string{{"Äpfel", "Birnen"}, CatDog} {
		if err := WriteClasses(dir, other); err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "0 = Birnen, 1 = Äpfel") {
			t.Errorf("%q: got error %v, want one that names the file and its classes", other, err)
		}
	}
	if err := os.WriteFile(path, []byte("[1]"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadClasses(dir); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got error %v, want one that names the file", err)
	}
}

// An ID in either form of Unicode is one ID.
func TestFormsOfUnicode(t *testing.T) {
	const composed, apart = "\u00c4pfel.1", "A\u0308pfel.1"
	table, err := Parse(strings.NewReader("id,set,label,p\n"+apart+",test,0,0.5\n"), "p.csv")
	if err != nil || table[0].ID != composed {
		t.Errorf("got %v, %v, want %q", table, err, composed)
	}
	_, err = Parse(strings.NewReader("id,set,label,p\n"+apart+",test,0,0.5\n"+composed+",test,0,0.5\n"), "p.csv")
	if err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("got error %v, want the second line refused", err)
	}
	if err := CheckID("\xc4pfel"); err == nil || !strings.Contains(err.Error(), "want UTF-8") {
		t.Errorf("got error %v, want one about UTF-8", err)
	}
}
