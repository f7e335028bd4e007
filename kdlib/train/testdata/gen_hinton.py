# Python 3.11, torch 2.15.0. Writes hinton_golden.json beside itself: Hinton, Vinyals and Dean's loss for one logit,
# alpha BCE(y, z) + (1 - alpha) T^2 BCE(sigmoid(v / T), z / T), mean over pictures, and its gradient by z, in float64.
import itertools, json, pathlib
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce

torch.set_default_dtype(torch.float64)
LOGITS = [-3.0, -0.5, 0.25, 2.0, 6.0]
LABELS = [0.0, 1.0, 1.0, 1.0, 0.0]
TEACHER = [0.125, 0.5, 0.75, 0.96875, 0.25]

cases = []
for t, alpha in itertools.product([1.0, 2.0, 4.0], [0.0, 0.3, 1.0]):
    z = torch.tensor(LOGITS, requires_grad=True)
    soft = torch.sigmoid(torch.logit(torch.tensor(TEACHER)) / t)
    loss = alpha * bce(z, torch.tensor(LABELS)) + (1 - alpha) * t**2 * bce(z / t, soft)
    loss.backward()
    cases.append(dict(temperature=t, alpha=alpha, loss=loss.item(), gradient=z.grad.tolist()))
golden = dict(logits=LOGITS, labels=LABELS, teacher=TEACHER, cases=cases)
(pathlib.Path(__file__).parent / "hinton_golden.json").write_text(json.dumps(golden, indent=1) + "\n")
