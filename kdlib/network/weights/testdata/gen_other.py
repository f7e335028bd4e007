# Python 3.11, safetensors 0.8.0, numpy 2.4.6. Writes other.safetensors beside itself: a file by another writer than kdlib.
import pathlib
import numpy as np
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
save_file({"network/conv/kernel": np.arange(6, dtype=np.float32).reshape(1, 2, 3) / 4,
           "network/scale": np.array(2.5, np.float32),
           "step": np.array([7], np.int64)}, here / "other.safetensors", {"from": "safetensors.numpy"})
