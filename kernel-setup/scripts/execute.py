"""Execute one notebook: execute.py SOURCE TARGET SECONDS-PER-CELL LANGUAGE-SERVER-FOLDER.

SOURCE stays as it is; TARGET is written in any case, with what was executed. A line of JSON on standard output tells
of each cell begun ({"cell": n, "of": n}, code cells only, from 1) and of an end that leaves no output in the notebook
({"failed": message}). Errors of cells are outputs in TARGET. The kernel does not see the folder of the language server, which would read
all packages while cells run, and which nobody asks.
"""

import json
import os
import sys
from pathlib import Path

# jsonschema would compile the grammar of internationalized addresses, which no notebook's schema asks for, at each start: four fifths of
# the time that these imports take.
sys.modules["rfc3987_syntax"] = None

import nbclient
import nbformat


def say(**what):
    print(json.dumps(what), flush=True)


def client_of(notebook, folder, seconds, server):
    """A client whose kernel prints the compiler's messages as text and starts no language server, with streams merged and no clock
    times kept."""
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    number = {id(cell): n for n, cell in enumerate(codes, 1)}

    def begin(cell, cell_index):
        if id(cell) in number:
            say(cell=number[id(cell)], of=len(codes))

    client = nbclient.NotebookClient(
        notebook,
        timeout=seconds,
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=begin,
    )
    client.create_kernel_manager()
    spec = client.km.kernel_spec
    if Path(spec.argv[0]).name == "gonb-kernel":
        spec.argv.append("-raw_error=true")
        spec.env["PATH"] = os.pathsep.join(d for d in spec.env["PATH"].split(os.pathsep) if d != server)
    return client


def clean(notebook):
    """Remove what differs from run to run without meaning anything."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def main(source, target, seconds, server):
    source = Path(source)
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    try:
        client_of(notebook, source.parent, float(seconds), server).execute()
    except nbclient.exceptions.CellExecutionError:
        pass  # its output is in the notebook
    except nbclient.exceptions.CellTimeoutError:
        say(failed=f"not done after {seconds} s (--timeout)")
    except nbclient.exceptions.DeadKernelError:
        say(failed="the kernel died")
    clean(notebook)
    nbformat.write(notebook, target)


main(*sys.argv[1:])
