package notebook

import (
	"fmt"

	"distillation/kdlib/chart"
	"distillation/kdlib/table"
	"distillation/kdlib/train/history"
)

// Size of the curves that are drawn while a model is trained.
const (
	liveWidth  = chart.Width * 4 / 5
	liveHeight = chart.Height * 3 / 5
)

// mostEpochs is how many epochs the table under the curves holds: the last ones.
const mostEpochs = 10

// epochsTable lists the last epochs of a training run, and marks the best of those that were told of.
func epochsTable(past history.History) table.Table {
	best, _ := past.Best()
	told := "best so far"
	if first := past[0].Number; first > 1 {
		told = fmt.Sprintf("best since epoch %d", first)
	}
	t := table.Table{Columns: []table.Column{table.Number("epoch"), table.Number("train loss"), table.Number("train accuracy"),
		table.Number("validation loss"), table.Number("validation accuracy"), table.Number("seconds"), table.Text("")}}
	for _, e := range past[max(0, len(past)-mostEpochs):] {
		mark := ""
		if e.Number == best.Number {
			mark = told
		}
		t.Add(fmt.Sprint(e.Number), table.Fixed(e.TrainLoss, 4), table.Fixed(e.TrainAccuracy, 3),
			table.Fixed(e.ValidationLoss, 4), table.Fixed(e.ValidationAccuracy, 3), table.Fixed(e.Seconds, 1), mark)
	}
	return t
}
