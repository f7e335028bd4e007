package notebook

import (
	"fmt"
	"os"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
)

// parentEvery is how often a cell's program looks whether its kernel still lives.
const parentEvery = time.Second

// A cell's program must not outlive its kernel. A kernel that is stopped or restarted ends its cells. A kernel that is killed
// cannot, and the cell would train on unseen until its last epoch. Ending it loses nothing: what is stored is always whole.
func init() {
	if gonbui.IsNotebook {
		go endWithParent(os.Getppid(), parentEvery)
	}
}

// endWithParent ends this program when its parent process has ended.
func endWithParent(parent int, every time.Duration) {
	for os.Getppid() == parent {
		time.Sleep(every)
	}
	fmt.Fprintln(os.Stderr, "the notebook's kernel has ended, and so does this cell")
	os.Exit(1)
}
