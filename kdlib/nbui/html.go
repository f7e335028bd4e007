package nbui

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/png"
	"strings"

	"gonum.org/v1/plot/vg"
)

// smallest width in pixels at which a picture is shown.
const smallest = 112

// figureHTML puts an SVG document into a page: without the XML header, which is
// not allowed there, and as wide as asked for or as the page is.
func figureHTML(svg []byte, title string, width vg.Length) string {
	_, body, _ := bytes.Cut(svg, []byte("<svg"))
	_, body, _ = bytes.Cut(body, []byte("viewBox=")) // skips width and height
	return fmt.Sprintf(`<div><svg role="img" aria-label="%s" style="width:100%%;max-width:%gpt;height:auto" viewBox=%s</div>`,
		html.EscapeString(title), width.Points(), body)
}

func noteHTML(text string) string {
	return fmt.Sprintf(`<div style="margin:0.5em 0;padding:0.5em 0.9em;border-left:4px solid #E69F00;background:rgba(230,159,0,0.12)">%s</div>`,
		html.EscapeString(text))
}

// picturesHTML holds each picture as PNG data.
func picturesHTML(pictures []image.Image, captions []string) (string, error) {
	if captions != nil && len(captions) != len(pictures) {
		return "", fmt.Errorf("nbui: got %d pictures and %d captions, want as many of each", len(pictures), len(captions))
	}
	var b strings.Builder
	b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:10px;margin:0.5em 0">`)
	for i, picture := range pictures {
		var data bytes.Buffer
		if err := png.Encode(&data, picture); err != nil {
			return "", fmt.Errorf("nbui: picture %d: %w", i, err)
		}
		caption := ""
		if captions != nil {
			caption = html.EscapeString(captions[i])
		}
		width := max(picture.Bounds().Dx(), smallest)
		fmt.Fprintf(&b, `<figure style="margin:0;width:%dpx"><img alt="%s" style="width:100%%;max-width:none;image-rendering:pixelated" src="data:image/png;base64,%s">`,
			width, caption, base64.StdEncoding.EncodeToString(data.Bytes()))
		fmt.Fprintf(&b, `<figcaption style="font-size:85%%;text-align:center;overflow-wrap:anywhere">%s</figcaption></figure>`, caption)
	}
	b.WriteString("</div>")
	return b.String(), nil
}
