# Python 3.11, scipy 1.17.1, numpy 2.4.6. Writes interval_golden.json beside itself.
# Wilson: scipy.stats.binomtest(k, n).proportion_ci(method="wilson"). Paired: scipy.stats.ttest_rel.
# Bootstrap: numpy.percentile over statistics of rows that are drawn here by the generator that math/rand/v2 documents,
# PCG with 128 bits of state and the output function DXSM (O'Neill; pcg_random.hpp), and Lemire's multiplication.
import json, pathlib
import numpy as np
from scipy.stats import binomtest, ttest_rel

M64, M128 = 2**64 - 1, 2**128 - 1


class PCG:
    def __init__(self, seed1, seed2):
        self.state = seed1 << 64 | seed2

    def uint64(self):
        self.state = (self.state * (2549297995355413924 << 64 | 4865540595714422341) + (6364136223846793005 << 64 | 1442695040888963407)) & M128
        hi, lo = self.state >> 64, self.state & M64
        hi ^= hi >> 32
        hi = hi * 0xDA942042E4DD58B5 & M64
        hi ^= hi >> 48
        return hi * (lo | 1) & M64

    def below(self, n):
        if n & (n - 1) == 0:
            return self.uint64() & (n - 1)
        while True:
            product = self.uint64() * n
            if product & M64 >= 2**64 % n:
                return product >> 64


def draw(random, classes):
    rows = []
    for c in sorted(set(classes)):
        of = [i for i, k in enumerate(classes) if k == c]
        rows += [of[random.below(len(of))] for _ in of]
    return sorted(rows)


def main():
    wilson = []
    for k, n, confidence in [(0, 4, 0.95), (4, 4, 0.95), (3, 4, 0.95), (1, 1, 0.9), (422, 600, 0.95), (3612, 3750, 0.95), (3606, 3750, 0.99), (17499, 17500, 0.95)]:
        low, high = binomtest(k, n).proportion_ci(confidence, method="wilson")
        wilson.append(dict(k=k, n=n, confidence=confidence, low=float(low), high=float(high)))

    paired = []
    for a, b in [([0.92, 0.93, 0.925], [0.91, 0.915, 0.905]), ([0.5, 0.6], [0.55, 0.56]), ([1, 1, 1, 1], [2, 2.5, 2, 1])]:
        low, high = ttest_rel(a, b).confidence_interval(0.95)
        paired.append(dict(a=a, b=b, low=float(low), high=float(high)))

    bootstrap = []
    for classes, draws, seed, confidence in [([0, 0, 0, 1], 20, 1, 0.95), ([1, 0, 0, 1, 0, 1, 1], 50, 2, 0.9), ([0] * 10 + [1] * 13, 200, 2**63, 0.95)]:
        x = np.round(np.random.default_rng(seed % 1000).normal(size=len(classes)), 3)
        random = PCG(seed, 0)
        rows = [draw(random, classes) for _ in range(draws)]
        tail = 50 * (1 - confidence)
        bounds = [np.percentile([f(x[r]) for r in rows], [tail, 100 - tail]).tolist() for f in (np.mean, np.median)]
        bootstrap.append(dict(classes=classes, draws=draws, seed=str(seed), confidence=confidence, x=x.tolist(), rows=rows, mean=bounds[0], median=bounds[1]))
    path = pathlib.Path(__file__).with_name("interval_golden.json")
    path.write_text(json.dumps(dict(wilson=wilson, paired=paired, bootstrap=bootstrap)) + "\n")


if __name__ == "__main__":  # kdlib/study/analysis/testdata/gen_statistics.py draws with the same generator
    main()
