package study

import (
	"path/filepath"
	"testing"

	"distillation/kdlib/study/folder"
	"distillation/kdlib/train/history"
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
	s.now.Machine.Cores++
	s.now.Epochs["soft"] = 1
	if err := s.write(); err != nil {
		t.Fatal(err)
	}
	moved := s.now
	if s, err = begin(dir); err != nil {
		t.Fatal(err)
	}
	if old := s.before(); old == nil || old.Machine != moved.Machine {
		t.Errorf("another machine: got %+v, want %+v", old, moved)
	}
	if files, err := filepath.Glob(filepath.Join(dir, folder.SessionsDir, "*.json")); err != nil || len(files) != 3 {
		t.Errorf("got %q, %v, want a file for each of 3 sessions", files, err)
	}
	told := 0
	for _, model := range []string{"soft", "hard", "hard"} {
		s.counting(model, func(history.Epoch) { told++ })(history.Epoch{})
	}
	if told != 3 || s.now.Epochs["hard"] != 2 {
		t.Errorf("told of %d epochs, counted %v, want 3 and of hard 2", told, s.now.Epochs)
	}
	if !s.isMixed("soft") || s.isMixed("hard") {
		t.Errorf("of several kinds of machine: soft %t, hard %t, want soft alone", s.isMixed("soft"), s.isMixed("hard"))
	}
}
