package notebook

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

// figureHTML holds a figure as an image, as wide as asked for or as the page is.
// JupyterLab shows an image from the start, but an <svg> element only after its
// user has run the notebook or said that it can be trusted.
func figureHTML(svg []byte, title string, width vg.Length) string {
	return fmt.Sprintf(`<div><img alt="%s" style="width:100%%;max-width:%gpx;height:auto" src="data:image/svg+xml;base64,%s"></div>`,
		html.EscapeString(title), pixels*width.Points(), base64.StdEncoding.EncodeToString(svg))
}

// pixels of a web page in a point.
const pixels = 4. / 3

// picturesHTML holds each picture as PNG data.
func picturesHTML(pictures []image.Image, captions []string) (string, error) {
	if captions != nil && len(captions) != len(pictures) {
		return "", fmt.Errorf("notebook: got %d pictures and %d captions, want as many of each", len(pictures), len(captions))
	}
	var b strings.Builder
	b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:10px;margin:0.5em 0">`)
	for i, picture := range pictures {
		var data bytes.Buffer
		if err := png.Encode(&data, picture); err != nil {
			return "", fmt.Errorf("notebook: picture %d: %w", i, err)
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
