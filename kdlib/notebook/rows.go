package notebook

import (
	"fmt"
	"reflect"
	"strings"

	"distillation/kdlib/table"
)

// scrollFrom is the number of rows from which a table gets a window of its own.
const scrollFrom = 24

// Rows displays a slice of structs as a table with a row for each element and a column for each field. The title shows the
// totals of the columns named in sums. A long table scrolls in a window of its own. The cell stops if rows is no slice of
// structs or if a sum names no field of type int.
func Rows(title string, rows any, sums ...string) {
	t, err := rowsTable(title, rows, sums)
	Check(err)
	html := t.HTML()
	if len(t.Rows) >= scrollFrom {
		html = `<div style="max-height:28em;overflow:auto">` + html + `</div>`
	}
	display(html)
}

func rowsTable(title string, rows any, sums []string) (table.Table, error) {
	t := table.Table{Title: title}
	list := reflect.ValueOf(rows)
	if list.Kind() != reflect.Slice || list.Type().Elem().Kind() != reflect.Struct {
		return t, fmt.Errorf("notebook: rows: got %T, want a slice of structs", rows)
	}
	fields := reflect.VisibleFields(list.Type().Elem())
	for _, f := range fields {
		t.Columns = append(t.Columns, table.Column{Name: f.Name, Number: isNumber(f.Type.Kind())})
	}
	for i := range list.Len() {
		var cells []string
		for _, f := range fields {
			cells = append(cells, cell(list.Index(i).FieldByIndex(f.Index)))
		}
		t.Add(cells...)
	}
	return t, addTotals(&t, list, sums)
}

func addTotals(t *table.Table, list reflect.Value, sums []string) error {
	for _, name := range sums {
		f, ok := list.Type().Elem().FieldByName(name)
		if !ok || f.Type.Kind() != reflect.Int {
			return fmt.Errorf("notebook: rows: %s: got sum of %q, want a field of type int", list.Type(), name)
		}
		total := 0
		for i := range list.Len() {
			total += int(list.Index(i).FieldByIndex(f.Index).Int())
		}
		t.Title += fmt.Sprintf("; %s in total: %d", name, total)
	}
	return nil
}

// cell writes lists, such as shapes, as "7 × 7 × 512".
func cell(v reflect.Value) string {
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(v.Interface())
	}
	parts := make([]string, v.Len())
	for i := range parts {
		parts[i] = fmt.Sprint(v.Index(i).Interface())
	}
	return strings.Join(parts, " × ")
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }
