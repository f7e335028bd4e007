# Python 3.11, scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4.6. Writes decision_golden.json beside itself.
# Cost: confusion_matrix with sample weights, TunedThresholdClassifierCV on predictions that are there. AURC: torch-uncertainty's
# formula (trapezes of the cumulated errors by descending confidence, over 1 - 1/n) in numpy; equal doubts: the mean over all orders.
# Temperature: scipy's Brent on the log loss. Isotonic: IsotonicRegression.
import itertools, json, pathlib
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import confusion_matrix, make_scorer
from sklearn.model_selection import TunedThresholdClassifierCV

rng = np.random.default_rng(5)


class Known(ClassifierMixin, BaseEstimator):  # a model whose input is its prediction
    classes_ = np.array([0, 1])

    def fit(self, x, y):
        return self

    def __sklearn_is_fitted__(self):
        return True

    def predict_proba(self, x):
        return np.stack([1 - x[:, 0], x[:, 0]], 1)

    def predict(self, x):
        return (x[:, 0] > 0.5).astype(int)


def cost_of(y, says, fp, fn, dogs):
    share = y.mean()
    weight = np.where(y == 1, dogs / share, (1 - dogs) / (1 - share)) if dogs else np.ones(len(y))
    (_, b), (c, _) = confusion_matrix(y, says, sample_weight=weight, labels=[0, 1])
    return (fp * b + fn * c) / weight.sum()


def costs(p, y, fp, fn, dogs):
    at = np.unique(np.concatenate([[0, 0.5, 1], (np.unique(p)[1:] + np.unique(p)[:-1]) / 2]))
    every = [float(cost_of(y, p > t, fp, fn, dogs)) for t in at]
    between = np.setdiff1d(at, p)  # scikit-learn's p >= t is p > t there
    tuned = TunedThresholdClassifierCV(Known(), scoring=make_scorer(cost_of, greater_is_better=False, fp=fp, fn=fn, dogs=dogs),
                                       thresholds=between, cv="prefit", refit=False, store_cv_results=True).fit(p[:, None], y)
    return dict(fp=fp, fn=fn, dogs=dogs, at=at.tolist(), every=every, best=float(-tuned.best_score_), tuned=float(tuned.best_threshold_))


def aurc(errors):
    n = len(errors)
    rates = np.cumsum(errors) / np.arange(1, n + 1)
    return float(np.trapezoid(rates, np.arange(1, n + 1) / n) / (1 - 1 / n))


def risk(p, y, threshold):
    says = (p > threshold).astype(int)
    doubt, wrong = (p - says) ** 2, (says != y).astype(float)
    order = np.argsort(doubt, kind="stable")
    rates = np.cumsum(wrong[order]) / np.arange(1, len(p) + 1)
    return dict(threshold=threshold, risk=rates.tolist(), area=aurc(wrong[order]), least=aurc(np.sort(wrong)))


def ties(p, y):
    says = (p > 0.5).astype(int)
    doubt, wrong = (p - says) ** 2, (says != y).astype(float)
    areas = [aurc(wrong[list(o)]) for o in itertools.permutations(range(len(p))) if (np.diff(doubt[list(o)]) >= 0).all()]
    return dict(p=p.tolist(), y=y.tolist(), area=float(np.mean(areas)), orders=len(areas))


def temperature(p, z, y):
    loss = lambda t: np.mean(np.logaddexp(0, z / np.exp(t)) - y * z / np.exp(t))
    return float(np.exp(minimize_scalar(loss, bracket=(-1, 1), method="brent", tol=1e-12).x))


cases = []
for name, n, scale, decimals in [("sure", 300, 2.5, 17), ("doubting", 200, 0.4, 17), ("rounded", 150, 1.5, 2)]:
    truth = rng.normal(0, 2, n)
    y = (rng.random(n) < expit(truth)).astype(int)
    z = scale * truth + rng.normal(0, 0.3, n)
    p = expit(z).round(decimals)
    if name == "rounded":
        p = p.clip(0.01, 0.99)
        z = np.log(p) - np.log1p(-p)
    new = np.concatenate([[0, 1], rng.random(40), p[:20]])
    fit = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(p, y)
    t = temperature(p, z, y)
    cases.append(dict(name=name, p=p.tolist(), y=y.tolist(), z=z.tolist(),
                      costs=[costs(p, y, *c) for c in [(1, 1, 0), (1, 5, 0), (10, 1, 0.2), (0, 1, 0.9), (3.5, 2, 0.01)]],
                      risk=[risk(p, y, c) for c in ([0.5, 0.3] if decimals > 2 else [])],
                      temperature=t, scaled=expit(z / t).tolist(), new=new.tolist(), isotonic=fit.predict(new).tolist()))
few = [ties(np.array(p), np.array(y)) for p, y in [([0.9, 0.9, 0.9, 0.6, 0.4], [1, 0, 1, 0, 1]), ([1, 1, 0, 0, 1, 0, 0.5], [1, 0, 0, 1, 1, 0, 1])]]
path = pathlib.Path(__file__).with_name("decision_golden.json")
path.write_text('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + '\n],\n"ties": ' + json.dumps(few) + "}\n")
