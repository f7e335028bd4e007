# Python 3.11, torch 2.15.0. Writes loss_golden.json beside itself: torch.nn.BCELoss, whose logarithms are clamped at -100, of
# probabilities that are 0 or 1 or next to it, and the cross-entropy of logits to all digits, with torch.nn.BCEWithLogitsLoss beside
# it, which loses some where the loss is small; both in float64.
import json, pathlib
from decimal import Decimal, getcontext
import torch

getcontext().prec = 500

def softplus(x): return max(x, Decimal(0)) + (1 + (-abs(x)).exp()).ln()

def exact(z, y):
    z, y = Decimal(z), Decimal(y)
    return float(y * softplus(-z) + (1 - y) * softplus(z))

def tensor(values): return torch.tensor(values, dtype=torch.float64)

ends = [0.0, 1.0, 5e-324, 1e-50, 4e-44, 1e-43, 1e-300, 1 - 2**-53, 1 - 2**-40, 0.5, 0.25, 1e-20]
labels = [0.0, 1.0, 0.3]
probabilities = [dict(p=p, y=y, loss=torch.nn.BCELoss()(tensor([p]), tensor([y])).item()) for p in ends for y in labels]
logits = [-1000.0, -100.0, -40.0, -25.5, -25.0, -3.0, 0.0, 0.5, 24.0, 25.0, 25.5, 37.0, 100.0, 300.0, 3e38]
logits = [dict(z=z, y=y, loss=exact(z, y)) for z in logits for y in labels]
for c in logits:
    other = torch.nn.BCEWithLogitsLoss()(tensor([c["z"]]), tensor([c["y"]])).item()
    assert abs(other - c["loss"]) <= 1e-14 * max(1, abs(c["z"])), (c, other)

# 16 pictures, half of them cats, and one answer to all: the loss of a sure model is the same whichever class it names.
half = [0.0] * 8 + [1.0] * 8
constant = {str(z): torch.nn.BCEWithLogitsLoss()(tensor([float(z)] * 16), tensor(half)).item() for z in (100, -100)}
certain = {str(p): torch.nn.BCELoss()(tensor([float(p)] * 16), tensor(half)).item() for p in (0, 1)}
path = pathlib.Path(__file__).with_name("loss_golden.json")
path.write_text(json.dumps(dict(probabilities=probabilities, logits=logits, constant=constant, certain=certain), indent=0).replace(",\n\"", ", \"") + "\n")
