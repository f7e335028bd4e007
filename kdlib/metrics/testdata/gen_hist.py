# Python 3.11 (exact decimals from the standard library only). Writes hist_golden.json beside itself.
# Bins are decided on exact decimals, not on float64: value 0.15 with width 0.05 belongs to [0.15, 0.2).
import json, pathlib, random
from decimal import Decimal
from fractions import Fraction

random.seed(20261123)
values = [str(Decimal(i) / 1000) for i in range(1001)]                  # every multiple of 0.001, so every edge of most widths
values += [f"{random.random():.5f}" for _ in range(200)]
cases = []
for width in ["0.05", "0.1", "0.02", "0.01", "0.125", "0.2", "0.25", "0.001", "0.5", "1"]:
    step = Fraction(Decimal(width))
    bins = int(1 / step)
    counts = [0] * bins
    for v in values:
        counts[min(int(Fraction(Decimal(v)) / step), bins - 1)] += 1    # the last bin is closed
    cases.append(dict(width=width, counts=counts))
path = pathlib.Path(__file__).with_name("hist_golden.json")
path.write_text(json.dumps(dict(values=values, cases=cases)) + "\n")
