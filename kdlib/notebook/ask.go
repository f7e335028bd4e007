package notebook

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
)

// askTime is how long a browser has to answer; one that is there needs a tenth of it. GoNB gives up on a connection as
// soon.
const askTime = 3 * time.Second

// sessionVariable is set by Jupyter's server for the kernels of the notebooks that somebody has open. Runs without a
// browser (nbconvert, nbclient) start their kernels themselves.
const sessionVariable = "JPY_SESSION_NAME"

func hasBrowser() bool { return os.Getenv(sessionVariable) != "" }

// Ask computes a JavaScript expression in the browser that shows the notebook and returns its value, a string. In the
// expression, here is the asking cell's output. A line below the cell tells whether there was an answer. Ask returns "" if the
// value is empty or if no browser shows the notebook.
//
// GoNB passes values of the browser only to a cell's program, and only while it runs. So the second of two cells has to ask
// what was moved between them.
func Ask(expression string) string {
	if !gonbui.IsNotebook {
		return ""
	}
	if !hasBrowser() {
		display(remarkHTML("No browser shows this notebook: nothing was chosen."))
		return ""
	}
	answers := make(chan string, 1)
	address := "/kdlib/ask/" + gonbui.UniqueId()
	comms.Subscribe(address, func(_, value string) { answers <- value })
	output := "kdlib-ask-" + gonbui.UniqueId()
	gonbui.UpdateHTML(output, askHTML(expression, address))
	answer := ""
	select {
	case answer = <-answers:
	case <-time.After(askTime):
	}
	remark := "Read from the page."
	if answer == "" {
		remark = "No page answered: nothing was chosen."
	}
	gonbui.UpdateHTML(output, remarkHTML(remark)) // in the script's place
	gonbui.Sync()
	return answer
}

// askHTML sends an expression's value to an address of GoNB's channel.
func askHTML(expression, address string) string {
	quoted, err := json.Marshal(address)
	if err != nil {
		panic(err) // strings always marshal
	}
	return fmt.Sprintf(`<script>{ const here = document.currentScript; globalThis.gonb_comm?.send(%s, String(%s)); }</script>`, quoted, expression)
}

func remarkHTML(text string) string {
	return `<div style="font-size:85%;opacity:0.7">` + text + `</div>`
}
