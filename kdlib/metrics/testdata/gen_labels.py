# Python 3.11, cleanlab 2.9.0, numpy 2.4.6. Writes labels_golden.json beside itself.
# compute_confident_joint, find_label_issues (its filters of two classes agree) and get_label_quality_scores, on drawn numbers with
# labels turned round and on predictions of the committed studies.
import csv, json, pathlib
import numpy as np
from cleanlab.count import compute_confident_joint
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

here = pathlib.Path(__file__)
results = here.parents[3] / "datasets" / "results"

def expected(p, y):
    both = np.stack([1 - p, p], axis=1)
    issues = [find_label_issues(y, both, filter_by=by) for by in ("prune_by_noise_rate", "prune_by_class", "both")]
    assert all((issues[0] == other).all() for other in issues)
    quality = get_label_quality_scores(y, both)
    assert np.abs(quality - get_label_quality_scores(y, both, method="normalized_margin")).max() < 1e-15
    return dict(joint=compute_confident_joint(y, both).tolist(), issues=np.flatnonzero(issues[0]).tolist(), quality=quality[:20].tolist())

cases = []
rng = np.random.default_rng(24)
for name, n, share, turned, sharp in [("balanced", 200, 0.5, 0.1, 2), ("few dogs", 300, 0.07, 0.05, 2), ("many wrong", 150, 0.4, 0.3, 3),
                                      ("unsure", 120, 0.5, 0.1, 0.4), ("no error", 60, 0.5, 0, 9), ("six", 6, 0.5, 0.2, 2), ("worse than chance", 80, 0.5, 0.9, 3)]:
    truth = (rng.random(n) < share).astype(int)
    truth[:2] = [0, 1]
    p = 1 / (1 + np.exp(-sharp * (2 * truth - 1 + rng.normal(0, 1, n))))
    y = np.where(rng.random(n) < turned, 1 - truth, truth)
    y[:2] = [0, 1]
    cases.append(dict(name=name, p=p.tolist(), y=y.tolist(), **expected(p, y)))
for file in ["full/teacher/test.csv", "full/soft/test.csv", "full/classical/validation.csv", "reduced/hard/test.csv"]:
    rows = list(csv.DictReader(open(results / file)))
    p, y = np.array([float(r["p"]) for r in rows]), np.array([int(float(r["label"])) for r in rows])
    cases.append(dict(name=file, **expected(p, y)))
here.with_name("labels_golden.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
