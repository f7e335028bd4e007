package csvfile

import (
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

// Pick names the columns of a header that are wanted.
type Pick func(header []string) []string

// ReadColumns reads the wanted columns and gives them to row in their order. In the file they may stand in any order, among others.
func ReadColumns(path string, wanted Pick, row Row) error {
	return open(path, func(file io.Reader) error { return ParseColumns(file, wanted, row) })
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
	in, got, err := first(r)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(headers, func(h []string) bool { return slices.Equal(got, h) }) {
		return fmt.Errorf("line 1: got the columns %q, want %q", got, headers[0])
	}
	return rows(in, row)
}

// ParseColumns is ReadColumns for what is not a file.
func ParseColumns(r io.Reader, pick Pick, row Row) error {
	in, header, err := first(r)
	if err != nil {
		return err
	}
	wanted := pick(header)
	at, err := places(header, wanted)
	if err != nil {
		return fmt.Errorf("line 1: %w", err)
	}
	fields := make([]string, len(wanted))
	return rows(in, func(line int, record []string) error {
		for i, from := range at {
			fields[i] = record[from]
		}
		return row(line, fields)
	})
}

// first reads the header.
func first(r io.Reader) (*csv.Reader, []string, error) {
	in, err := newReader(r)
	if err != nil {
		return nil, nil, err
	}
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return in, nil, errors.New("got an empty file, want a header with the columns' names")
	}
	if err != nil {
		return in, nil, malformed(in, header, err)
	}
	return in, header, nil
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
	case errors.Is(err, csv.ErrFieldCount):
		return fmt.Errorf("line %d: got %d fields, want %d", parse.Line, len(record), in.FieldsPerRecord)
	}
	return fmt.Errorf("line %d: %w", parse.Line, parse.Err)
}
