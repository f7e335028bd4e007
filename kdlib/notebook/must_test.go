package notebook

import (
	"errors"
	"strings"
	"testing"

	"distillation/kdlib/table"

	"gonum.org/v1/plot"
)

func TestMust(t *testing.T) {
	if got := Must(3, nil); got != 3 {
		t.Errorf("Must returned %d, want 3", got)
	}
	Check(nil)
	want := errors.New("no such file")
	defer func() {
		if got, _ := recover().(error); !errors.Is(got, want) {
			t.Errorf("outside of a notebook Must panicked with %v, want %v", got, want)
		}
	}()
	Must(3, want)
}

func TestErrorIsWellFormed(t *testing.T) {
	got := errorHTML(errors.Join(errors.New("p = <1.5>"), errors.New("and more")))
	wellFormed(t, got)
	if !strings.Contains(got, "p = &lt;1.5&gt;\nand more") {
		t.Errorf("HTML %q", got)
	}
}

// Table and Show take both results of a call, and a table alone.
func TestShowTakesBothResults(t *testing.T) {
	made := func(err error) (table.Table, error) { return table.Table{Title: "loss"}, err }
	drawn := func(err error) (*plot.Plot, error) { return figure(t), err }
	Table(table.Table{})
	Table(made(nil))
	Show(drawn(nil))
	want := errors.New("no such study")
	for name, call := range map[string]func(){
		"Table": func() { Table(made(want)) },
		"Show":  func() { Show(drawn(want)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got, _ := recover().(error); !errors.Is(got, want) {
					t.Errorf("panicked with %v, want %v", got, want)
				}
			}()
			call()
		})
	}
}
