# Python 3.11, numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0. Writes paired_golden.json beside itself.
# tost: statsmodels.stats.weightstats.ttost_paired. p: scipy.stats.ttest_rel. power, effect, pairs: statsmodels' TTestPower, two-sided; effects
# by scipy.integrate.quad, since scipy's noncentral t is NaN for some that the search passes.
# holm: statsmodels.stats.multitest.multipletests. looks: |Z(k)| >= C sqrt(K / k) by scipy's normal distribution of several
# variables (K = 2 and 3 by its quadrature, no more: beyond that it draws at random), C by brentq.
import json, math, pathlib
import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import chi, multivariate_normal, norm, t, ttest_rel
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import ttost_paired

rng = np.random.default_rng(19)
tost = []
for a, b, margin in [([0.92, 0.93, 0.925], [0.91, 0.915, 0.905], 0.01), ([0.873, 0.875, 0.871], [0.874, 0.8735, 0.872], 0.01), ([0.5, 0.6], [0.55, 0.56], 0.2),
                     (rng.normal(0.9, 0.004, 20).round(4).tolist(), rng.normal(0.901, 0.004, 20).round(4).tolist(), 0.01)]:
    a_, b_ = np.array(a), np.array(b)
    tost.append(dict(a=a, b=b, margin=margin, tost=float(ttost_paired(a_, b_, -margin, margin)[0]), p=float(ttest_rel(a_, b_).pvalue)))

power = TTestPower()
powers = [dict(effect=e, n=n, level=level, power=float(power.power(e, n, level, alternative="two-sided")))
          for e, n, level in [(0, 5, 0.05), (0.5, 2, 0.05), (0.5, 3, 0.05), (2, 3, 0.05), (0.5, 20, 0.05), (0.9, 20, 0.01), (0.126, 500, 0.05), (4, 10, 0.1)]]


def by_integral(e, n, level):
    nu, c = n - 1, t.ppf(1 - level / 2, n - 1)
    chance = lambda x: norm.cdf(e * math.sqrt(n) - c * x / math.sqrt(nu)) + norm.cdf(-e * math.sqrt(n) - c * x / math.sqrt(nu))
    return quad(lambda x: chi.pdf(x, nu) * chance(x), 0, math.sqrt(nu) + 10, epsabs=1e-13, epsrel=1e-13, limit=500, points=[math.sqrt(nu)])[0]


effects = [dict(n=n, level=0.05, power=p, effect=float(brentq(lambda e: by_integral(e, n, 0.05) - p, 1e-6, 22 / math.sqrt(n), xtol=1e-13)))
           for n, p in [(2, 0.8), (3, 0.8), (5, 0.8), (20, 0.8), (20, 0.95), (500, 0.8)]]
needed = []
for e, level, p in [(0.5, 0.05, 0.8), (0.126, 0.05, 0.8), (2, 0.01, 0.9), (10, 0.05, 0.8)]:
    n = 2
    while power.power(e, n, level, alternative="two-sided") < p:
        n += 1
    needed.append(dict(effect=e, level=level, power=p, n=n))

holm = [dict(p=p, adjusted=multipletests(p, method="holm")[1].tolist())
        for p in [[0.01, 0.04, 0.03, 0.005], [0.045], [0.2, 0.9, 0.5], [0.011, 0.011, 0.045, 0.0001, 1.0, 0.0]]]


def within(c, looks):
    covariance = [[math.sqrt(min(i, j) / max(i, j)) for j in range(1, looks + 1)] for i in range(1, looks + 1)]
    bound = np.array([c * math.sqrt(looks / k) for k in range(1, looks + 1)])
    return multivariate_normal(cov=covariance, abseps=1e-12, releps=1e-12).cdf(bound, lower_limit=-bound)


looks = []
for n, level in [(1, 0.05), (2, 0.05), (2, 0.01), (3, 0.05)]:
    c = norm.ppf(1 - level / 2) if n == 1 else brentq(lambda c: within(c, n) - (1 - level), 1.5, 4, xtol=1e-12)
    looks.append(dict(looks=n, level=level, levels=[float(2 * norm.sf(c * math.sqrt(n / k))) for k in range(1, n + 1)]))
pathlib.Path(__file__).with_name("paired_golden.json").write_text(
    json.dumps(dict(tost=tost, powers=powers, effects=effects, needed=needed, holm=holm, looks=looks), indent=1) + "\n")
