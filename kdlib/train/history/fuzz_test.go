package history

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/internal/csvfile"
)

const columns = "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,seconds\n"

// What is accepted must survive writing and reading.
func FuzzRead(f *testing.F) {
	f.Add([]byte(columns + "1,0.7,0.5,0.69,0.5,12\n2,1e-9,1,0,1,0\n"))
	f.Add([]byte(columns[:len(columns)-1] + ",size\n1,0.7,0.5,0.69,0.5,12,64\n"))
	f.Add([]byte(columns + "1,NaN,0,0,0,0\n"))
	f.Add([]byte(columns + "1,+Inf,0,0x1p-2,0,0\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var h History
		if csvfile.Parse(bytes.NewReader(data), header, h.add) != nil {
			h = nil
			if csvfile.Parse(bytes.NewReader(data), withSize, h.add) != nil {
				return
			}
		}
		path := filepath.Join(t.TempDir(), "history.csv")
		if err := h.Write(path); err != nil {
			t.Fatal(err)
		}
		if again, err := Read(path); err != nil || !slices.Equal(h, again) {
			t.Errorf("got %v, %v, want %v", again, err, h)
		}
	})
}

// The same for the history inside a checkpoint.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`[{"Number":1,"TrainLoss":0.7,"TrainAccuracy":0.5,"ValidationLoss":0.69,"ValidationAccuracy":0.5,"Seconds":12}]`))
	f.Add([]byte(`[{"Number":2}]`))
	f.Add([]byte(`[{"Number":1,"TrainLoss":-1}]`))
	f.Add([]byte(`[{"Number":1,"Size":64},{"Number":2}]`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := Parse(data)
		if err != nil {
			return
		}
		text, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(text); err != nil || !slices.Equal(h, again) {
			t.Errorf("got %v, %v, want %v", again, err, h)
		}
	})
}
