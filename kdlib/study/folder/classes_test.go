package folder

import (
	"testing"

	"distillation/kdlib/predictions"
)

func TestClasses(t *testing.T) {
	for _, c := range []struct {
		table predictions.Table
		want  [2]string
	}{
		{predictions.Table{{ID: "cat.0", Label: 0}, {ID: "dog.7", Label: 1}, {ID: "cat.12", Label: 0}}, [2]string{"cat", "dog"}},
		{predictions.Table{{ID: "v1.2.a", Label: 0}, {ID: "right.b", Label: 1}, {ID: "v1.2.b", Label: 0}}, [2]string{"v1.2", "right"}},
		{predictions.Table{{ID: "a", Label: 0}, {ID: "7.jpg", Label: 1}, {ID: "8.jpg", Label: 1}}, [2]string{"0", "1"}},
		{predictions.Table{{ID: "train/cats.1", Label: 0}, {ID: "train/dogs.2", Label: 1}, {ID: "train/cats.3", Label: 0}}, [2]string{"cats", "dogs"}}, // split already
	} {
		if got := classesOf(c.table); got != c.want {
			t.Errorf("%v: got %q, want %q", c.table, got, c.want)
		}
	}
}
