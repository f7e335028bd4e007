# scikit-learn 1.9.1, numpy 2.4.6. Writes curves_golden.json beside itself.
# Answers are float32, as the networks give them; some lie on thresholds, many are the same, some are 0 or 1.
import json, pathlib
import numpy as np
from sklearn import metrics

THRESHOLDS = [0.0, 0.15, 0.3, 0.35, 0.5, 0.6, 0.7, 0.95, 0.99]


def case(name, p, y):
    truth = (y > 0.5).astype(int)  # soft labels become classes by (13)
    fpr, tpr, _ = metrics.roc_curve(truth, p, drop_intermediate=False)
    precision, recall, _ = metrics.precision_recall_curve(truth, p)
    at = []
    for th in THRESHOLDS:
        said = (p.astype(np.float64) > th).astype(int)
        (tn, fp), (fn, tp) = metrics.confusion_matrix(truth, said, labels=[0, 1]).tolist()
        at.append({
            "threshold": th, "tp": tp, "fn": fn, "fp": fp, "tn": tn,
            "precision": float(metrics.precision_score(truth, said, zero_division=0)),
            "recall": float(metrics.recall_score(truth, said)),
            "f1": float(metrics.f1_score(truth, said)),
        })
    return {
        "name": name, "p": p.astype(np.float64).tolist(), "y": y.tolist(),
        "fpr": fpr.tolist(), "tpr": tpr.tolist(), "auc": float(metrics.roc_auc_score(truth, p)),
        "recall": recall[::-1].tolist(), "precision": precision[::-1].tolist(),
        "ap": float(metrics.average_precision_score(truth, p)), "at": at,
    }


def draw(rng, n, digits=None):
    y = rng.integers(0, 2, n).astype(float)
    p = 1 / (1 + np.exp(-(1.5 * (2 * y - 1) + 2 * rng.normal(size=n))))
    if digits is not None:
        p = p.round(digits)
    return p.astype(np.float32), y


rng = np.random.default_rng(7)
edge = np.array([0, 0.15, 0.3, 0.35, 0.5, 0.6, 0.7, 0.95, 1, 0, 0.15, 0.35, 0.6, 0.95, 1, 1], dtype=np.float32)
cases = [
    case("all different", *draw(rng, 120)),
    case("many the same", *draw(rng, 120, 1)),
    case("edges", edge, np.array([0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0], dtype=float)),
    case("soft labels", draw(rng, 80)[0], draw(rng, 80)[0].astype(float)),
    case("no mistake", np.array([0.1, 0.2, 0.9], dtype=np.float32), np.array([0.0, 0, 1])),
    case("all wrong", np.array([0.9, 0.8, 0.1], dtype=np.float32), np.array([0.0, 0, 1])),
]
path = pathlib.Path(__file__).with_name("curves_golden.json")
path.write_text(json.dumps(cases, indent=None) + "\n")
