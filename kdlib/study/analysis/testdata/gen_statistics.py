# Python 3.11, scikit-learn 1.9.1, scipy 1.17.1, numpy 2.4.6. Writes statistics.json: what the tables beyond the paper must
# say of run/, which gen_run.py makes. Draws of the bootstrap are those of kdlib/stats/testdata/gen_interval.py.
import csv, importlib.util, json, pathlib
import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, average_precision_score, brier_score_loss, f1_score, log_loss, roc_auc_score

here = pathlib.Path(__file__).parent
spec = importlib.util.spec_from_file_location("gen_interval", here / "../../../stats/testdata/gen_interval.py")
gen_interval = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gen_interval)


def read(model, name):
    with open(here / "run" / model / f"{name}.csv") as f:
        rows = list(csv.DictReader(f))
    return np.array([float(r["p"]) for r in rows]), np.array([int(r["label"]) for r in rows])


def ece(y, p):
    at = np.minimum(np.digitize(p, np.arange(11) / 10) - 1, 9)
    return sum((at == b).mean() * abs(p[at == b].mean() - y[at == b].mean()) for b in set(at))


qualities = [roc_auc_score, average_precision_score, lambda y, p: f1_score(y, p > 0.5, zero_division=0),
             lambda y, p: log_loss(y, p, labels=[0, 1]), lambda y, p: np.mean((p - (p > 0.5)) ** 2), brier_score_loss, ece]
models = ["teacher", "classical", "hard", "soft"]


def draws_of(y):
    random = gen_interval.PCG(1, 0)
    return [gen_interval.draw(random, y.tolist()) for _ in range(1000)]


if __name__ == "__main__":
    out = {"intervals": {}, "pairs": {}}
    for model in models:
        p, y = read(model, "test")
        draws = draws_of(y)
        low, high = binomtest(int(sum((p > 0.5) == y)), len(y)).proportion_ci(0.95, method="wilson")
        rows = [[accuracy_score(y, p > 0.5), float(low), float(high)]]
        for quality in qualities:
            drawn = [quality(y[d], p[d]) for d in draws]
            rows.append([float(quality(y, p)), *np.percentile(drawn, [2.5, 97.5]).tolist()])
        out["intervals"][model] = rows
    for i, a in enumerate(models):
        for b in models[i + 1:]:
            right = [(read(m, "test")[0] > 0.5) == read(m, "test")[1] for m in (a, b)]
            first, second = int(sum(right[0] & ~right[1])), int(sum(right[1] & ~right[0]))
            out["pairs"][f"{a} {b}"] = [first, second, float(binomtest(first, first + second).pvalue) if first + second else 1.0]
    (here / "statistics.json").write_text(json.dumps(out, indent=1) + "\n")
