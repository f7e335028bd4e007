package live

import (
	"encoding/base64"
	"strconv"
	"strings"

	"distillation/kdlib/distill"
	"distillation/kdlib/images"
	"distillation/kdlib/predictions"
	"distillation/kdlib/report/gallery"
)

// names are the names of a set's pictures: a start for each label and the array of numbers that follow it ("cat.17"), or, of
// other names, a line each.
type names struct {
	Start   []string `json:"start,omitempty"`
	Numbers int      `json:"numbers"`
	Text    string   `json:"text,omitempty"`
}

func (d *data) addNames(t predictions.Table) names {
	var start [2]string
	var seen [2]bool
	numbers := make([]float64, len(t))
	for i, row := range t {
		class, dot := distill.Class(row.Label, distill.Threshold), strings.LastIndexByte(row.ID, '.')
		begin, digits := row.ID[:dot+1], row.ID[dot+1:]
		number, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || strconv.FormatUint(number, 10) != digits || seen[class] && start[class] != begin {
			return names{Text: strings.Join(t.IDs(), "\n")}
		}
		start[class], seen[class], numbers[i] = begin, true, float64(number)
	}
	return names{Start: start[:], Numbers: d.add(numbers)}
}

// thumbnails are a set's pictures as JPEG in base64. What all of them begin with, their tables, stands there once.
type thumbnails struct {
	Head string   `json:"head"`
	Rest []string `json:"rest"`
}

// encode makes the thumbnails of pictures.
func encode(cache *images.Cache, ids []string) (thumbnails, error) {
	pictures := make([]string, len(ids))
	for i, id := range ids {
		picture, err := gallery.Thumbnail(cache, id)
		if err != nil {
			return thumbnails{}, err
		}
		pictures[i] = string(picture)
	}
	head := pictures[0]
	for _, picture := range pictures {
		for !strings.HasPrefix(picture, head) {
			head = head[:len(head)-1]
		}
	}
	head = head[:len(head)-len(head)%3] // so that the texts in base64 can be joined
	made := thumbnails{Head: base64.StdEncoding.EncodeToString([]byte(head))}
	for _, picture := range pictures {
		made.Rest = append(made.Rest, base64.StdEncoding.EncodeToString([]byte(picture[len(head):])))
	}
	return made, nil
}

// estimated is how many pictures of a set are encoded to say how large all will be.
const estimated = 64

// PicturesSize says how many pictures AddPictures would add to a page, and by about how many bytes it would grow.
func (p *Page) PicturesSize(cache *images.Cache) (pictures, bytes int, err error) {
	for _, ids := range p.ids {
		pictures += len(ids)
		some, err := encode(cache, ids[:min(len(ids), estimated)])
		if err != nil {
			return 0, 0, err
		}
		rest := 0
		for _, text := range some.Rest {
			rest += len(text) + len(`"",`)
		}
		bytes += len(some.Head) + rest*len(ids)/len(some.Rest)
	}
	return pictures, bytes, nil
}

// AddPictures puts thumbnails of the study's pictures, as its OpenPictures finds them, into the page: whoever gets the page gets
// the pictures.
func (p *Page) AddPictures(cache *images.Cache) error {
	for i, ids := range p.ids {
		made, err := encode(cache, ids)
		if err != nil {
			return err
		}
		p.data.Splits[i].Thumbnails = &made
	}
	return nil
}
