package folder

import (
	"bytes"
	"path/filepath"
	"testing"

	"distillation/kdlib/internal/csvfile"
)

// What is accepted has numbers of at least 0, and is accepted again when it was written.
func FuzzTiming(f *testing.F) {
	const columns = "network,size,batch,call,prepare_seconds,answer_seconds,megapixels\n"
	f.Add([]byte(columns + "resnet18,64,1,0,0.001,0.9,0.1\nresnet18,64,1,1,0.001,0.02,0.1\n"))
	f.Add([]byte(columns + "resnet18,64,1,-1,0.001,NaN,0\n"))
	f.Add([]byte(columns + "\"a,b\",+1,01,0,+Inf,0x1p-4,0\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var all calls
		if err := csvfile.Parse(bytes.NewReader(data), timingHeader, all.add); err != nil {
			return
		}
		for _, c := range all {
			if c.Size < 0 || c.Batch < 0 || c.Number < 0 || !(c.Prepare >= 0) || !(c.Inference >= 0) || !(c.Megapixels >= 0) {
				t.Errorf("accepted %+v", c)
			}
		}
		path := filepath.Join(t.TempDir(), TimingFile)
		if err := WriteTiming(path, all); err != nil {
			t.Fatal(err)
		}
		run := Study{Dir: filepath.Dir(path)}
		if again, err := run.Timing(); err != nil || len(again) != len(all) {
			t.Errorf("got %v, %v, want %v", again, err, all)
		}
	})
}
