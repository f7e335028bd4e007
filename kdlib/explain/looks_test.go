package explain_test

import (
	"strings"
	"testing"

	"distillation/kdlib/explain"
	"distillation/kdlib/table"
)

func one(values ...float32) explain.Map {
	return explain.Map{Rows: 1, Columns: len(values), Values: values}
}

// looks are maps of three places on four pictures. The soft student ranks the places as the teacher does, the hard one the other way
// round, the classical ones as the teacher on every second picture.
func looks() *explain.Looks {
	up, down := one(1, 2, 3), one(3, 2, 1)
	every := func(a, b explain.Map) []explain.Map { return []explain.Map{a, b, a, b} }
	p := []float64{0.1, 0.2, 0.9, 0.8}
	l := &explain.Looks{Classes: [2]string{"cat", "dog"}, IDs: []string{"cat.0", "cat.1", "dog.0", "dog.1"}, Labels: []int{0, 0, 1, 1}, How: "by hand"}
	for name, maps := range map[string][]explain.Map{"teacher": every(up, down), "classical": every(up, up), "classical-seed2": every(down, down),
		"hard": every(down, up), "soft": every(up, down), "soft-seed2": every(one(2, 9, 4), one(4, 9, 2))} {
		l.Networks = append(l.Networks, explain.Look{Name: name, P: p, Maps: maps})
	}
	return l
}

// cells are those of a row, by its first cell.
func cells(t *testing.T, in table.Table, name string) string {
	t.Helper()
	for _, row := range in.Rows {
		if row[0] == name {
			return strings.Join(row[1:], " ")
		}
	}
	t.Fatalf("%s: no row %q in %v", in.Title, name, in.Rows)
	return ""
}

func TestAgreementTable(t *testing.T) {
	got, err := looks().AgreementTable("teacher")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{ // on the other picture of the class the teacher ranks the places the other way round
		"soft":      "4 +1.0000 +1.0000 +1.0000 -1.0000 -1.0000 -1.0000",
		"hard":      "4 -1.0000 -1.0000 -1.0000 +1.0000 +1.0000 +1.0000",
		"classical": "4 0.0000 -1.0000 +1.0000 0.0000 -1.0000 +1.0000",
	} {
		if cells := cells(t, got, name); cells != want {
			t.Errorf("%s: got %s, want %s", name, cells, want)
		}
	}
	if _, err := looks().AgreementTable("nobody"); err == nil || !strings.Contains(err.Error(), `got "nobody"`) {
		t.Errorf("got error %v", err)
	}
}

func TestDifferenceTable(t *testing.T) {
	got, err := looks().DifferenceTable("teacher", [2]string{"soft", "classical"})
	if err != nil {
		t.Fatal(err)
	}
	// The two classical students of a picture have agreements of 1 and -1: their mean is 0 on every picture, and by seed it is 0, too.
	// The soft ones have 1 and 0.5: mean 0.75, standard deviation sqrt(1/8), and t = 12.706 of one degree of freedom: 3.1766 to either side.
	if cells, want := cells(t, got, "soft - classical"), "4 +0.7500 +0.7500 +0.7500 2 -2.4266 +3.9266"; cells != want {
		t.Errorf("got %s, want %s", cells, want)
	}
	if _, err := looks().DifferenceTable("teacher", [2]string{"soft", "hard"}); err == nil || !strings.Contains(err.Error(), "want as many of each") {
		t.Errorf("got error %v", err)
	}
}

func TestPartsTable(t *testing.T) {
	l := looks()
	l.Networks = []explain.Look{{Name: "teacher", P: []float64{0.1, 0.9, 0.9, 0.9}, Maps: []explain.Map{one(-3, 1), one(1, 3), one(-1, 0), one(4, 0)}}}
	for i, m := range l.Networks[0].Maps { // square ones: two rows of the same
		l.Networks[0].Maps[i] = explain.Map{Rows: 2, Columns: 2, Values: append(m.Values, m.Values...)}
	}
	left := []bool{true, false, true, false}
	got, err := l.PartsTable([][]bool{left, left, left, left}, 2)
	if err != nil {
		t.Fatal(err)
	}
	// All of the first (for cat), a quarter of the second (for dog), none for dog in the third, which is left out, all of the fourth.
	if cells := cells(t, got, "teacher"); !strings.HasPrefix(cells, "3 0.7500 ") || !strings.HasSuffix(cells, " 0.5000 0.7500") {
		t.Errorf("got %s, want 3 pictures, their mean 0.75, half of the area, 3 of 4 right", cells)
	}
	if _, err := l.PartsTable([][]bool{left}, 2); err == nil || !strings.Contains(err.Error(), "got 1 masks, want 4") {
		t.Errorf("got error %v", err)
	}
}

func TestSome(t *testing.T) {
	l := looks()
	l.Size, l.Shown = 1, [][]uint8{{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {3, 3, 3}}
	few := l.Some(1)
	if strings.Join(few.IDs, " ") != "cat.0 dog.0" || len(few.Networks) != len(l.Networks) || len(few.Networks[0].Maps) != 2 || few.Shown[1][0] != 2 {
		t.Errorf("got %+v", few)
	}
	if p := few.Pictures(); p[1].Captions[0] != "dog.0" || p[1].Captions[1] != "dog p = 0.900" {
		t.Errorf("got captions %q", p[1].Captions)
	}
}
