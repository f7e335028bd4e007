# Python 3.11, scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4.6. Writes score_golden.json beside itself.
# Loss: sklearn.metrics.log_loss for hard labels; for soft labels scipy.special.xlogy (0 log 0 = 0).
# Accuracy: sklearn.metrics.accuracy_score of the two sides. Uncertainty: sklearn.metrics.mean_squared_error.
import json, pathlib
import numpy as np
from scipy.special import xlog1py, xlogy
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error

rng = np.random.default_rng(20261123)
cases = []
for n, labels, threshold in [(1, "hard", 0.5), (7, "hard", 0.5), (200, "hard", 0.5), (200, "hard", 0.3),
                             (200, "soft", 0.5), (200, "soft", 0.9)]:
    p = rng.beta(0.3, 0.3, n)
    y = (rng.random(n) < p).astype(float) if labels == "hard" else rng.beta(0.3, 0.3, n)
    if n > 1:
        p[0], y[0] = threshold, threshold if labels == "soft" else 0.0  # equal to the threshold: not above it
    side, own = (p > threshold), (p > threshold).astype(float)
    loss = -np.mean(xlogy(y, p) + xlog1py(1 - y, -p))
    if labels == "hard":
        other = log_loss(y, p, labels=[0, 1])
        assert abs(loss - other) < 1e-12, (loss, other)
    cases.append(dict(name=f"{n} {labels} {threshold}", p=p.tolist(), y=y.tolist(), threshold=threshold, loss=loss,
                      accuracy=accuracy_score(y > threshold, side), uncertainty=mean_squared_error(own, p)))
path = pathlib.Path(__file__).with_name("score_golden.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
