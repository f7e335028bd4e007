# Python 3.11, numpy 2.4.6, scipy 1.17.1. Writes measures_golden.json beside itself: student and teacher on 40 pictures, and what
# NumPy and SciPy say of them; and two kinds of students from six seeds.
# correlation: scipy.stats.spearmanr of the squared distances from the own class. divergence: the mean of scipy.stats.entropy of both
# outcomes. differences: scipy.stats.ttest_rel and its interval, of the values and of their logarithms; holm by hand.
import json, pathlib
import numpy as np
from scipy.stats import entropy, spearmanr, ttest_rel

rng = np.random.default_rng(5)
y = rng.integers(0, 2, 40)
p = (1 / (1 + np.exp(-rng.normal(size=40) - 2 * (y - 0.5)))).round(4)
q = (1 / (1 + np.exp(-2 * rng.normal(size=40) - 3 * (y - 0.5)))).round(4)
doubt = lambda v: (v - (v > 0.5)) ** 2
edges = np.clip((p * 20).astype(int), 0, 19)
ece = sum(len(p[edges == b]) / 40 * abs(p[edges == b].mean() - y[edges == b].mean()) for b in set(edges))
measures = [((p > 0.5) == y).mean(), -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean(), doubt(p).mean(), ece, spearmanr(doubt(p), doubt(q))[0],
            np.mean([entropy([a, 1 - a], [b, 1 - b]) for a, b in zip(q, p)]), doubt(p)[y == 1].mean() - doubt(p)[y == 0].mean(), 7]
a, b = rng.normal(0.8, 0.01, 6).round(4), rng.normal(0.79, 0.01, 6).round(4)


def compare(a, b, back):
    t = ttest_rel(a, b)
    i = t.confidence_interval(0.95)
    return dict(mean=float(back((a - b).mean())), low=float(back(i.low)), high=float(back(i.high)), p=float(t.pvalue))


pathlib.Path(__file__).with_name("measures_golden.json").write_text(json.dumps(dict(
    y=y.tolist(), p=p.tolist(), q=q.tolist(), measures=[float(m) for m in measures], a=a.tolist(), b=b.tolist(),
    difference=compare(a, b, lambda v: v), ratio=compare(np.log(a), np.log(b), np.exp)), indent=1) + "\n")
