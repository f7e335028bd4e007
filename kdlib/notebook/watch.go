package notebook

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"time"

	"distillation/kdlib/chart"
	"distillation/kdlib/report"
	"distillation/kdlib/study/background"
	"distillation/kdlib/study/folder"

	"github.com/janpfeifer/gonb/gonbui"
)

// watchEvery is how often Watch looks at a study.
const watchEvery = time.Second

// Watch shows below the cell how far a study is that runs elsewhere, by background.Study.Start, in a terminal or on a cluster: the graph of its
// models, and the last line that it said where it was started by Start. It looks each second, for so long or until nobody works on the study;
// with 0 once. Interrupt the cell when you like: the study goes on. A study that has neither begun nor been started stops the cell.
func Watch(dir string, long time.Duration) {
	if !gonbui.IsNotebook {
		return
	}
	output := "watch-" + gonbui.UniqueId()
	for until := time.Now().Add(long); ; time.Sleep(watchEvery) {
		busy := folder.Busy(dir) // before the picture: when nobody works any more, that is the last one
		gonbui.UpdateHTML(output, Must(watchHTML(dir)))
		gonbui.Sync()
		if !busy || !time.Now().Add(watchEvery).Before(until) {
			return
		}
	}
}

// watchHTML is the graph, if the study has begun, and the last line of the log, if there is one.
func watchHTML(dir string) (string, error) {
	said, err := background.Log(dir, 1)
	if err != nil {
		return "", err
	}
	line := fmt.Sprintf(`<pre style="font-size:85%%;white-space:pre-wrap">%s</pre>`, html.EscapeString(said))
	p, height, err := report.StateFigure(dir)
	if said != "" && errors.Is(err, fs.ErrNotExist) { // it decodes its pictures
		return "<div>" + line + "</div>", nil
	}
	if err != nil {
		return "", err
	}
	svg, err := chart.SVG(p, chart.Width, height)
	if err != nil {
		return "", err
	}
	return "<div>" + figureHTML(svg, p.Title.Text, chart.Width) + line + "</div>", nil
}
