# Python 3.11, scikit-learn 1.9.1, numpy 2.4.6. Writes curve_golden.json beside itself.
# roc_curve and precision_recall_curve with every threshold; sweep: accuracy_score, precision_score, recall_score, f1_score
# of p > threshold, and the false positive rate of confusion_matrix.
import json, pathlib
import numpy as np
from sklearn.metrics import (accuracy_score, average_precision_score, confusion_matrix, f1_score, precision_recall_curve,
                             precision_score, recall_score, roc_auc_score, roc_curve)

rng = np.random.default_rng(7)
cases = []
for name, n, decimals in [("four", 4, 17), ("ties", 60, 1), ("crowded", 200, 3), ("fine", 150, 17)]:
    p = np.clip(rng.beta(0.5, 0.5, n), 0, 1).round(decimals)
    y = (rng.random(n) < 0.2 + 0.6 * p).astype(int)
    y[:2] = [0, 1]
    if name == "crowded":
        p[:4] = [0, 1, 0.5, 0.5]
    fpr, tpr, _ = roc_curve(y, p, drop_intermediate=False)
    precision, recall, _ = precision_recall_curve(y, p)
    sweep = []
    for threshold in [0, 0.1, 0.25, 0.5, 0.7, 0.999, 1]:
        said = (p > threshold).astype(int)
        (tn, fp), (fn, tp) = confusion_matrix(y, said, labels=[0, 1])
        sweep.append(dict(threshold=threshold, counts=[int(v) for v in (tp, fp, tn, fn)],
                          metrics=[accuracy_score(y, said), precision_score(y, said, zero_division=0), recall_score(y, said),
                                   f1_score(y, said, zero_division=0), float(fp / (fp + tn))]))
    cases.append(dict(name=name, p=p.tolist(), y=y.tolist(), fpr=fpr.tolist(), tpr=tpr.tolist(), auc=roc_auc_score(y, p),
                      precision=precision[::-1].tolist(), recall=recall[::-1].tolist(), ap=average_precision_score(y, p), sweep=sweep))
path = pathlib.Path(__file__).with_name("curve_golden.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
