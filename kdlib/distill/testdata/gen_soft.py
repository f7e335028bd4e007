# Python 3.11, torch 2.15.0. Writes soft_golden.json beside itself: torch's logit and sigmoid in float64.
import itertools, json, pathlib
import torch

p = torch.tensor([0.0, 1e-300, 1e-7, 0.03, 0.2, 0.5, 0.5000001, 0.8, 0.93, 1 - 1e-7, 1 - 2.0**-53, 1.0], dtype=torch.float64)
cases = []
for temperature, alpha, hand in itertools.product([0.25, 1, 2, 4, 20], [0, 0.1, 0.5, 1], [0.0, 1.0]):
    want = alpha * hand + (1 - alpha) * torch.sigmoid(torch.logit(p) / temperature)
    cases += [dict(temperature=temperature, alpha=alpha, p=a, hand=hand, want=b) for a, b in zip(p.tolist(), want.tolist())]
path = pathlib.Path(__file__).with_name("soft_golden.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
