package csvfile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// Row is given the line on which a row begins and its fields, which change when it has returned. To its error the line is added.
type Row func(line int, fields []string) error

// Read reads what Write wrote, row by row; another header is an error. Errors name the path; the caller adds its package.
func Read(path string, header []string, row Row) error {
	return open(path, func(file io.Reader) error { return Parse(file, header, row) })
}

// ReadOneOf is Read for files that have one of several headers.
func ReadOneOf(path string, headers [][]string, row Row) error {
	return open(path, func(file io.Reader) error { return parseOneOf(file, headers, row) })
}

// ReadColumns reads the wanted columns and gives them to row in their order, and after them the optional ones, whose fields are empty
// where the file has no such column. In the file they may stand in any order, among others.
func ReadColumns(path string, wanted []string, row Row, optional ...string) error {
	return open(path, func(file io.Reader) error { return ParseColumns(file, wanted, row, optional...) })
}

func open(path string, parse func(io.Reader) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err // names the path
	}
	defer file.Close()
	if err := parse(file); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Parse is Read for what is not a file.
func Parse(r io.Reader, header []string, row Row) error {
	return parseOneOf(r, [][]string{header}, row)
}

func parseOneOf(r io.Reader, headers [][]string, row Row) error {
	in := newReader(r)
	got, err := first(in, headers[0])
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(headers, func(h []string) bool { return slices.Equal(got, h) }) {
		return fmt.Errorf("line 1: got the columns %q, want %q", got, headers[0])
	}
	return rows(in, row)
}

// ParseColumns is ReadColumns for what is not a file.
func ParseColumns(r io.Reader, wanted []string, row Row, optional ...string) error {
	in := newReader(r)
	header, err := first(in, wanted)
	if err != nil {
		return err
	}
	there := slices.DeleteFunc(slices.Clone(optional), func(column string) bool { return !slices.Contains(header, column) })
	at, err := places(header, slices.Concat(wanted, there))
	if err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	into := make([]int, len(wanted), len(at)) // the place among the fields that row is given
	for i := range into {
		into[i] = i
	}
	for _, column := range there {
		into = append(into, len(wanted)+slices.Index(optional, column))
	}
	fields := make([]string, len(wanted)+len(optional))
	return rows(in, func(line int, record []string) error {
		for i, from := range at {
			fields[into[i]] = record[from]
		}
		return row(line, fields)
	})
}

// first reads the header.
func first(in *csv.Reader, wanted []string) ([]string, error) {
	header, err := in.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("got an empty file, want a header with the columns %q", wanted)
	}
	if err != nil {
		return nil, malformed(in, header, err)
	}
	return header, nil
}

// places finds columns in a header.
func places(header, wanted []string) ([]int, error) {
	at := make([]int, len(wanted))
	for k, column := range wanted {
		i := slices.Index(header, column)
		if i < 0 {
			return nil, fmt.Errorf("column %q is missing: got %q", column, header)
		}
		if slices.Contains(header[i+1:], column) {
			return nil, fmt.Errorf("column %q stands twice: got %q", column, header)
		}
		at[k] = i
	}
	return at, nil
}

// newReader drops the mark that spreadsheets put before UTF-8 text; left in, it would be part of the first column's name.
func newReader(r io.Reader) *csv.Reader {
	buffered := bufio.NewReader(r)
	const mark = "\uFEFF"
	if start, _ := buffered.Peek(len(mark)); string(start) == mark {
		buffered.Discard(len(mark))
	}
	in := csv.NewReader(buffered)
	in.ReuseRecord = true
	return in
}

func rows(in *csv.Reader, row Row) error {
	for {
		record, err := in.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return malformed(in, record, err)
		}
		line, _ := in.FieldPos(0)
		if err := row(line, record); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}

// malformed says what is wrong with the CSV itself: a quote, or the number of fields.
func malformed(in *csv.Reader, record []string, err error) error {
	var parse *csv.ParseError
	switch {
	case !errors.As(err, &parse):
		return err
	case parse.Err == csv.ErrFieldCount:
		return fmt.Errorf("line %d: got %d fields, want %d", parse.Line, len(record), in.FieldsPerRecord)
	}
	return fmt.Errorf("line %d: %w", parse.Line, parse.Err)
}
