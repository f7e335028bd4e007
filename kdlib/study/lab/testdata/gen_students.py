# Python 3.11, numpy 2.4.6. Writes students_golden.json beside itself: two students of 5 units on 4 features, trained in float64 by
# formulas (1)-(5) and (9) for 40 steps of 6 pictures each, and their logits on all pictures and sums of losses and right predictions afterwards.
import json, pathlib
import numpy as np

rng = np.random.default_rng(11)
n, features, width, batch, steps, rate, decay = 24, 4, 5, 6, 40, 0.01, 0.02
x = rng.normal(size=(n, features)).astype(np.float32)
students = []
for _ in range(2):
    theta = [rng.normal(size=s).astype(np.float32) for s in [(features, width), (width,), (width, 1), (1,)]]
    y = rng.random(n).astype(np.float32)
    rows = rng.integers(0, n, (steps, batch))
    first = [t.ravel().tolist() for t in theta]
    w = [t.astype(np.float64) for t in theta]
    m, v = [np.zeros_like(t) for t in w], [np.zeros_like(t) for t in w]
    losses = right = 0.0
    for t in range(1, steps + 1):
        a, label = x[rows[t - 1]].astype(np.float64), y[rows[t - 1]].astype(np.float64)[:, None]
        hidden = np.maximum(a @ w[0] + w[1], 0)
        z = hidden @ w[2] + w[3]
        losses += np.mean(np.logaddexp(0, z) - label * z)
        right += np.sum((z > 0) == (label > 0.5))
        dz = (1 / (1 + np.exp(-z)) - label) / batch
        dh = dz @ w[2].T * (hidden > 0)
        eta = rate / (1 + decay * (t - 1)) * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        for i, g in enumerate([a.T @ dh, dh.sum(0), hidden.T @ dz, dz.sum(0)]):
            m[i], v[i] = 0.9 * m[i] + 0.1 * g, 0.999 * v[i] + 0.001 * g * g
            w[i] -= eta * m[i] / (np.sqrt(v[i]) + 1e-7)
    logits = (np.maximum(x @ w[0] + w[1], 0) @ w[2] + w[3]).ravel()
    students.append(dict(first=first, y=y.tolist(), rows=rows.tolist(), logits=logits.tolist(), losses=float(losses), right=float(right)))
pathlib.Path(__file__).with_name("students_golden.json").write_text(json.dumps(dict(
    x=x.ravel().tolist(), features=features, width=width, batch=batch, rate=rate, decay=decay, students=students), indent=1) + "\n")
