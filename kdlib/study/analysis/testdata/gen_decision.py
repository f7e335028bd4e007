# Python 3.11, scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4.6. Writes decision.json: what the tables of costs, withheld predictions
# and recalibration must say of run/, which gen_run.py makes. Draws of the bootstrap are those of gen_statistics.py.
import json
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss
from gen_statistics import draws_of, ece, here, models, read

FP, FN, DOGS = 1, 10, 0.3  # report.CostsShown


def cost(p, y, t):
    return float((1 - DOGS) * FP * (p[y == 0] > t).mean() + DOGS * FN * (p[y == 1] <= t).mean())


def chosen(p, y):  # of the middles between predictions, 0, 0.5 and 1: the cheapest, then the nearest to 0.5
    u = np.unique(p)
    return min([0, 0.5, 1, *(u[1:] + u[:-1]) / 2], key=lambda t: (round(cost(p, y, t), 12), abs(t - 0.5)))


def area(wrong):
    n = len(wrong)
    return float(np.trapezoid(np.cumsum(wrong) / np.arange(1, n + 1), np.arange(1, n + 1) / n) / (1 - 1 / n))


def aurc(p, y):  # of equal doubts each is wrong to the same part
    doubt, wrong = (p - (p > 0.5)) ** 2, ((p > 0.5) != y).astype(float)
    kinds, of = np.unique(doubt, return_inverse=True)
    share = np.bincount(of, wrong) / np.bincount(of)
    return area(share[np.sort(of)])


def interval(f, p, y):
    return np.percentile([f(p[d], y[d]) for d in draws_of(y)], [2.5, 97.5]).tolist()


def measures(p, y, t):
    return [float(ece(y, p)), float(brier_score_loss(y, p)), float(np.mean((p - (p > 0.5)) ** 2)), cost(p, y, t)]


if __name__ == "__main__":
    out = {}
    for model in models:
        (vp, vy), (p, y) = read(model, "validation"), read(model, "test")
        t = chosen(vp, vy)
        doubt, wrong = (p - (p > 0.5)) ** 2, ((p > 0.5) != y).astype(float)
        share = vy.mean()
        odds = FP * (1 - DOGS) / (1 - share), FN * DOGS / share
        bayes = odds[0] / sum(odds)
        loss = lambda s: np.mean(np.logaddexp(0, logit(vp) / np.exp(s)) - vy * logit(vp) / np.exp(s))
        found = minimize_scalar(loss, bounds=(-4, 12), method="bounded", options=dict(xatol=1e-10))
        temperature = float(np.exp(found.x)) if found.x < 11 else None
        ways = {"as they are": measures(p, y, bayes), "isotonic": measures(IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(vp, vy).predict(p), y, bayes)}
        if temperature:
            ways["temperature"] = [temperature, *measures(expit(logit(p) / temperature), y, bayes)]
        out[model] = dict(cost=[t, cost(vp, vy, t), cost(p, y, t), *interval(lambda p, y: cost(p, y, t), p, y), cost(p, y, 0.5)],
                          risk=[aurc(p, y), *interval(aurc, p, y), area(np.sort(wrong))], bayes=float(bayes), ways=ways)
    (here / "decision.json").write_text(json.dumps(out, indent=1) + "\n")
