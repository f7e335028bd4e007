package images

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
)

// decodeJPEG reads a JPEG, and one whose restart markers are damaged if libjpeg loses nothing of it.
func decodeJPEG(data []byte) (image.Image, error) {
	m, err := jpeg.Decode(bytes.NewReader(data))
	var format jpeg.FormatError
	if !errors.As(err, &format) || !strings.Contains(string(format), "RST") {
		return m, err
	}
	mended, err := mendRestarts(data)
	if err == nil {
		m, err = jpeg.Decode(bytes.NewReader(mended))
	}
	if err != nil {
		return nil, fmt.Errorf("damaged restart markers, a part of the picture is lost: %w", err)
	}
	return m, nil
}

// The markers of JPEG (ITU T.81, table B.1), after a byte of 0xff.
const (
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerEOI  = 0xd9
	markerSOS  = 0xda
)

// mendRestarts writes the restart markers of every scan anew.
func mendRestarts(data []byte) ([]byte, error) {
	const soi = 2
	out := bytes.Clone(data[:soi])
	for rest := data[soi:]; len(rest) > 0; {
		n := segment(rest)
		if n > len(rest) || n == 0 {
			return nil, errors.New("cut short")
		}
		out = append(out, rest[:n]...)
		isScan := rest[1] == markerSOS
		if rest = rest[n:]; !isScan {
			continue
		}
		end := 0
		for end < len(rest) && !(marker(rest, end) && !restart(rest[end+1])) {
			end++
		}
		scan, err := mendScan(rest[:end])
		if err != nil {
			return nil, err
		}
		out, rest = append(out, scan...), rest[end:]
	}
	return out, nil
}

// segment is the length of the marker at the beginning of data, with what belongs to it, or of a byte that fills.
func segment(data []byte) int {
	switch {
	case len(data) < 2 || data[0] != 0xff:
		return 0
	case data[1] == 0xff:
		return 1
	case data[1] == markerEOI:
		return len(data) // nothing after it is looked at
	case len(data) < 4:
		return 0
	}
	return 2 + int(data[2])<<8 + int(data[3])
}

// marker says whether one begins at i of a scan, where 0xff as a value is followed by 0.
func marker(scan []byte, i int) bool {
	return scan[i] == 0xff && i+1 < len(scan) && scan[i+1] != 0 && scan[i+1] != 0xff
}

func restart(marker byte) bool { return marker >= markerRST0 && marker <= markerRST7 }

// mendScan does what libjpeg does to find its way (jdmarker.c, jpeg_resync_to_restart): a restart marker that is far from the
// due one is taken for it, one of the two before is dropped with the data after it. One of the two after says that data are
// missing: an error here, a gap in libjpeg.
func mendScan(scan []byte) ([]byte, error) {
	var out []byte
	due, dropping := byte(0), false
	for i := 0; i < len(scan); i++ {
		if !marker(scan, i) {
			if !dropping {
				out = append(out, scan[i])
			}
			continue
		}
		i++
		found := scan[i] - markerRST0
		switch ahead := (found - due) & 7; ahead {
		case 1, 2:
			return nil, fmt.Errorf("got RST%d, want RST%d", found, due)
		case 6, 7:
			dropping = true
		default:
			dropping = false
			out = append(out, 0xff, markerRST0+due)
			due = (due + 1) & 7
		}
	}
	return out, nil
}
