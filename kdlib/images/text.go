package images

import (
	"iter"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

// decodeNames fills in path and name of all entries. Names that are not UTF-8 are taken for Shift-JIS if all of them together
// are Japanese, else for what archives and systems had before: in a zip code page 437 (APPNOTE 4.4.4 and appendix D), elsewhere
// Windows-1252. The note says so.
func decodeNames(entries []entry, from store) (note string) {
	var old []string
	for _, e := range entries {
		if !utf8.ValidString(e.key) {
			old = append(old, e.key)
		}
	}
	decoder, called := oldNames(old, from)
	for i, e := range entries {
		entries[i].path = e.key
		if !utf8.ValidString(e.key) {
			entries[i].path, _ = decoder.String(e.key) // what has no meaning becomes U+FFFD
		}
		entries[i].name = norm.NFC.String(path.Clean(slashes(entries[i].path)))
	}
	if len(old) == 0 {
		return ""
	}
	return "names that are not UTF-8 are read as " + called
}

// oldNames chooses the encoding of names.
func oldNames(names []string, from store) (decoder *encoding.Decoder, called string) {
	if japaneseNames(names) {
		return japanese.ShiftJIS.NewDecoder(), "Shift-JIS"
	}
	if _, ok := from.(*zipped); ok {
		return charmap.CodePage437.NewDecoder(), "code page 437"
	}
	return charmap.Windows1252.NewDecoder(), "Windows-1252"
}

// japaneseNames says whether names are Shift-JIS: all can be read so, none has a letter that is odd among Japanese ones, and one
// has what is odd in code page 437. There an accented letter stands alone between plain ones, which together may be read as
// one Japanese letter ("Äpfel" is 姿fel), but hardly as kana or as several.
func japaneseNames(names []string) bool {
	evidence := false
	for _, name := range names {
		text, err := japanese.ShiftJIS.NewDecoder().String(name)
		if err != nil || strings.ContainsRune(text, utf8.RuneError) {
			return false
		}
		for run := range runs(text) {
			if strings.ContainsFunc(run.text, func(r rune) bool { return !isJapanese(r) }) {
				return false
			}
			letters := []rune(run.text)
			evidence = evidence || len(letters) > 1 || !run.touching && !halfPlain(letters[0])
		}
	}
	return evidence
}

// A run of letters that are not plain; touching a plain one.
type run struct {
	text     string
	touching bool
}

func runs(text string) iter.Seq[run] {
	plain := func(r rune) bool { return r < utf8.RuneSelf }
	letter := func(r rune) bool { return plain(r) && unicode.IsLetter(r) }
	return func(yield func(run) bool) {
		for start := 0; start < len(text); {
			rest := strings.TrimLeftFunc(text[start:], plain)
			begin := len(text) - len(rest)
			end := len(text) - len(strings.TrimLeftFunc(rest, func(r rune) bool { return !plain(r) }))
			touching := begin > 0 && letter(rune(text[begin-1])) || end < len(text) && letter(rune(text[end]))
			if begin < end && !yield(run{text[begin:end], touching}) {
				return
			}
			start = end
		}
	}
}

// isJapanese says whether a letter is one of Japanese text in full width.
func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && !(r >= 0xff61 && r <= 0xff9f) || strings.ContainsRune("ー々〆・（）「」【】　", r)
}

// halfPlain says whether the second byte of a letter in Shift-JIS is a small plain letter.
func halfPlain(r rune) bool {
	b, err := japanese.ShiftJIS.NewEncoder().String(string(r))
	return err == nil && len(b) == 2 && b[1] >= 'a' && b[1] <= 'z'
}
