# Python 3.11, scikit-learn 1.9.1, numpy 2.4.6. Writes calibration_golden.json beside itself.
# Brier: brier_score_loss. Bins: numpy.digitize on i/n, closed at 1; ECE and overconfidence by numpy.
import json, pathlib
import numpy as np
from sklearn.metrics import accuracy_score, brier_score_loss

rng = np.random.default_rng(11)
cases = []
for name, n, bins, decimals in [("ten", 300, 10, 17), ("edges", 200, 20, 2), ("few", 5, 10, 17), ("one bin", 50, 1, 17)]:
    p = rng.beta(0.4, 0.4, n).round(decimals)
    if name == "edges":
        p[:6] = [0, 1, 0.05, 0.15, 0.95, 0.5]
    y = (rng.random(n) < 0.15 + 0.7 * p).astype(int)
    at = np.minimum(np.digitize(p, np.arange(bins + 1) / bins) - 1, bins - 1)
    rows = [(int((at == b).sum()), p[at == b].mean() if (at == b).any() else 0, y[at == b].mean() if (at == b).any() else 0) for b in range(bins)]
    cases.append(dict(name=name, p=p.tolist(), y=y.tolist(), width=1 / bins, bins=rows,
                      ece=sum(c / n * abs(a - b) for c, a, b in rows), brier=brier_score_loss(y, p),
                      over=float(np.maximum(p, 1 - p).mean() - accuracy_score(y, p > 0.5))))
path = pathlib.Path(__file__).with_name("calibration_golden.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
