package recipe

import (
	"encoding/json"
	"reflect"
	"testing"
)

// What is accepted and valid must survive writing and reading.
func FuzzDecode(f *testing.F) {
	for _, preset := range Presets() {
		text, err := json.Marshal(preset)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"name": "a", "batch": 3}`))
	f.Add([]byte(`{} {}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again Study
		if decode(data, &s) != nil || s.Validate() != nil {
			return
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := decode(text, &again); err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("got %+v, %v, want %+v", again, err, s)
		}
	})
}
