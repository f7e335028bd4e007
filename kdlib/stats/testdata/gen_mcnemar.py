# Python 3.11, scipy 1.17.1. Writes mcnemar_golden.json beside itself.
# exact: scipy.stats.binomtest(a, a + b, 0.5).pvalue. bounds: the extremes of that over every table with these numbers of
# right answers.
import json, pathlib
from scipy.stats import binomtest


def exact(a, b):
    return float(binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0


pairs = [(0, 0), (1, 0), (0, 6), (3, 3), (2, 9), (30, 12), (144, 138), (250, 180), (400, 250), (1000, 1003), (3, 90)]
bounds = []
for n, first, second in [(4, 2, 3), (10, 7, 7), (10, 0, 10), (40, 35, 31), (600, 422, 468), (3750, 3612, 3606), (3750, 3564, 3562)]:
    p = [exact(first - both, second - both) for both in range(max(0, first + second - n), min(first, second) + 1)]
    bounds.append(dict(n=n, first=first, second=second, low=min(p), high=max(p)))
path = pathlib.Path(__file__).with_name("mcnemar_golden.json")
path.write_text(json.dumps(dict(exact=[dict(a=a, b=b, p=exact(a, b)) for a, b in pairs], bounds=bounds), indent=1) + "\n")
