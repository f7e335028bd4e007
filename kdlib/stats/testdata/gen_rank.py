# Python 3.11, numpy 2.4.6, scipy 1.17.1. Writes rank_golden.json beside itself.
# spearman: scipy.stats.spearmanr. range: the mean over itertools.combinations.
import itertools, json, pathlib
import numpy as np
from scipy.stats import spearmanr

rng = np.random.default_rng(23)
pairs = [([1, 2, 3, 4], [1, 3, 2, 4]), ([0.5, 0.5, 0.1, 0.9], [3, 1, 1, 1]), ([1, 2], [2, 1])]
a = rng.normal(size=50).round(1)  # with ties
pairs.append((a.tolist(), (a + rng.normal(size=50)).round(1).tolist()))
spearman = [dict(a=a, b=b, r=float(spearmanr(a, b)[0])) for a, b in pairs]
values = rng.normal(size=9).round(3).tolist()
ranges = [dict(values=values, k=k, range=float(np.mean([max(c) - min(c) for c in itertools.combinations(values, k)]))) for k in (2, 3, 8, 9)]
pathlib.Path(__file__).with_name("rank_golden.json").write_text(json.dumps(dict(spearman=spearman, ranges=ranges), indent=1) + "\n")
