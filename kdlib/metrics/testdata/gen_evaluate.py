# Python 3.11, scikit-learn 1.9.1, numpy 2.4.6. Writes evaluate_golden.json beside itself.
# One set of predictions by every measure of sklearn.metrics; the best threshold is searched among 0, 0.5, 1 and the middles between
# neighbouring predictions, by accuracy_score, f1_score and roc_curve's tpr - fpr, the nearest to 0.5 where several do as well.
# Calibration error: numpy.digitize on i/10, closed at 1.
import json, pathlib, warnings
import numpy as np
from sklearn.metrics import (accuracy_score, auc, average_precision_score, balanced_accuracy_score, brier_score_loss, confusion_matrix,
                             f1_score, log_loss, precision_recall_curve, precision_recall_fscore_support, roc_auc_score, roc_curve)

warnings.simplefilter("error")


def best(p, y, measure):
    different = np.unique(p)
    candidates = sorted([0.5, 0, 1, *((different[1:] + different[:-1]) / 2)], key=lambda t: abs(t - 0.5))
    values = [measure(y, (p > t).astype(int)) for t in candidates]
    at = next(i for i, v in enumerate(values) if v > max(values) - 1e-12)
    return [float(candidates[at]), float(values[at])]


def youden(y, said):
    (tn, fp), (fn, tp) = confusion_matrix(y, said, labels=[0, 1])
    return tp / (tp + fn) - fp / (fp + tn)


def ece(p, y, bins=10):
    at = np.minimum(np.digitize(p, np.arange(bins + 1) / bins) - 1, bins - 1)
    return sum(abs(p[at == b].mean() - y[at == b].mean()) * (at == b).sum() for b in range(bins) if (at == b).any()) / len(p)


rng = np.random.default_rng(20)
cases = []
for name, n, dogs, decimals, threshold in [("balanced", 300, 0.5, 17, 0.5), ("few dogs", 400, 0.1, 17, 0.3), ("ties", 80, 0.5, 1, 0.5),
                                           ("inverted", 120, 0.6, 17, 0.5), ("never dog", 40, 0.3, 17, 0.9)]:
    y = (rng.random(n) < dogs).astype(int)
    y[:2] = [0, 1]
    p = 1 / (1 + np.exp(-rng.normal(2.5 * (y - 0.5), 1.5)))
    if name == "inverted":
        p = 1 - p
    if name == "never dog":
        p = 0.85 * p
    p = np.clip(p, 0.001, 0.999).round(decimals)
    if name == "ties":
        p = np.clip(p, 0.1, 0.9)
    said = (p > threshold).astype(int)
    precision, recall, f1, support = precision_recall_fscore_support(y, said, labels=[0, 1], zero_division=0)
    fpr, tpr, _ = roc_curve(y, p, drop_intermediate=False)
    curve_precision, curve_recall, _ = precision_recall_curve(y, p)
    best_youden = best(p, y, youden)
    assert abs(best_youden[1] - max(tpr - fpr)) < 1e-12
    cases.append(dict(name=name, p=p.tolist(), y=y.tolist(), threshold=threshold, accuracy=accuracy_score(y, said),
                      balanced=balanced_accuracy_score(y, said), loss=log_loss(y, p), precision=precision.tolist(), recall=recall.tolist(),
                      f1=f1.tolist(), support=support.tolist(), roc=roc_auc_score(y, p), ap=average_precision_score(y, p),
                      pr=auc(curve_recall, curve_precision), brier=brier_score_loss(y, p), ece=float(ece(p, y)),
                      bestAccuracy=best(p, y, accuracy_score), bestF1=best(p, y, lambda y, said: f1_score(y, said, zero_division=0)),
                      bestYouden=best_youden))
path = pathlib.Path(__file__).with_name("evaluate_golden.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
