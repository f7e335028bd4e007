package history_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"distillation/kdlib/train/history"
)

func TestBest(t *testing.T) {
	epoch := func(number int, accuracy, loss float64) history.Epoch {
		return history.Epoch{Number: number, ValidationAccuracy: accuracy, ValidationLoss: loss}
	}
	at := func(size int, e history.Epoch) history.Epoch {
		e.Size = size
		return e
	}
	tests := []struct {
		name string
		h    history.History
		want int
	}{
		{"highest accuracy", history.History{epoch(1, 0.5, 0.1), epoch(2, 0.9, 0.5), epoch(3, 0.8, 0.1)}, 2},
		{"tie: lower loss", history.History{epoch(1, 0.9, 0.5), epoch(2, 0.9, 0.4)}, 2},
		{"of the last size", history.History{at(64, epoch(1, 0.9, 0.1)), at(96, epoch(2, 0.7, 0.5)), at(96, epoch(3, 0.8, 0.5)), at(96, epoch(4, 0.6, 0.5))}, 3},
		{"tie in both: earlier", history.History{epoch(1, 0.9, 0.5), epoch(2, 0.9, 0.5)}, 1},
	}
	for _, test := range tests {
		if best, ok := test.h.Best(); !ok || best.Number != test.want {
			t.Errorf("%s: got epoch %d, %v, want %d", test.name, best.Number, ok, test.want)
		}
	}
	if _, ok := (history.History)(nil).Best(); ok {
		t.Error("empty history: got a best epoch")
	}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.csv")
	want := history.History{{1, 0.7, 0.5, 0.69314718055994530942, 0.25, 12.5, 0}, {2, 0.1, 1, 1e-9, 1, 0, 0}}
	const columns = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds"
	for _, header := range []string{columns, columns + ",size"} {
		if err := want.Write(path); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); err != nil || !strings.HasPrefix(string(text), header+"\n") {
			t.Errorf("got %q, %v, want the columns %s", text, err, header)
		}
		if got, err := history.Read(path); err != nil || !slices.Equal(got, want) {
			t.Errorf("got %v, %v, want %v", got, err, want)
		}
		want[0].Size, want[1].Size = 64, 96
	}
}

func TestMalformed(t *testing.T) {
	const header = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds\n"
	tests := map[string]struct{ text, want string }{
		"empty":       {"", "an empty file"},
		"header":      {"a,b,c,d,e,f\n", "line 1"},
		"not numbers": {header + "1,x,0,0,0,0\n", `line 2: train_loss: got "x"`},
		"NaN":         {header + "1,0,0,NaN,0,0\n", `line 2: validation_loss: got NaN`},
		"gap":         {header + "1,0,0,0,0,0\n3,0,0,0,0,0\n", "line 3: got epoch 3, want 2"},
		"no size":     {header[:len(header)-1] + ",size\n1,0,0,0,0,0,0\n", `line 2: size: got "0"`},
		"short row":   {header + "1,0,0\n", "line 2"},
	}
	for name, test := range tests {
		path := filepath.Join(t.TempDir(), "history.csv")
		if err := os.WriteFile(path, []byte(test.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := history.Read(path); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got error %v, want one with the path and %q", name, err, test.want)
		}
	}
}
