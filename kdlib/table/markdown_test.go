package table_test

import (
	"os"

	"distillation/kdlib/table"
)

func ExampleTable_WriteMarkdown() {
	t := table.Table{Title: "Accuracy", Columns: []table.Column{table.Text("model"), table.Number("accuracy")}}
	t.Add("hard | soft", "-0.5")
	_ = t.WriteMarkdown(os.Stdout)
	// Output:
	// | model | accuracy |
	// | --- | ---: |
	// | hard \| soft | −0.5 |
}
