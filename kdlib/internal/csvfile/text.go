package csvfile

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// newReader reads CSV as other programs write it: compressed by gzip, in UTF-8 or UTF-16 with or without the mark before it, with
// commas, semicolons (spreadsheets where the comma is decimal) or tabs between the fields.
func newReader(r io.Reader) (*csv.Reader, error) {
	text, err := unpacked(bufio.NewReader(r))
	if err == nil {
		text, err = inUTF8(text)
	}
	if err != nil {
		return nil, err
	}
	in := csv.NewReader(text)
	in.Comma = separator(text)
	in.ReuseRecord = true
	return in, nil
}

func begins(in *bufio.Reader, with string) bool {
	start, _ := in.Peek(len(with))
	return string(start) == with
}

func unpacked(in *bufio.Reader) (*bufio.Reader, error) {
	if begins(in, "PK\x03\x04") {
		return nil, errors.New("got a zip, as spreadsheets' own files (.xlsx, .ods) are, want CSV: export it as that")
	}
	if !begins(in, "\x1f\x8b") {
		return in, nil
	}
	out, err := gzip.NewReader(in)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return bufio.NewReader(out), nil
}

// inUTF8 leaves out the mark that some programs put before text; left in, it would be part of the first column's name.
func inUTF8(in *bufio.Reader) (*bufio.Reader, error) {
	start, _ := in.Peek(2)
	switch {
	case begins(in, "\xef\xbb\xbf"):
		_, err := in.Discard(3)
		return in, err
	case begins(in, "\xff\xfe") || len(start) == 2 && start[0] != 0 && start[1] == 0:
		return utf16(in, unicode.LittleEndian), nil
	case begins(in, "\xfe\xff") || len(start) == 2 && start[0] == 0 && start[1] != 0:
		return utf16(in, unicode.BigEndian), nil
	}
	return in, nil
}

func utf16(in io.Reader, order unicode.Endianness) *bufio.Reader {
	return bufio.NewReader(unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(in))
}

// separator is the one that the header has most of; a comma if it has none.
func separator(in *bufio.Reader) rune {
	start, _ := in.Peek(in.Size())
	header, _, _ := strings.Cut(string(start), "\n")
	separator, most := ',', 0
	for _, one := range ",;\t" {
		if n := strings.Count(header, string(one)); n > most {
			separator, most = one, n
		}
	}
	return separator
}
