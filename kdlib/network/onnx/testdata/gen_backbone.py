# Python 3.11, torch 2.15.0, onnx 1.23.2, numpy 2.4.6. Writes backbone_golden.json: what a dense layer on the features of bytes_logit.onnx, which
# gen_onnx.py wrote, gives of its patterns, and the gradients of the mean cross-entropy on the labels 0, 0, 1, by torch in float64.
import json, pathlib
import numpy as np
import onnx
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, conv2d

here = pathlib.Path(__file__).parent
k, c, y, x = (np.arange(m) for m in (3, 3, 32, 32))
k, c, y = k.reshape(-1, 1, 1, 1), c.reshape(1, -1, 1, 1), y.reshape(-1, 1)
pixels = torch.tensor(((7 * x + 13 * y + x * y // (k + 2) + 29 * c + 31 * k) % 256).astype(np.float64))

weights = {t.name: onnx.numpy_helper.to_array(t).astype(np.float64) for t in onnx.load(here / "bytes_logit.onnx").graph.initializer}
w = {f"ONNX/{name}": torch.tensor(v, requires_grad=True) for name, v in weights.items() if "dense" not in name}
w["dense/kernel"] = torch.tensor([[0.5], [-0.25], [0.75], [-1.0]], dtype=torch.float64, requires_grad=True)
w["dense/bias"] = torch.tensor([0.125], dtype=torch.float64, requires_grad=True)

z = conv2d(pixels, w["ONNX/net.conv.weight"], w["ONNX/net.conv.bias"], stride=2, padding=1).clamp(0, 6)
z = z + conv2d(z, w["ONNX/net.depthwise.weight"], w["ONNX/net.depthwise.bias"], padding=1, groups=4)
logits = z.mean((2, 3)) @ w["dense/kernel"] + w["dense/bias"]
loss = binary_cross_entropy_with_logits(logits, torch.tensor([[0.0], [0.0], [1.0]], dtype=torch.float64))
loss.backward()
golden = {"logits": logits.ravel().tolist(), "loss": loss.item(), "gradients": {name: v.grad.ravel().tolist() for name, v in w.items()}}
(here / "backbone_golden.json").write_text(json.dumps(golden, indent=1) + "\n")
