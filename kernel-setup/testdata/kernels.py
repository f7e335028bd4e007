"""Use real Go kernels as a notebook does: kernels.py FOLDER. Prints a line of what was seen, or ends with an exception.

FOLDER is an empty one below the checkout's datasets/runs.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from jupyter_client.manager import start_new_kernel

FOLDER = Path(sys.argv[1])
MINUTES = 60  # seconds of one
START = time.monotonic()

HEAD = """import (
	"context"

	"distillation/kdlib/backend"
	"distillation/kdlib/images/synth"
	"distillation/kdlib/notebook"
	"distillation/kdlib/predictions"
	"distillation/kdlib/recipe"
	"distillation/kdlib/study"
	"distillation/kdlib/train"
)
"""

TRAIN = """%%
how := recipe.Demo.Student
how.Epochs, how.Batch = {epochs}, 8
report := notebook.NewProgress()
faces := notebook.Must(study.OpenCollection(context.Background(), "{work}/faces.tar", "{work}", "{work}/manifest.csv", recipe.Demo.Data, report))
run := train.Run{{Dir: "{work}/model", Recipe: how, Train: faces.ByHand(predictions.Train), Validation: faces.ByHand(predictions.Validation),
	Report: study.TrainingReport(report, "the student", how.Epochs)}}
past := notebook.Must(run.Fit(context.Background(), notebook.Must(backend.New())))
fmt.Println("epochs:", len(past))
"""


def say(line):
    print(f"{line} (after {time.monotonic() - START:.0f} s)", flush=True)


def text(messages):
    return "".join(m.get("text", "") + " ".join(m.get("traceback", [])) for m in messages)


class Kernel:
    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="gonb", startup_timeout=2 * MINUTES)

    def run(self, code, timeout=5 * MINUTES):
        """Executes a cell; its status and what it printed."""
        said = []
        reply = self.client.execute_interactive(code, timeout=timeout, output_hook=lambda m: said.append(m["content"]))
        return reply["content"]["status"], text(said)

    def begin(self, code):
        self.client.execute(code)

    def pid(self):
        return self.manager.provisioner.pid

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


def wait(what, seconds=3 * MINUTES):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def epochs(work):
    """How many epochs are stored."""
    history = work / "model" / "history.csv"
    return len(history.read_text().splitlines()) - 1 if history.exists() else 0


def trainer(work, after):
    """The process that trains in a folder, from its lock, once more epochs are stored than after; None before."""
    if epochs(work) <= after:
        return None
    process = json.loads((work / "model" / ".lock").read_text())["process"]
    assert alive(process)
    return process


def prepare(kernel, work):
    work.mkdir()
    status, said = kernel.run(HEAD + f'%%\nnbui.Check(synth.Write(context.Background(), "{work}/faces.tar", 60, 32, 1))\nfmt.Println("drawn")')
    assert status == "ok" and "drawn" in said, (status, said)


def panics(kernel):
    status, said = kernel.run('%%\npanic("boom")')
    assert "boom" in said, (status, said)
    status, said = kernel.run('%%\nfmt.Println("alive", 6*7)')
    assert status == "ok" and "alive 42" in said, (status, said)
    say("a cell that panics leaves the kernel intact")


def restarted(kernel, work, how):
    """Ends the kernel while a cell trains: the cell's process ends, and the stored epochs stay."""
    before = epochs(work)
    kernel.begin(TRAIN.format(work=work, epochs=400))
    process = wait(lambda: trainer(work, before))
    began = time.monotonic()
    if how == "restart":
        kernel.manager.restart_kernel(now=False)
        kernel.client.wait_for_ready(timeout=2 * MINUTES)
    elif how == "interrupt":
        kernel.manager.interrupt_kernel()
    else:
        os.kill(kernel.pid(), signal.SIGKILL)
    wait(lambda: not alive(process), seconds=30)
    stored = epochs(work)
    assert stored > before
    say(f"{how}: the cell's process ended after {time.monotonic() - began:.1f} s, {stored} epochs are kept, {before} of them from before")


def main():
    one, two, three = Kernel(), Kernel(), Kernel()
    try:
        check(one, two, three)
    finally:
        for kernel in (one, two, three):
            kernel.stop()


def check(one, two, three):
    work, other = FOLDER / "one", FOLDER / "two"
    prepare(one, work)
    say("a first cell has run")
    panics(one)
    restarted(one, work, "interrupt")
    status, said = one.run('%%\nfmt.Println("alive", 6*7)')
    assert "alive 42" in said, (status, said)
    restarted(one, work, "restart")
    restarted(one, work, "kill")

    prepare(two, other)
    status, said = three.run(HEAD + '%%\nfmt.Println("imported")')
    assert status == "ok" and "imported" in said, (status, said)
    two.begin(TRAIN.format(work=other, epochs=400))
    holder = wait(lambda: trainer(other, 0))
    status, said = three.run(TRAIN.format(work=other, epochs=400))
    assert f"process {holder} on" in said and "is in use by" in said, (status, said)
    assert alive(holder)
    say("two notebooks on one run: the second is refused with the name and process of the first")
    status, said = three.run('%%\nfmt.Println("alive", 6*7)')
    assert "alive 42" in said, (status, said)
    two.stop()
    wait(lambda: not alive(holder), seconds=30)


main()
