package pred

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"golang.org/x/text/unicode/norm"
)

// columns of a file, in the order that Write gives them.
var columns = []string{"id", "set", "label", "p"}

// Read reads a file of predictions. It is strict: a missing or repeated
// column, a value outside its range, a duplicate id, or a file without rows is
// an error that names file, line and value. Columns may come in any order, and
// further columns are ignored.
func Read(path string) (Table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("pred: %w", err)
	}
	defer file.Close()
	return Parse(file, path)
}

// Parse is Read for what is not a file; name stands in the error messages.
func Parse(r io.Reader, name string) (Table, error) {
	return parse(r, name, columns)
}

// ReadAnswers reads a file of answers of any origin: of Read's columns it needs id and p alone, and ignores the others.
// Set and Label of the rows are empty.
func ReadAnswers(path string) (Table, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("pred: %w", err)
	}
	defer file.Close()
	return parse(file, path, []string{"id", "p"})
}

// parse reads the columns that are wanted.
func parse(r io.Reader, name string, wanted []string) (Table, error) {
	in := csv.NewReader(skipByteOrderMark(r))
	in.ReuseRecord = true
	p := parser{name: name, in: in, at: map[string]int{}, lines: map[string]int{}}
	if err := p.header(wanted); err != nil {
		return nil, err
	}
	var table Table
	for {
		record, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, p.malformed(record, err)
		}
		row, err := p.row(record)
		if err != nil {
			return nil, err
		}
		table = append(table, row)
	}
	if len(table) == 0 {
		return nil, fmt.Errorf("pred: %s: got a header without rows, want at least one prediction", name)
	}
	return table, nil
}

// skipByteOrderMark drops the mark that spreadsheets put before UTF-8 text;
// left in, it would be part of the first column's name.
func skipByteOrderMark(r io.Reader) io.Reader {
	buffered := bufio.NewReader(r)
	const mark = "\uFEFF"
	if start, _ := buffered.Peek(len(mark)); string(start) == mark {
		buffered.Discard(len(mark))
	}
	return buffered
}

type parser struct {
	name  string
	in    *csv.Reader
	at    map[string]int // index in a record of each wanted column
	lines map[string]int // line of each id seen
}

// header finds the wanted columns by name.
func (p *parser) header(wanted []string) error {
	record, err := p.in.Read()
	if err == io.EOF {
		return fmt.Errorf("pred: %s: got an empty file, want a header with the columns %q", p.name, wanted)
	}
	if err != nil {
		return p.malformed(record, err)
	}
	for _, column := range wanted {
		i := slices.Index(record, column)
		if i < 0 {
			return p.errorf(0, "column %q is missing: got %q", column, record)
		}
		if slices.Contains(record[i+1:], column) {
			return p.errorf(i, "column %q stands twice: got %q", column, record)
		}
		p.at[column] = i
	}
	return nil
}

// row checks one record.
func (p *parser) row(record []string) (Row, error) {
	at := p.at["id"]
	row := Row{ID: norm.NFC.String(record[at])} // both forms of a name are one, as in package catdog
	if err := CheckID(row.ID); err != nil {
		return Row{}, p.errorf(at, "id: %v", err)
	}
	line, _ := p.in.FieldPos(at)
	if first, seen := p.lines[row.ID]; seen {
		return Row{}, p.errorf(at, "id: got %q again, first on line %d, want each id once", row.ID, first)
	}
	p.lines[row.ID] = line
	var err error
	if at, wanted := p.at["set"]; wanted {
		if row.Set, err = ParseSet(record[at]); err != nil {
			return Row{}, p.errorf(at, "set: got %q, want %q, %q or %q", record[at], Train, Validation, Test)
		}
	}
	if _, wanted := p.at["label"]; wanted {
		if row.Label, err = p.unit(record, "label"); err != nil {
			return Row{}, err
		}
	}
	row.P, err = p.unit(record, "p")
	return row, err
}

// unit reads a number in [0, 1] from a column.
func (p *parser) unit(record []string, column string) (float64, error) {
	text := record[p.at[column]]
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || !inUnit(value) {
		return 0, p.errorf(p.at[column], "%s: got %q, want a number in [0, 1]", column, text)
	}
	return value, nil
}

// inUnit tells whether a value lies in [0, 1]; NaN does not.
func inUnit(value float64) bool { return value >= 0 && value <= 1 }

// errorf names the file and the line of a field of the current record.
func (p *parser) errorf(field int, format string, args ...any) error {
	line, _ := p.in.FieldPos(field)
	return fmt.Errorf("pred: %s: line %d: %s", p.name, line, fmt.Sprintf(format, args...))
}

// malformed says what is wrong with the CSV itself: a quote, or the number of fields.
func (p *parser) malformed(record []string, err error) error {
	var parse *csv.ParseError
	switch {
	case !errors.As(err, &parse):
		return fmt.Errorf("pred: %s: %w", p.name, err)
	case parse.Err == csv.ErrFieldCount:
		return fmt.Errorf("pred: %s: line %d: got %d fields, want %d", p.name, parse.Line, len(record), p.in.FieldsPerRecord)
	}
	return fmt.Errorf("pred: %s: line %d: %w", p.name, parse.Line, parse.Err)
}
