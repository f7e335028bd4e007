package notebook

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"distillation/kdlib/recipe"
	"distillation/kdlib/study/background"
	"distillation/kdlib/study/folder"
)

// A folder without a study is an error; one that was started shows what was said, and its graph once the recipe is stored.
func TestWatchHTML(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	if _, err := watchHTML(dir); err == nil || !strings.Contains(err.Error(), "has not begun") {
		t.Errorf("got %v, want that it has not begun", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, background.LogFile), []byte("first\nthe loss is < 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const said = "the loss is &lt; 1</pre>"
	got, err := watchHTML(dir)
	if err != nil || !strings.Contains(got, said) || strings.Contains(got, "<img") || strings.Contains(got, "first") {
		t.Errorf("before its pictures are decoded: got %q, %v", got, err)
	}
	if err := recipe.WriteJSON(filepath.Join(dir, folder.StudyFile), recipe.Demo); err != nil {
		t.Fatal(err)
	}
	got, err = watchHTML(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, encoded, _ := strings.Cut(got, "base64,")
	encoded, _, _ = strings.Cut(encoded, `"`)
	svg, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !strings.Contains(got, said) || !strings.Contains(string(svg), ">mine: 0 of 7 parts done, 0 running<") {
		t.Errorf("got %.300q, %v, want the graph of 7 parts", got, err)
	}
}
