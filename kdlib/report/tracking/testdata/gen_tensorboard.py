"""What tensorboard 2.21.0 reads from the event files in logs, numpy 2.4.6 beside it: tensorboard.json."""
import json
import pathlib

import numpy as np
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.util import tensor_util

here = pathlib.Path(__file__).parent
everything = {"scalars": 0, "tensors": 0, "histograms": 0}  # 0: no sampling
read = plugin_event_multiplexer.EventMultiplexer(size_guidance=everything, tensor_size_guidance={"scalars": 0, "text": 0, "histograms": 0})
read.AddRunsFromDirectory(str(here / "logs"))
read.Reload()

out = {}
for run in sorted(read.Runs()):
    of = out[run] = {}
    for plugin in ("scalars", "text", "histograms"):
        of[plugin] = {}
        for tag in sorted(read.PluginRunToTagToContent(plugin).get(run, {})):
            events = []
            for e in read.Tensors(run, tag):
                value = tensor_util.make_ndarray(e.tensor_proto)
                value = [text.decode() for text in value.flat] if value.dtype == object else np.asarray(value, dtype=np.float64).tolist()
                events.append({"step": e.step, "wall_time": e.wall_time, "value": value})
            of[plugin][tag] = events
(here / "tensorboard.json").write_text(json.dumps(out, indent=1, sort_keys=True) + "\n")
