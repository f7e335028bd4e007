package folder

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is accepted has numbers of at least 0, and is accepted again when it was written.
func FuzzTiming(f *testing.F) {
	const columns = "network,size,batch,call,prepare_seconds,answer_seconds\n"
	f.Add([]byte(columns + "resnet18,64,1,0,0.001,0.9\nresnet18,64,1,1,0.001,0.02\n"))
	f.Add([]byte(columns + "resnet18,64,1,-1,0.001,NaN\n"))
	f.Add([]byte(columns + "\"a,b\",+1,01,0,+Inf,0x1p-4\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		calls, err := readTiming(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, c := range calls {
			if c.Size < 0 || c.Batch < 0 || c.Number < 0 || !(c.Prepare >= 0) || !(c.Answer >= 0) {
				t.Errorf("accepted %+v", c)
			}
		}
		path := filepath.Join(t.TempDir(), TimingFile)
		if err := WriteTiming(path, calls); err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := readTiming(bytes.NewReader(written)); err != nil || len(again) != len(calls) {
			t.Errorf("got %v, %v, want %v", again, err, calls)
		}
	})
}
