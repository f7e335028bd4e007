package images

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/predictions"
)

// The IDs and labels below are worked out by hand from the rules of OpenAs.
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
		if !slices.Equal(got, want) || s.Classes() != [2]string{"left", "Right"} || s.Ignored() != 2 {
			t.Errorf("%s: got %q, classes %q, %d ignored, want %q, left and Right, 2", kind, got, s.Classes(), s.Ignored(), want)
		}
		if want := []string{"left out, without a class: the top folder (1)"}; !slices.Equal(s.Notes(), want) {
			t.Errorf("%s: got notes %q, want %q", kind, s.Notes(), want)
		}
	}
}

// A tree of files, for patterns such as "train/cat.%d.jpg" and how many of each.
func tree(n int, patterns ...string) []file {
	var files []file
	for _, pattern := range patterns {
		for i := 1; i <= n; i++ {
			files = append(files, file{name: fmt.Sprintf(pattern, i)})
		}
	}
	return files
}

// All files decide together. What is a class folder is the rule of torchvision's ImageFolder (datasets/folder.py: the folders of
// the root, with what lies in them at any depth) and of Keras's image_dataset_from_directory, of which Kaggle's and Microsoft's
// names are an exception; the counts are by hand.
func TestLayouts(t *testing.T) {
	for name, test := range map[string]struct {
		files   []file
		layout  string
		classes [2]string
		counts  [2]int
		id      string // of one picture
		notes   []string
	}{
		"some names are numbers": {
			slices.Concat(tree(10, "Cat/%d.jpg"), tree(90, "Cat/IMG_%d.jpg"), tree(100, "Dog/IMG_%d.jpg")),
			"labels from the folders Cat and Dog", [2]string{"Cat", "Dog"}, [2]int{100, 100}, "Cat.7", nil},
		"all names are numbers": {
			tree(3, "Cat/%d.jpg", "Dog/%d.jpg"),
			"Microsoft's layout: labels from the folders Cat and Dog", pets, [2]int{3, 3}, "cat.3", nil},
		"Microsoft's zip": {
			append(tree(3, "PetImages/Cat/%d.jpg", "PetImages/Dog/%d.jpg"), file{name: "PetImages/Cat/Thumbs.db"}, file{name: "readme[1].txt"}),
			"Microsoft's layout: labels from the folders Cat and Dog", pets, [2]int{3, 3}, "dog.1", nil},
		"Kaggle": {
			tree(4, "train/cat.%d.jpg", "train/dog.%d.jpg", "test1/%d.jpg"),
			"Kaggle's layout: labels from names", pets, [2]int{4, 4}, "cat.1", []string{"left out, without a class: test1 (4)"}},
		"Kaggle, each zip in its folder": {
			tree(4, "dogs-vs-cats/train/train/cat.%d.jpg", "dogs-vs-cats/train/train/dog.%d.jpg", "dogs-vs-cats/test1/test1/%d.jpg"),
			"Kaggle's layout: labels from names", pets, [2]int{4, 4}, "dog.4", []string{"left out, without a class: dogs-vs-cats/test1/test1 (4)"}},
		"names agree with folders": {
			tree(2, "a/cat.%d.jpg", "b/dog.%d.jpg"),
			"Kaggle's layout: labels from names", pets, [2]int{2, 2}, "cat.2", nil},
		"names agree with folders, but for one without": {
			append(tree(2, "a/cat.%d.jpg", "b/dog.%d.jpg"), file{name: "b/other.jpg"}),
			"labels from the folders a and b", [2]string{"a", "b"}, [2]int{2, 3}, "b.other", nil},
		"folders of cats and dogs by name": {
			[]file{{name: "dog/rex.jpg"}, {name: "cat/tom.jpg"}},
			"labels from the folders cat and dog", [2]string{"cat", "dog"}, [2]int{1, 1}, "cat.tom", nil},
		"folders in one of two": {
			[]file{{name: "a/1.jpg"}, {name: "a/x/1.jpg"}, {name: "a/y/z/2.jpg"}, {name: "b/1.jpg"}},
			"labels from the folders a and b", [2]string{"a", "b"}, [2]int{3, 1}, "a.y/z/2", nil},
		"one name at two depths": {
			[]file{{name: "x/left/a.jpg"}, {name: "y/Left/b.jpg"}},
			"labels from the folders x and y", [2]string{"x", "y"}, [2]int{1, 1}, "y.Left/b", nil},
		"days": {
			tree(2, "2018/cat/%d.jpg", "2019/cat/%d.jpg", "2020/cat/%d.jpg", "2020/dog/%d.jpg"),
			"labels from each picture's folder, cat or dog", [2]string{"cat", "dog"}, [2]int{6, 2}, "cat.2019/1", nil},
	} {
		for kind, makeOne := range kinds {
			s, err := Open(makeOne(t, test.files))
			if err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
				continue
			}
			defer s.Close()
			var counts [2]int
			for _, p := range s.Pictures() {
				counts[p.Label]++
			}
			if s.Layout() != test.layout || s.Classes() != test.classes || counts != test.counts || !slices.Equal(s.Notes(), test.notes) {
				t.Errorf("%s, %s: got %q, classes %q, %v pictures, notes %q; want %q, %q, %v, %q",
					name, kind, s.Layout(), s.Classes(), counts, s.Notes(), test.layout, test.classes, test.counts, test.notes)
			}
			if _, ok := s.byID[test.id]; !ok {
				t.Errorf("%s, %s: no picture %s", name, kind, test.id)
			}
		}
	}
}

// A layout that is asked for is taken, and what it leaves out is said.
func TestLayoutThatIsAskedFor(t *testing.T) {
	indoor := tree(2, "indoor/cat.1%d.jpg", "indoor/dog.1%d.jpg", "outdoor/cat.2%d.jpg", "outdoor/dog.2%d.jpg")
	for _, test := range []struct {
		layout  Layout
		files   []file
		classes [2]string
		counts  [2]int
		note    string
	}{
		{Names, indoor, pets, [2]int{4, 4}, ""},
		{Folders, indoor, [2]string{"indoor", "outdoor"}, [2]int{4, 4}, ""},
		{Names, append(tree(2, "Cat/%d.jpg", "Dog/%d.jpg"), file{name: "Dog/rex.jpg"}), pets, [2]int{2, 2},
			"left out: 1 pictures without a class in folders of which others have one: Dog/rex.jpg"},
		{Folders, tree(2, "test/%d.jpg", "train/%d.jpg"), [2]string{"test", "train"}, [2]int{2, 2}, ""},
		{Folders, tree(2, "1/cat/%d.jpg", "1/dog/%d.jpg", "2/cat/%d.jpg"), [2]string{"1", "2"}, [2]int{4, 2}, ""},
		{Parents, tree(2, "1/cat/%d.jpg", "1/dog/%d.jpg", "2/cat/%d.jpg"), [2]string{"cat", "dog"}, [2]int{4, 2}, ""},
	} {
		s, err := OpenAs(makeFolder(t, test.files), test.layout)
		if err != nil {
			t.Errorf("%s: %v", test.layout, err)
			continue
		}
		defer s.Close()
		var counts [2]int
		for _, p := range s.Pictures() {
			counts[p.Label]++
		}
		notes := strings.Join(s.Notes(), "; ")
		if s.Classes() != test.classes || counts != test.counts || !strings.HasPrefix(notes, test.note) || test.note == "" && notes != "" {
			t.Errorf("%s: got classes %q, %v pictures, notes %q; want %q, %v, %q", test.layout, s.Classes(), counts, notes, test.classes, test.counts, test.note)
		}
	}
	if _, err := OpenAs("absent", "kaggel"); err == nil || !strings.Contains(err.Error(), `got "kaggel", want one of ["names" "folders" "parents"]`) {
		t.Errorf("got error %v, want one that names the layouts", err)
	}
}

func TestLayoutErrors(t *testing.T) {
	for name, test := range map[string]struct {
		files []file
		want  []string
	}{
		"one folder": {[]file{{name: "left/a.jpg"}, {name: "b.jpg"}, {name: "right/b.txt"}},
			[]string{`no two classes among 2 pictures, in the folders ["." "left"]`, "exactly two folders"}},
		"three folders": {[]file{{name: "c/a.jpg"}, {name: "b/a.jpg"}, {name: "a/a.jpg"}}, []string{`["a" "b" "c"]`, "exactly two folders"}},
		"two of a name": {[]file{{name: "a/1.jpg"}, {name: "a/1.png"}, {name: "b/1.jpg"}}, []string{"two pictures named a.1", "a/1.jpg", "a/1.png"}},
		"names against folders": {tree(2, "indoor/cat.1%d.jpg", "indoor/dog.1%d.jpg", "outdoor/cat.2%d.jpg", "outdoor/dog.2%d.jpg"),
			[]string{"two readings", "indoor/dog.11.jpg is dog", "it is indoor", "0 = indoor, 1 = outdoor", "--layout names or --layout folders"}},
		"folders against names": {append(tree(2, "cat/IMG_%d.jpg", "dog/IMG_%d.jpg"), file{name: "cat/dog.5.jpg"}),
			[]string{"cat/dog.5.jpg is dog", "--layout names or --layout folders"}},
		"folders against the folders in them": {tree(2, "1/cat/%d.jpg", "1/dog/%d.jpg", "2/cat/%d.jpg", "2/dog/%d.jpg"),
			[]string{"two readings", "0 = 1, 1 = 2", "0 = cat, 1 = dog", "--layout"}},
		"two folders beside one that has nothing to do with them": {append(tree(2, "data/cat/%d.jpg", "data/dog/%d.jpg"), file{name: "docs/figure.png"}),
			[]string{"two readings", "data/cat and data/dog", "open the folder"}},
		"pictures beside those with a class": {append(tree(2, "x/cat.%d.jpg", "x/dog.%d.jpg"), tree(5, "x/holiday%d.jpg")...),
			[]string{"of 9 pictures 5 have no class", "x/holiday1.jpg, x/holiday2.jpg, x/holiday3.jpg, ...", "--layout names"}},
		"sets without classes": {tree(2, "train/%d.jpg", "val/%d.jpg"), []string{`["train" "val"]`}},
	} {
		for kind, makeOne := range kinds {
			path := makeOne(t, test.files)
			_, err := Open(path)
			if err == nil {
				t.Errorf("%s, %s: got no error", name, kind)
				continue
			}
			for _, want := range append(test.want, path) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%s, %s: got error %v, want %q in it", name, kind, err, want)
				}
			}
		}
	}
}

// Two folders whose names differ in nothing but case are not two classes.
func TestOneNameTwice(t *testing.T) {
	for _, kind := range []string{"zip", "tar"} { // not every file system keeps both
		_, err := Open(kinds[kind](t, []file{{name: "x/a.jpg"}, {name: "X/b.jpg"}}))
		if want := `in the folders ["X" "x"]`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one with %s", kind, err, want)
		}
	}
}

// A source that is split already keeps its split, and each set its own names.
func TestAlreadySplit(t *testing.T) {
	for name, test := range map[string]struct {
		files   []file
		layout  string
		classes [2]string
		want    string // an ID a set
		notes   string
	}{
		"ImageFolder": {
			tree(2, "hymenoptera/train/ants/%d.jpg", "hymenoptera/train/bees/%d.jpg", "hymenoptera/val/ants/%d.jpg", "hymenoptera/val/bees/%d.jpg", "hymenoptera/test/bees/%d.jpg"),
			"labels from the folders hymenoptera/ants and hymenoptera/bees; already split into the folders test, train, val",
			[2]string{"ants", "bees"}, "train/ants.1 validation/ants.1 test/bees.1", ""},
		"other names": {
			tree(2, "Training/ants/%d.jpg", "Training/bees/%d.jpg", "valid/ants/%d.jpg", "TESTING/bees/%d.jpg"),
			"labels from the folders ants and bees; already split into the folders TESTING, Training, valid",
			[2]string{"ants", "bees"}, "train/bees.2 validation/ants.2 test/bees.2", ""},
		"Keras's cats_and_dogs_filtered": {
			tree(2, "train/cats/cat.%d.jpg", "train/dogs/dog.%d.jpg", "validation/cats/cat.2%d.jpg", "validation/dogs/dog.2%d.jpg"),
			"Kaggle's layout: labels from names; already split into the folders train, validation",
			pets, "train/cat.1 validation/dog.22", ""},
		"classes above sets": {
			tree(2, "ants/train/%d.jpg", "ants/test/%d.jpg", "bees/train/%d.jpg", "bees/test/%d.jpg"),
			"labels from the folders ants and bees; already split into the folders test, train",
			[2]string{"ants", "bees"}, "train/ants.1 test/bees.1", ""},
		"a test set without labels": {
			tree(2, "train/ants/%d.jpg", "train/bees/%d.jpg", "val/ants/%d.jpg", "val/bees/%d.jpg", "test/%d.jpg"),
			"labels from the folders ants and bees; already split into the folders train, val",
			[2]string{"ants", "bees"}, "train/ants.1 validation/ants.1", "left out, without a class: test (2)"},
	} {
		for kind, makeOne := range kinds {
			s, err := Open(makeOne(t, test.files))
			if err != nil {
				t.Errorf("%s, %s: %v", name, kind, err)
				continue
			}
			defer s.Close()
			if notes := strings.Join(s.Notes(), "|"); s.Layout() != test.layout || s.Classes() != test.classes || notes != test.notes {
				t.Errorf("%s, %s: got %q, classes %q, notes %q, want %q, %q, %q", name, kind, s.Layout(), s.Classes(), notes, test.layout, test.classes, test.notes)
			}
			for id := range strings.FieldsSeq(test.want) {
				set, _, _ := strings.Cut(id, "/")
				if p, ok := s.byID[id]; !ok || p.Split != predictions.Split(set) {
					t.Errorf("%s, %s: %s: got %+v, %v, want it in its set", name, kind, id, p, ok)
				}
			}
		}
	}
}

// A link, and a name that would break the lines of a cache, are refused and reported.
func TestTwoFoldersProblems(t *testing.T) {
	s, err := Open(makeFolder(t, []file{{name: "a/1.jpg"}, {name: "b/1.jpg"}, {name: "b/2.jpg", link: "3.jpg"}, {name: "b/3\t.jpg"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(s.Pictures()) != 2 || len(s.Problems()) != 2 {
		t.Errorf("got %v and %v, want the link and the tab refused", s.Pictures(), s.Problems())
	}
}
