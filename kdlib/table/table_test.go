package table

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

func sample() Table {
	t := Table{Title: "Accuracy <test>", Columns: []Column{Text("model"), Number("ours"), Number("printed"), Number("difference")}}
	t.Add(append([]string{"teacher"}, Versus(0.9612, "0.97333")...)...)
	t.Add(append([]string{"soft & hard"}, Versus(0.97, "")...)...)
	t.Notes = []string{"th < 0.5"}
	return t
}

func ExampleTable_WriteText() {
	t := Table{Title: "Test accuracy (section 3.2)", Columns: []Column{Text("model"), Number("ours"), Number("printed"), Number("difference")}}
	t.Add(append([]string{"classical"}, Versus(0.9512, "0.96160")...)...)
	t.Add(append([]string{"soft"}, Versus(0.9648, "0.96320")...)...)
	t.Notes = append(t.Notes, "Ours are trained on fewer pictures.")
	if err := t.WriteText(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// Test accuracy (section 3.2)
	//
	// model         ours  printed  difference
	// ---------  -------  -------  ----------
	// classical  0.95120  0.96160    -0.01040
	// soft       0.96480  0.96320    +0.00160
	//
	// Note: Ours are trained on fewer pictures.
}

// In a cell, or anywhere else, a table can be printed like a number.
func ExampleTable_String() {
	t := Table{Columns: []Column{Text("model"), Number("accuracy")}}
	t.Add("soft", "0.96320")
	fmt.Println(t)
	// Output:
	// model  accuracy
	// -----  --------
	// soft    0.96320
}

func ExampleTable_WriteCSV() {
	if err := sample().WriteCSV(os.Stdout); err != nil {
		panic(err)
	}
	// Output:
	// model,ours,printed,difference
	// teacher,0.96120,0.97333,-0.01213
	// soft & hard,0.97000,,
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		value         float64
		fixed, signed string
	}{
		{0, "0.000", "0.000"},
		{math.Copysign(0, -1), "0.000", "0.000"},
		{-0.0004, "0.000", "0.000"},
		{0.0004, "0.000", "0.000"},
		{0.0006, "0.001", "+0.001"},
		{-1.5, "-1.500", "-1.500"},
		{12.25, "12.250", "+12.250"},
		{math.NaN(), "NaN", "NaN"},
		{math.Inf(1), "+Inf", "+Inf"},
	} {
		if got := Fixed(c.value, 3); got != c.fixed {
			t.Errorf("Fixed(%v) = %q, want %q", c.value, got, c.fixed)
		}
		if got := Signed(c.value, 3); got != c.signed {
			t.Errorf("Signed(%v) = %q, want %q", c.value, got, c.signed)
		}
	}
}

func TestVersus(t *testing.T) {
	if got, want := Versus(0.00513, "0.005"), []string{"0.00513", "0.005", "+0.00013"}; !slices.Equal(got, want) {
		t.Errorf("Versus = %q, want %q", got, want)
	}
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, `"about 1"`) {
			t.Errorf("panic %v does not quote the text", got)
		}
	}()
	Versus(1, "about 1")
}

func TestHTML(t *testing.T) {
	s := sample()
	s.Add("+0.00100 (-0.00800 to -0.5), kd --lr 1e-05 -j 4-6, soft-3", "1", "2", "-1")
	got := s.HTML()
	for _, want := range []string{
		"Accuracy &lt;test&gt;", "soft &amp; hard", "th &lt; 0.5", // escaped
		`text-align:right;white-space:nowrap">−0.01213</td>`, // numbers flush right, with a true minus
		`text-align:left">teacher</td>`,
		">–</td>", // unknown
		`text-align:left">+0.00100 (−0.00800 to −0.5), kd --lr 1e-05 -j 4-6, soft-3</td>`, // also within text, and no other hyphen
		"<caption", `<th scope="col"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "%!") || strings.Contains(got, "<test>") {
		t.Errorf("malformed:\n%s", got)
	}
}

func TestAddPanicsOnWrongNumberOfCells(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "row 2: got 1 cells, want 4") {
			t.Errorf("panic %v", got)
		}
	}()
	s := sample()
	s.Add("one")
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWritersReportErrors(t *testing.T) {
	if err := sample().WriteCSV(broken{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("WriteCSV: error %v", err)
	}
	if err := sample().WriteText(broken{}); err == nil {
		t.Error("WriteText: no error")
	}
}
