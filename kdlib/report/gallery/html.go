package gallery

import (
	"encoding/base64"
	"fmt"
	"html"
	"strings"
)

// The styles stand in the elements as far as the layout needs them, because a notebook that is not trusted keeps no style sheet.
// A browser draws what is scrolled into view, and no more.
const (
	windowStyle  = "display:flex;flex-wrap:wrap;gap:4px;align-content:flex-start;max-height:560px;overflow:auto;font:11px/1.3 Arial,Helvetica,sans-serif"
	figureStyle  = "margin:0;width:104px;overflow:hidden;content-visibility:auto;contain-intrinsic-size:104px 150px"
	pictureStyle = "display:block;width:104px;height:104px;max-width:none"
)

// howToGet is said where the pictures are not there.
const howToGet = "The pictures are not here: go tool kd data decode PICTURES --size 64 --cache datasets/cache puts them where CacheDir " +
	"finds them; go tool kd data fetch downloads those of cats and dogs."

// HTML is the gallery as a fragment without scripts: every picture with its name, its hand label and what each model says, a mark
// where that is wrong at the gallery's threshold. Without pictures the names and predictions stand there
// alone, and how to get the pictures.
func (g Gallery) HTML() (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, `<div><p style="font-weight:bold;margin:0.5em 0">%s: %s</p>`, html.EscapeString(g.Title), counted(len(g.Pictures)))
	if g.Cache == nil && len(g.Pictures) > 0 {
		fmt.Fprintf(&b, `<p style="margin:0.5em 0">%s</p>`, html.EscapeString(howToGet))
	}
	fmt.Fprintf(&b, "<div style=%q>\n", windowStyle)
	for _, p := range g.Pictures {
		shown := ""
		if g.Cache != nil {
			thumbnail, err := Thumbnail(g.Cache, p.ID)
			if err != nil {
				return "", err
			}
			shown = fmt.Sprintf(`<img alt="%s" loading="lazy" decoding="async" style="%s" src="data:image/jpeg;base64,%s">`,
				html.EscapeString(p.ID), pictureStyle, base64.StdEncoding.EncodeToString(thumbnail))
		}
		fmt.Fprintf(&b, `<figure style="%s">%s<figcaption style="overflow-wrap:anywhere">%s</figcaption></figure>`+"\n", figureStyle, shown, g.caption(p))
	}
	b.WriteString("</div></div>")
	return b.String(), nil
}

func counted(n int) string {
	if n == 1 {
		return "1 picture"
	}
	return fmt.Sprintf("%d pictures", n)
}

// caption is a picture's name, its hand label, and a line for each model.
func (g Gallery) caption(p Picture) string {
	lines := []string{html.EscapeString(p.ID), html.EscapeString("label: " + g.Classes[p.class()])}
	for k, name := range g.Models {
		line := fmt.Sprintf("%s %.3f", html.EscapeString(name), p.P[k])
		if !p.right(k, g.Threshold) {
			line += " <strong>✗</strong>"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "<br>")
}
