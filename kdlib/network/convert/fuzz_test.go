package convert_test

import (
	"os"
	"path/filepath"
	"testing"

	"distillation/kdlib/network/architecture"
	"distillation/kdlib/network/convert"
	"distillation/kdlib/network/resnet"
)

// No small file is a network: any bytes give an error, whatever format they pretend to have.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"../internal/hdf5/testdata/*.h5", "../weights/testdata/*.safetensors"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range files {
			raw, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(raw)
		}
	}
	header := `{"fc.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"bn1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}`
	f.Add([]byte(string([]byte{byte(len(header)), 0, 0, 0, 0, 0, 0, 0}) + header + "abcdefghijkl"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			return
		}
		path := filepath.Join(t.TempDir(), "w")
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, network := range []architecture.Network{resnet.ResNet18, resnet.ResNet50} {
			if _, err := convert.Read(path, network); err == nil {
				t.Errorf("%d bytes fill %s", len(raw), network)
			}
		}
	})
}
