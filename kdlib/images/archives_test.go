package images

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// contents returns "ID label content" of every picture, read one by one and all in one pass, which must agree.
func contents(t *testing.T, s *Source) []string {
	t.Helper()
	var pass []string
	err := s.Each(t.Context(), func(p Picture, r io.Reader) error {
		content, err := io.ReadAll(r)
		pass = append(pass, fmt.Sprint(p.ID, " ", p.Label, " ", string(content)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var single []string
	for _, p := range s.Pictures() {
		r, err := s.openPicture(p.ID)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if r.Close(); err != nil {
			t.Fatal(err)
		}
		single = append(single, fmt.Sprint(p.ID, " ", p.Label, " ", string(content)))
	}
	slices.Sort(pass)
	slices.Sort(single)
	if !slices.Equal(pass, single) {
		t.Errorf("got %q in one pass, %q one by one", pass, single)
	}
	return single
}

func openArchive(t *testing.T, name string) *Source {
	t.Helper()
	s, err := Open(filepath.Join("testdata", "archives", name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Archives of tar, git, zip and Python, with the files that gen_archives.py puts into them.
func TestArchives(t *testing.T) {
	four := []string{"left.a 0 one", "left.b 0 two", "right.c 1 three", "right.d 1 four"}
	for _, name := range []string{
		"make_archive.tar", "pax.tar", "gnu.tar", "ustar.tar", "v7.tar", "dot.tar", "long-gnu.tar", "long-pax.tar", "git.tar", "git.tar.gz",
		"pax.tar.gz", "pax.tar.bz2", "pax.tar.xz", "pax.tar.zst",
	} {
		if got := contents(t, openArchive(t, name)); !slices.Equal(got, four) {
			t.Errorf("%s: got %q, want %q", name, got, four)
		}
	}
	for _, name := range []string{"sparse-gnu.tar", "sparse-pax.tar"} {
		hole := "left.hole 0 " + strings.Repeat("\x00", 1<<20) + "end"
		if got, want := contents(t, openArchive(t, name)), slices.Insert(slices.Clone(four), 2, hole); !slices.Equal(got, want) {
			t.Errorf("%s: got %d pictures, want the four and the one with a hole", name, len(got))
		}
	}
}

// Links in an archive lead to the files in it; those that leave it are refused by name, also where they are no pictures'.
func TestLinksInArchives(t *testing.T) {
	want := []string{"left.a 0 one", "left.b 0 two", "right.c 1 three", "right.d 1 four", "right.hard 1 one", "right.soft 1 two"}
	refused := []string{
		"more: a link out of the archive, to /data/more",
		"right/passwd.jpg: a link out of the archive, to /etc/passwd",
		"right/up.jpg: a link out of the archive, to ../../secret.jpg",
	}
	for _, name := range []string{"links.tar", "links.tar.gz", "links.zip"} {
		s := openArchive(t, name)
		if got := contents(t, s); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		var got []string
		for _, p := range s.Problems() {
			got = append(got, p.String())
		}
		slices.Sort(got)
		if !slices.Equal(got, refused) {
			t.Errorf("%s: got problems %q, want %q", name, got, refused)
		}
		open, err := s.AtOnce(context.Background(), []string{"right.hard", "left.a", "right.soft"})
		if err != nil {
			t.Fatal(err)
		}
		if r, err := open("right.hard"); err != nil {
			t.Error(err)
		} else if content, err := io.ReadAll(r); string(content) != "one" {
			t.Errorf("%s: right.hard at once: got %q, %v", name, content, err)
		}
	}
}

// Links that lead nowhere, in a circle, or to folders, in an archive.
func TestLinksToNoFile(t *testing.T) {
	files := []file{
		{name: "left/a.jpg", content: "a"}, {name: "right/b.jpg", content: "b"}, {name: ".store/x", content: "x"},
		{name: "left/gone.jpg", link: "nothing.jpg"}, {name: "left/one.jpg", link: "two.jpg"}, {name: "left/two.jpg", link: "one.jpg"},
		{name: "left/chain.jpg", link: "first.jpg"}, {name: "left/first.jpg", link: "../.store/x"},
		{name: "same", link: "left"}, {name: "hidden", link: ".store"},
	}
	for _, kind := range []string{"zip", "tar", "tar.gz"} {
		s, err := Open(kinds[kind](t, files))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if got, want := contents(t, s), []string{"left.a 0 a", "left.chain 0 x", "left.first 0 x", "right.b 1 b"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
		var got []string
		for _, p := range s.Problems() {
			got = append(got, p.String())
		}
		want := []string{"left/gone.jpg: a link to nothing, nothing.jpg", "left/one.jpg: a link that leads to itself", "left/two.jpg: a link that leads to itself",
			"hidden: a link to a hidden folder, which is not read in an archive"}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got problems %q, want %q", kind, got, want)
		}
	}
}

// In a folder every link is followed, wherever it leads, and every folder read once, so that no circle is endless.
func TestLinksInFolder(t *testing.T) {
	elsewhere := makeFolder(t, []file{
		{name: "blob", content: "one"}, {name: "cats/2.jpg", content: "two"}, {name: "cats/up", link: ".."}, {name: "cats/deeper/3.jpg", content: "three"},
	})
	root := makeFolder(t, []file{
		{name: "cat", link: filepath.Join(elsewhere, "cats")},
		{name: "dog/1.jpg", link: filepath.Join(elsewhere, "blob")},
		{name: "dog/4.jpg", content: "four"},
		{name: "dog/twin.jpg", link: "4.jpg"},
		{name: "dog/gone.jpg", link: "/nowhere/x.jpg"},
		{name: "dog/self", link: "."},
		{name: "loop", link: "."},
		{name: "same", link: "dog"},
		{name: ".cache/5.jpg", content: "five"},
		{name: "dog/5.jpg", link: "../.cache/5.jpg"},
	})
	s, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	want := []string{"cat.2 0 two", "cat.deeper/3 0 three", "dog.1 1 one", "dog.4 1 four", "dog.5 1 five", "dog.twin 1 four"}
	if got := contents(t, s); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if p := s.Problems(); len(p) != 1 || p[0].String() != "dog/gone.jpg: a link to nothing, /nowhere/x.jpg" {
		t.Errorf("got problems %v, want the link to nothing", p)
	}
}

// Names that are not UTF-8 become UTF-8; the code pages are those that gen_archives.py wrote. Birnen comes before Äpfel, as
// Python sorts unicodedata.normalize("NFC", name).
func TestOldNames(t *testing.T) {
	for name, want := range map[string]string{
		"cp437.zip":               "Birnen Äpfel|code page 437",
		"cp437-french.zip":        "élan élève|code page 437",
		"cp437-german.zip":        "Möwen Vögel|code page 437",
		"shift-jis.zip":           "犬 猫|Shift-JIS",
		"shift-jis-backslash.zip": "ソース 表|Shift-JIS",
		"latin1.tar":              "Birnen Äpfel|Windows-1252",
	} {
		s := openArchive(t, name)
		classes, encoding, _ := strings.Cut(want, "|")
		if got := strings.Join(s.classes[:], " "); got != classes {
			t.Errorf("%s: got classes %q, want %q", name, got, classes)
		}
		if want := []string{"names that are not UTF-8 are read as " + encoding}; !slices.Equal(s.Notes(), want) {
			t.Errorf("%s: got notes %q, want %q", name, s.Notes(), want)
		}
		for i, p := range s.Pictures() {
			first := strings.Fields(classes)[p.Label]
			if !strings.HasPrefix(p.ID, first+".") || !strings.HasPrefix(p.Path, first+"/") {
				t.Errorf("%s: picture %d: got %+v, want it in %s", name, i, p, first)
			}
		}
		contents(t, s)
	}
}

// The bytes are those of Python's str.encode("cp437") and str.encode("shift_jis").
func TestJapaneseNames(t *testing.T) {
	for _, test := range []struct {
		names string
		want  bool
	}{
		{"\x8epfel", false},        // Äpfel, or 姿fel
		{"\x8eRGER", false},        // ÄRGER, or 山GER
		{"\x99l", false},           // Öl, or 冤
		{"\x82lan", false},         // élan, with a letter of full width
		{"B\x84r", false},          // Bär, with a Cyrillic letter
		{"\x81ber", false},         // über, with a sign
		{"\x94L", true},            // 猫
		{"\x8e\xca\x90^A", true},   // 写真A
		{"\x82\xcb\x82\xb1", true}, // ねこ
		{"\x83l\x83R", true},       // ネコ
		{"\x94L|\x8epfel", true},   // one of them decides, if the other can be read
		{"\x94L|\x81ber", false},   // and if it is not odd
		{"\x94L|caf\x82", false},   // café cannot be read
		{"", false},
	} {
		if got := japaneseNames(strings.Split(test.names, "|")); got != test.want {
			t.Errorf("%q: got %v, want %v", test.names, got, test.want)
		}
	}
}

// Both forms of one name in Unicode are one class, with one label on every machine.
func TestFormsOfUnicode(t *testing.T) {
	const composed, apart = "\u00c4pfel", "A\u0308pfel" // NFC as Linux and Windows write it, NFD as macOS does
	for kind, makeOne := range kinds {
		for _, form := range []string{composed, apart} {
			s, err := Open(makeOne(t, []file{{name: form + "/1.jpg", content: "1"}, {name: "Birnen/2.jpg", content: "2"}}))
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			if got, want := contents(t, s), []string{"Birnen.2 0 2", composed + ".1 1 1"}; !slices.Equal(got, want) {
				t.Errorf("%s: got %q, want %q", kind, got, want)
			}
		}
		s, err := Open(makeOne(t, []file{{name: composed + "/1.jpg"}, {name: apart + "/2.jpg"}, {name: "Birnen/3.jpg"}}))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if len(s.Pictures()) != 3 || s.Classes() != [2]string{"Birnen", composed} {
			t.Errorf("%s, both forms: got %v of %q, want three pictures of two classes", kind, s.Pictures(), s.Classes())
		}
	}
}

// What systems and programs keep beside pictures is no class and no data.
func TestHiddenFolders(t *testing.T) {
	files := tree(2, "left/%d.jpg", "right/%d.jpg",
		".ipynb_checkpoints/%d.jpg", "left/.ipynb_checkpoints/%d-checkpoint.jpg", ".Trash-1000/files/%d.jpg", "left/@eaDir/%d.jpg", "@eaDir/left/%d.jpg",
		"__MACOSX/left/._%d.jpg", "$RECYCLE.BIN/S-1-5/%d.jpg", ".git/%d.jpg", "#recycle/%d.jpg", "System Volume Information/%d.jpg", "lost+found/%d.jpg",
		"left/._%d.jpg", ".thumbnails/%d.png")
	for kind, makeOne := range kinds {
		s, err := Open(makeOne(t, files))
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		defer s.Close()
		if len(s.Pictures()) != 4 || s.Ignored() != 0 || len(s.Notes()) != 0 || len(s.Problems()) != 0 {
			t.Errorf("%s: got %v, %d ignored, notes %q, problems %v; want four pictures alone", kind, s.Pictures(), s.Ignored(), s.Notes(), s.Problems())
		}
	}
}

// An archive that is not read is named.
func TestUnreadArchives(t *testing.T) {
	for start, want := range map[string]string{
		"7z\xbc\xaf\x27\x1c\x00\x04": "a 7z archive",  // 7zFormat.txt
		"Rar!\x1a\x07\x01\x00":       "a RAR archive", // RAR 5.0
	} {
		path := save(t, []byte(start+strings.Repeat("x", 1000)))
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: got error %v, want %q and the path in it", start, err, want)
		}
	}
}
