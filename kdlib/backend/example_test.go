package backend_test

import (
	"fmt"

	"distillation/kdlib/backend"
)

// The backend of GOMLX_BACKEND, or the plugin that set-up installed.
func ExampleNew() {
	b, err := backend.New()
	if err != nil {
		panic(err)
	}
	fmt.Println(b.Name())
}
