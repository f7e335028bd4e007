package notebook

import "testing"

func TestSeeds(t *testing.T) {
	for text, want := range map[string]int{"": 3, "2": 2, "1": 1, "3": 3, "20": 3} {
		t.Setenv(SeedsVariable, text)
		if got := Seeds(3); got != want {
			t.Errorf("%s=%s: got %d seeds, want %d", SeedsVariable, text, got, want)
		}
	}
	for _, text := range []string{"0", "-1", "two"} {
		t.Run(text, func(t *testing.T) {
			t.Setenv(SeedsVariable, text)
			defer func() {
				if recover() == nil {
					t.Error("got no error")
				}
			}()
			Seeds(3)
		})
	}
}
