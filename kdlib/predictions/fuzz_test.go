package predictions_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"distillation/kdlib/predictions"
)

// What is accepted must survive writing and reading.
func FuzzParse(f *testing.F) {
	f.Add([]byte("id,set,label,p\ncat.0,train,0,0.1\ndog.0,test,1,1e-300\n"))
	f.Add([]byte("\ufeffp,label,x,set,id\r\n0.5,1,,validation,\"a\nb\"\r\n"))
	f.Add([]byte("id,set,label,p\ncat.0,train,0,NaN\n"))
	f.Add([]byte("id,set,label,p\ncat.0,train,-0,0x1p-3\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := predictions.Parse(bytes.NewReader(data), "fuzz")
		if err != nil {
			return
		}
		path := filepath.Join(t.TempDir(), "p.csv")
		if err := predictions.Write(path, table); err != nil {
			t.Fatal(err)
		}
		if again, err := predictions.Read(path); err != nil || !slices.Equal(table, again) {
			t.Errorf("got %v, %v, want %v", again, err, table)
		}
	})
}
