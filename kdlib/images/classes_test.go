package images

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// The IDs and labels below are worked out by hand from the rules of Open.
func TestTwoFolders(t *testing.T) {
	files := []file{
		{name: "mine/Right/IMG_12.jpg", content: "a"},
		{name: "mine/left/b.c.PNG", content: "b"},
		{name: "mine/left/a 1.jpeg", content: "c"},
		{name: "mine/left/._a.jpg", content: "a resource fork"},
		{name: "mine/notes.txt", content: "no picture"},
		{name: "mine/empty/notes.txt", content: "no picture"},
		{name: "alone.jpg", content: "in no folder"},
	}
	want := []string{"left.a 1 0 c", "left.b.c 0 b", "Right.IMG_12 1 a"}
	for kind, makeOne := range kinds {
		s, err := Open(makeOne(t, files))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		defer s.Close()
		var got []string
		for _, p := range s.Pictures() {
			r, err := s.openPicture(p.ID)
			if err != nil {
				t.Fatalf("%s: %v", kind, err)
			}
			content, err := io.ReadAll(r)
			r.Close()
			got = append(got, fmt.Sprint(p.ID, " ", p.Label, " ", string(content)))
			if err != nil {
				t.Errorf("%s: %s: %v", kind, p.ID, err)
			}
		}
		if !slices.Equal(got, want) || s.Classes() != [2]string{"left", "Right"} || s.Ignored() != 4 {
			t.Errorf("%s: got %q, classes %q, %d ignored, want %q, left and Right, 4", kind, got, s.Classes(), s.Ignored(), want)
		}
	}
}

// Numbered pictures of cats and dogs are known by their names, whatever folders they lie in.
func TestCatsAndDogsComeFirst(t *testing.T) {
	s, err := Open(makeFolder(t, []file{{name: "a/cat.0.jpg"}, {name: "b/dog.0.jpg"}, {name: "b/other.jpg"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if p := s.Pictures(); len(p) != 2 || p[0].ID != "cat.0" || s.Classes() != [2]string{"cat", "dog"} || s.Ignored() != 1 {
		t.Errorf("got %v, classes %q, %d ignored, want cat.0 and dog.0, and one ignored", p, s.Classes(), s.Ignored())
	}
}

func TestTwoFoldersAreCatAndDogByName(t *testing.T) {
	s, err := Open(makeFolder(t, []file{{name: "dog/rex.jpg"}, {name: "cat/tom.jpg"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if p := s.Pictures(); len(p) != 2 || p[0].ID != "cat.tom" || p[0].Label != 0 || p[1].ID != "dog.rex" || p[1].Label != 1 {
		t.Errorf("got %v, want cat.tom 0 and dog.rex 1", p)
	}
}

func TestTwoFoldersErrors(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []file
		want  []string
	}{
		{"one", []file{{name: "left/a.jpg"}, {name: "b.jpg"}, {name: "right/b.txt"}}, []string{`among 3 files`, `["left"]`, "exactly two folders"}},
		{"three", []file{{name: "c/a.jpg"}, {name: "b/a.jpg"}, {name: "a/a.jpg"}}, []string{`["a" "b" "c"]`, "exactly two folders"}},
		{"one inside another", []file{{name: "a/1.jpg"}, {name: "a/x/1.jpg"}, {name: "b/1.jpg"}}, []string{`["a" "b" "a/x"]`}},
		{"one name", []file{{name: "x/left/a.jpg"}, {name: "y/Left/b.jpg"}}, []string{"x/left", "y/Left", "want two names"}},
		{"two of a name", []file{{name: "a/1.jpg"}, {name: "a/1.png"}, {name: "b/1.jpg"}}, []string{"two pictures named a.1", "a/1.jpg", "a/1.png"}},
	} {
		for kind, makeOne := range kinds {
			path := makeOne(t, test.files)
			_, err := Open(path)
			if err == nil {
				t.Errorf("%s, %s: got no error", test.name, kind)
				continue
			}
			for _, want := range append(test.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s, %s: got error %v, want %q in it", test.name, kind, err, want)
				}
			}
		}
	}
}

// A link, and a name that would break the lines of a cache, are refused and reported.
func TestTwoFoldersProblems(t *testing.T) {
	s, err := Open(makeFolder(t, []file{{name: "a/1.jpg"}, {name: "b/1.jpg"}, {name: "b/2.jpg", link: "1.jpg"}, {name: "b/3\t.jpg"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(s.Pictures()) != 2 || len(s.Problems()) != 2 {
		t.Errorf("got %v and %v, want the link and the tab refused", s.Pictures(), s.Problems())
	}
}
