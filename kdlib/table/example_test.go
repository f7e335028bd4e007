package table_test

import (
	"fmt"

	"distillation/kdlib/table"
)

// Ours, printed, difference. Where the paper has no number the last two are empty.
func ExampleVersus() {
	fmt.Printf("%q\n%q\n", table.Versus(0.8744, "0.96320"), table.Versus(0.8744, ""))
	// Output:
	// ["0.87440" "0.96320" "-0.08880"]
	// ["0.87440" "" ""]
}

func ExamplePValue() {
	fmt.Println(table.PValue(0.0214843), table.PValue(0.5), table.PValue(3e-7), table.PValue(0))
	// Output:
	// 0.021 0.5 3e-07 < 1e-300
}

func ExampleSigned() {
	fmt.Println(table.Signed(0.0123, 3), table.Signed(-0.0123, 3), table.Signed(-0.0001, 3), table.Fixed(0.0123, 3))
	// Output:
	// +0.012 -0.012 0.000 0.012
}
