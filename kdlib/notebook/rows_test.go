package notebook

import (
	"reflect"
	"strings"
	"testing"
)

type layer struct {
	Name   string
	Output []int
	Params int
}

func TestRowsTable(t *testing.T) {
	got, err := rowsTable("Layers", []layer{{"conv", []int{7, 7, 512}, 30}, {"dense", []int{1}, 12}}, []string{"Params"})
	if err != nil {
		t.Fatal(err)
	}
	if want := [][]string{{"conv", "7 × 7 × 512", "30"}, {"dense", "1", "12"}}; !reflect.DeepEqual(got.Rows, want) {
		t.Errorf("rows %q, want %q", got.Rows, want)
	}
	if got.Title != "Layers; Params in total: 42" || !got.Columns[2].Number || got.Columns[1].Number {
		t.Errorf("title %q, columns %v", got.Title, got.Columns)
	}
}

func TestRowsErrors(t *testing.T) {
	for _, test := range []struct {
		rows any
		sums []string
		want string
	}{
		{3, nil, "got int, want a slice of structs"},
		{[]int{1}, nil, "got []int, want a slice of structs"},
		{[]layer{}, []string{"Name"}, `sum of "Name"`},
		{[]layer{}, []string{"Size"}, `sum of "Size"`},
	} {
		if _, err := rowsTable("", test.rows, test.sums); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v, %v: error %v, want %q", test.rows, test.sums, err, test.want)
		}
	}
}
