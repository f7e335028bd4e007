package images

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
	"unicode"
)

// The kinds of pictures that are read.
const (
	kindJPEG = "JPEG"
	kindPNG  = "PNG"
	kindWebP = "WebP"
	kindBMP  = "BMP"
)

// headSize bytes tell what a picture is.
const headSize = 64

// A magic is how files of a kind begin; nil bytes of a mask may be anything.
var magics = []struct {
	kind, start string
}{
	{kindJPEG, "\xff\xd8\xff"},
	{kindPNG, "\x89PNG\r\n\x1a\n"},
	{"GIF", "GIF87a"},
	{"GIF", "GIF89a"},
	{"TIFF", "II*\x00"},
	{"TIFF", "MM\x00*"},
	{"JPEG XL", "\xff\x0a"},
	{"JPEG XL", "\x00\x00\x00\x0cJXL \r\n\x87\n"},
	{"JPEG 2000", "\x00\x00\x00\x0cjP  \r\n\x87\n"},
	{"JPEG 2000", "\xff\x4f\xff\x51"},
	{"Photoshop", "8BPS\x00\x01"},
}

// brands of ISO media files (ISO/IEC 23008-12; AV1 Image File Format) that are pictures. AVIF may call itself mif1 first.
var brands = []struct {
	kind  string
	names []string
}{
	{"AVIF", []string{"avif", "avis"}},
	{"HEIC", []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}},
}

// kindOf tells what a file is by its first bytes; "" is no picture.
func kindOf(head []byte) string {
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.kind
		}
	}
	switch {
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return kindWebP
	case isBMP(head):
		return kindBMP
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return brand(head)
	}
	return ""
}

// isBMP looks beyond the two letters, with which any text may begin: at the reserved bytes and at the size of the second header.
func isBMP(head []byte) bool {
	if len(head) < 18 || string(head[:2]) != "BM" || binary.LittleEndian.Uint32(head[6:]) != 0 {
		return false
	}
	return slices.Contains([]uint32{12, 16, 40, 52, 56, 64, 108, 124}, binary.LittleEndian.Uint32(head[14:]))
}

// brand looks at the main brand and, as far as the head goes, those that the file is compatible with.
func brand(head []byte) string {
	size := min(len(head), int(binary.BigEndian.Uint32(head)))
	var names []string
	for at := 8; at+4 <= size; at += 4 {
		if at != 12 { // the version
			names = append(names, string(head[at:at+4]))
		}
	}
	for _, b := range brands {
		if slices.ContainsFunc(b.names, func(name string) bool { return slices.Contains(names, name) }) {
			return b.kind
		}
	}
	return ""
}

// otherKind is the media type of what is no picture, as far as it helps: a server's page in the place of a picture, other text, or none of
// these. That of net/http would bring its whole client into each cell of a notebook.
func otherKind(data []byte) string {
	head := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 8*headSize)]))
	switch {
	case bytes.HasPrefix(head, []byte("<!doctype html")), bytes.HasPrefix(head, []byte("<html")):
		return "text/html"
	case !bytes.ContainsFunc(head, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }):
		return "text/plain"
	}
	return "application/octet-stream"
}

// kindIn is kindOf for a file whose name is no picture's: what it holds should not pass as just another file. What cannot be
// read is none.
func kindIn(name string, r io.Reader) string {
	if anyPicture.MatchString(name) {
		return ""
	}
	head := make([]byte, headSize)
	n, _ := io.ReadFull(r, head)
	return kindOf(head[:n])
}
