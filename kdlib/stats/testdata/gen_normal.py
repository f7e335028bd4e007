# Python 3.11, scipy 1.17.1, statsmodels 0.15.0. Writes normal_golden.json beside itself.
# z: statsmodels.stats.weightstats._zstat_generic2, two-sided. score: statsmodels.stats.proportion.proportions_ztest with the
# variance of the null hypothesis. detectable: statsmodels.stats.power.NormalIndPower of one sample, two-sided, 0.05 and 0.8.
# error: of statsmodels' zconfint_generic.
import json, pathlib
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportions_ztest
from statsmodels.stats.weightstats import _zconfint_generic, _zstat_generic2

z = [dict(distance=d, error=e, p=float(_zstat_generic2(d, e, "two-sided")[1])) for d, e in [(0.0, 1.0), (0.01, 0.02), (-0.03, 0.01), (0.25, 0.125), (2.0, 0.2)]]
score = [dict(k=k, n=n, share=share, p=float(proportions_ztest(k, n, share, prop_var=share)[1]))
         for k, n, share in [(1797, 3750, 0.5), (40, 4000, 0.015), (3600, 4000, 0.91), (0, 20, 0.1), (5, 10, 0.5)]]
detectable = [dict(error=e, effect=e * float(NormalIndPower().solve_power(nobs1=1, ratio=0, alpha=0.05, power=0.8, alternative="two-sided"))) for e in (1.0, 0.003)]
errors = [dict(confidence=c, error=e, low=float(_zconfint_generic(0.4, e, 1 - c, "two-sided")[0]), high=float(_zconfint_generic(0.4, e, 1 - c, "two-sided")[1]))
          for c, e in [(0.95, 0.02), (0.9, 1.5)]]
path = pathlib.Path(__file__).with_name("normal_golden.json")
path.write_text(json.dumps(dict(z=z, score=score, detectable=detectable, errors=errors), indent=1) + "\n")
