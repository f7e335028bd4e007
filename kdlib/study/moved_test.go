package study

import (
	"path/filepath"
	"testing"

	"distillation/kdlib/recipe"
	"distillation/kdlib/study/folder"
)

// A session knows whether the one before it was on another kind of machine.
func TestBefore(t *testing.T) {
	dir := t.TempDir()
	s, err := begin(dir)
	if err != nil {
		t.Fatal(err)
	}
	if old := s.before(); old != nil {
		t.Errorf("first session: got %+v before it, want none", old)
	}
	if s, err = begin(dir); err != nil {
		t.Fatal(err)
	}
	if old := s.before(); old != nil {
		t.Errorf("the same machine: got %+v, want none", old)
	}
	s.all[1].Machine.Cores++
	if err := recipe.WriteJSON(filepath.Join(dir, folder.SessionsFile), s.all); err != nil {
		t.Fatal(err)
	}
	if s, err = begin(dir); err != nil {
		t.Fatal(err)
	}
	if old := s.before(); old == nil || old.Machine != s.all[1].Machine {
		t.Errorf("another machine: got %+v, want %+v", old, s.all[1])
	}
}
