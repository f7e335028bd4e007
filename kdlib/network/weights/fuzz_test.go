package weights

import (
	"os"
	"path/filepath"
	"testing"
)

// Any bytes give an error or tensors that hold as many bytes as the file gave them.
func FuzzRead(f *testing.F) {
	raw, err := os.ReadFile(filepath.Join("testdata", "other.safetensors"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:len(raw)/2])
	for _, header := range []string{
		`{}`,
		`{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}`,
		`{"a":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}`,
		`{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"__metadata__":{"x":"y"}}`,
	} {
		f.Add(append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header+"\x00\x00\x00\x00"...))
		f.Add(append([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}, header...))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := parse(raw, "fuzz")
		if err != nil {
			return
		}
		size := 0
		for _, tensor := range file.Tensors {
			size += int(tensor.ByteSize())
			tensor.MustFinalizeAll()
		}
		if size > len(raw) {
			t.Errorf("tensors of %d bytes from a file of %d", size, len(raw))
		}
	})
}
