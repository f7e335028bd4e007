package predictions

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func ExampleParse() {
	table, err := Parse(strings.NewReader("id,set,label,p\ncat.0,test,0,0.03\ndog.7,test,1,0.98\n"), "example")
	fmt.Println(table.IDs(), table.Labels(), table.P(), err)
	// Output:
	// [cat.0 dog.7] [0 1] [0.03 0.98] <nil>
}

func ExampleWrite() {
	folder, err := os.MkdirTemp("", "pred")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "predictions.csv")
	if err := Write(path, Table{{ID: "cat.0", Split: Test, Label: 0, P: 0.1}}); err != nil {
		fmt.Println(err)
	}
	text, _ := os.ReadFile(path)
	fmt.Print(string(text))
	// Output:
	// id,set,label,p
	// cat.0,test,0,0.1
}

// Numbers that are hard to print: float32 predictions, neighbours of 0, 1/2 and 1.
func TestWriteThenReadIsTheSame(t *testing.T) {
	want := Table{
		{ID: "cat.0", Split: Train, Label: 0, P: 0},
		{ID: "cat.1", Split: Validation, Label: 0, P: 5e-324},
		{ID: "dog,\"1\"", Split: Test, Label: 1, P: float64(float32(0.1))},
		{ID: "dog.2", Split: Train, Label: 0.25, P: 0.1 + 0.2},
		{ID: "dog.3", Split: Train, Label: 1, P: math.Nextafter(0.5, 1)},
		{ID: "dog.4", Split: Test, Label: 1, P: math.Nextafter(1, 0)},
		{ID: "dog.5", Split: Test, Label: 1, P: 1},
	}
	path := filepath.Join(t.TempDir(), "p.csv")
	for range 2 { // the second time over the first file
		if err := Write(path, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Read(path)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("Read = %v, %v\nwant %v", got, err, want)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func TestParseAcceptsOtherLayouts(t *testing.T) {
	want := Table{{ID: "cat.0", Split: Test, Label: 0, P: 0.25}}
	for name, text := range map[string]string{
		"order":           "p,label,set,id\n0.25,0,test,cat.0\n",
		"extra columns":   "model,id,set,label,p,note\nsoft,cat.0,test,0,0.25,\n",
		"line ends":       "id,set,label,p\r\ncat.0,test,0,0.25\r\n",
		"no last newline": "id,set,label,p\ncat.0,test,0,0.25",
		"byte order mark": "\uFEFFid,set,label,p\ncat.0,test,0,0.25\n",
		"exponent":        "id,set,label,p\ncat.0,test,0e0,2.5e-1\n",
	} {
		if got, err := Parse(strings.NewReader(text), name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, want)
		}
	}
}

// Predictions of other programs have no set and no label, or labels of their own.
func TestReadProbabilities(t *testing.T) {
	for text, want := range map[string]Table{
		"id,p\ncat.0,0.25\ndog.1,1\n":               {{ID: "cat.0", P: 0.25}, {ID: "dog.1", P: 1}},
		"p,model,id,label\n0.25,resnet,cat.0,cat\n": {{ID: "cat.0", P: 0.25}},
		"id,set,label,p\ncat.0,test,0,0.25\n":       {{ID: "cat.0", P: 0.25}},
	} {
		path := filepath.Join(t.TempDir(), "answers.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadProbabilities(path); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	path := filepath.Join(t.TempDir(), "answers.csv")
	if err := os.WriteFile(path, []byte("id,probability\ncat.0,0.25\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadProbabilities(path); err == nil || !strings.Contains(err.Error(), `column "p" is missing`) || !strings.Contains(err.Error(), path) {
		t.Errorf("without p: got error %v", err)
	}
}

// A reader asks for the columns that it uses. One that is there and welcome is read, and must be right.
func TestReadColumns(t *testing.T) {
	c := Columns{Needed: []string{ColumnP}, Welcome: []string{ColumnID, ColumnSplit}}
	for text, want := range map[string]Table{
		"p\n0.25\n0.25\n":                     {{P: 0.25}, {P: 0.25}},
		"label,p\ncat,0.25\n":                 {{P: 0.25}},
		"set;id;p\ntest;cat.0;0.25\n":         {{ID: "cat.0", Split: Test, P: 0.25}},
		"id,set,label,p\ncat.0,test,0,0.25\n": {{ID: "cat.0", Split: Test, P: 0.25}},
	} {
		path := filepath.Join(t.TempDir(), "p.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadColumns(path, c); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"id,set\ncat.0,test\n":         `column "p" is missing`,
		"id,p\ncat.0,0.2\ncat.0,0.3\n": `line 3: id: got "cat.0" again`,
		"set,p\nexam,0.2\n":            `line 2: set: got "exam"`,
	} {
		path := filepath.Join(t.TempDir(), "p.csv")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadColumns(path, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v, want an error with %q", text, got, err, want)
		}
	}
}

func TestParseErrorsNameFileLineAndValue(t *testing.T) {
	const header = "id,set,label,p\ncat.0,test,0,0.25\n" // one good row on line 2
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{"empty file"}},
		{"only header", "id,set,label,p\n", []string{"without rows"}},
		{"missing column", "id,set,p\ncat.0,test,0.5\n", []string{"line 1", `column "label" is missing`, `"set" "p"`}},
		{"repeated column", "id,set,label,p,p\na,test,0,0,1\n", []string{"line 1", `column "p" stands twice`}},
		{"NaN", header + "dog.1,test,1,NaN\n", []string{"line 3", `p: got "NaN"`}},
		{"above 1", header + "dog.1,test,1,1.01\n", []string{"line 3", `p: got "1.01"`, "[0, 1]"}},
		{"below 0", header + "dog.1,test,1,-1e-9\n", []string{"line 3", `p: got "-1e-9"`}},
		{"infinite", header + "dog.1,test,1,+Inf\n", []string{"line 3", `p: got "+Inf"`}},
		{"no number", header + "dog.1,test,1,high\n", []string{"line 3", `p: got "high"`}},
		{"decimal comma", "id;set;label;p\ncat.0;test;0;0,25\n", []string{"line 2", `p: got "0,25"`, "a point before its decimals"}},
		{"no value", header + "dog.1,test,1,\n", []string{"line 3", `p: got ""`}},
		{"label", header + "dog.1,test,2,0.5\n", []string{"line 3", `label: got "2"`}},
		{"set", header + "dog.1,Test,1,0.5\n", []string{"line 3", `set: got "Test"`, `"validation"`}},
		{"line break in id", header + "\"a\r\n\",test,1,0.5\n", []string{"line 3", "id: got"}},
		{"no id", header + ",test,1,0.5\n", []string{"line 3", "id: got"}},
		{"duplicate", header + "dog.1,test,1,0.5\ncat.0,test,0,0.5\n", []string{"line 4", `got "cat.0" again`, "line 2"}},
		{"another logit", "id,set,label,p,logit\ndog.1,test,1,0.9,-2.197\n", []string{"line 2", `logit: got "-2.197"`, "0.9"}},
		{"infinite logit", "id,set,label,p,logit\ndog.1,test,1,1,Inf\n", []string{"line 2", `logit: got "Inf"`}},
		{"no logit", "id,set,label,p,logit\ndog.1,test,1,0.5,0\ndog.2,test,1,0.5,\n", []string{"line 3", "logit: want a number in every row or in none"}},
		{"repeated logit", "id,set,label,p,logit,logit\ndog.1,test,1,0.5,0,0\n", []string{"line 1", `column "logit" stands twice`}},
		{"short row", header + "dog.1,test,1\n", []string{"line 3: got 3 fields, want 4"}},
		{"quote", header + "\"dog.1,test,1,0.5\n", []string{"line", "quote"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Parse(strings.NewReader(c.text), "some/file.csv")
			if err == nil {
				t.Fatalf("no error, got %v", table)
			}
			for _, want := range append(c.want, "some/file.csv") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q, want %q in it", err, want)
				}
			}
		})
	}
}

func TestReadOfNoFile(t *testing.T) {
	if _, err := Read("testdata/nowhere.csv"); err == nil || !strings.Contains(err.Error(), "testdata/nowhere.csv") {
		t.Errorf("error %v does not name the file", err)
	}
}

func TestWriteRefusesWhatReadRefuses(t *testing.T) {
	good := Row{ID: "cat.0", Split: Test, Label: 0, P: 0.5}
	for _, c := range []struct {
		name, want string
		table      Table
	}{
		{"empty", "no rows", nil},
		{"NaN", "p NaN", Table{{ID: "a", Split: Test, Label: 0, P: math.NaN()}}},
		{"label", "label 1.5", Table{{ID: "a", Split: Test, Label: 1.5, P: 0}}},
		{"set", `set: got "all"`, Table{{ID: "a", Split: "all", Label: 0, P: 0}}},
		{"id", "id: got", Table{{ID: "", Split: Test, Label: 0, P: 0}}},
		{"line break", `id: got "a\r\n"`, Table{{ID: "a\r\n", Split: Test, Label: 0, P: 0}}},
		{"duplicate", `"cat.0" again`, Table{good, good}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "p.csv")
			err := Write(path, c.table)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want %q and the path in it", err, c.want)
			}
			if _, err := os.Stat(path); !os.IsNotExist(err) {
				t.Errorf("a file was written: %v", err)
			}
		})
	}
}

// The column logit is written if every row has one, and read back to the last bit; files without it are as good.
func TestLogits(t *testing.T) {
	want := Table{
		{ID: "cat.0", Split: Test, P: 1, Logit: 100, HasLogit: true},
		{ID: "dog.1", Split: Test, Label: 1, P: 0.5, HasLogit: true},
		{ID: "dog.2", Split: Test, Label: 1, P: 0.1, Logit: float64(float32(-2.1972246)), HasLogit: true}, // ln(0.1/0.9)
	}
	path := filepath.Join(t.TempDir(), "p.csv")
	if err := Write(path, want); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "id,set,label,p,logit\ncat.0,test,0,1,100\ndog.1,test,1,0.5,0\ndog.2,test,1,0.1,-2.19722") {
		t.Errorf("got %q, %v", text, err)
	}
	if got, err := Read(path); err != nil || !slices.Equal(got, want) || !slices.Equal(got.Logits(), []float64{100, 0, want[2].Logit}) {
		t.Errorf("Read = %v, %v, want %v", got, err, want)
	}
	if got, err := ReadProbabilities(path); err != nil || !slices.Equal(got.Logits(), want.Logits()) {
		t.Errorf("ReadProbabilities = %v, %v, want the logits of %v", got, err, want)
	}
	without, err := Parse(strings.NewReader("logit,id,set,label,p\n,cat.0,test,0,0.25\n"), "empty")
	if err != nil || without.Logits() != nil {
		t.Errorf("an empty column: got %v, %v", without, err)
	}
	want[1].HasLogit = false
	if err := Write(path, want); err == nil || !strings.Contains(err.Error(), "row 1: got logit 0 (known: false)") {
		t.Errorf("a logit for some rows: got error %v", err)
	}
	want[1].HasLogit, want[1].P = true, 0.6
	if err := Write(path, want); err == nil || !strings.Contains(err.Error(), "row 1: got logit 0 (known: true) and p 0.6") {
		t.Errorf("another logit than that of p: got error %v", err)
	}
}

func TestParseSplit(t *testing.T) {
	for _, want := range []Split{Train, Validation, Test} {
		if got, err := ParseSplit(string(want)); err != nil || got != want {
			t.Errorf("ParseSplit(%q) = %v, %v", want, got, err)
		}
	}
	if _, err := ParseSplit("val"); err == nil || !strings.Contains(err.Error(), `"val"`) {
		t.Errorf("ParseSplit(val): error %v", err)
	}
}

// The mean with the mirror image stands beside p, which stays what it was for every reader.
func TestMirrored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.csv")
	plain := Table{{ID: "cat.0", Split: Test, Label: 0, P: 0.25}, {ID: "dog.1", Split: Test, Label: 1, P: 0.75}}
	if err := WriteMirrored(path, plain, []float64{0.125, 1}); err != nil {
		t.Fatal(err)
	}
	const want = "id,set,label,p,p_mirrored\ncat.0,test,0,0.25,0.125\ndog.1,test,1,0.75,1\n"
	if text, err := os.ReadFile(path); err != nil || string(text) != want {
		t.Errorf("got %q, %v, want %q", text, err, want)
	}
	if got, err := Read(path); err != nil || !slices.Equal(got, plain) {
		t.Errorf("Read: got %v, %v, want %v", got, err, plain)
	}
	mirrored := Table{{ID: "cat.0", Split: Test, Label: 0, P: 0.125}, {ID: "dog.1", Split: Test, Label: 1, P: 1}}
	if got, err := ReadMirrored(path); err != nil || !slices.Equal(got, mirrored) {
		t.Errorf("ReadMirrored: got %v, %v, want %v", got, err, mirrored)
	}
	for fault, bad := range map[string][]float64{"1 numbers for 2 rows": {0}, "row 1: got p_mirrored 1.5": {0, 1.5}, "row 0: got p_mirrored NaN": {math.NaN(), 0}} {
		if err := WriteMirrored(path, plain, bad); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%v: got error %v, want %q", bad, err, fault)
		}
	}
	if err := Write(path, plain); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadMirrored(path); err == nil || !strings.Contains(err.Error(), `column "p_mirrored" is missing`) {
		t.Errorf("a file without the column: got error %v", err)
	}
}
