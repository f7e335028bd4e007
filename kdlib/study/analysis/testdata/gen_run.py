# Python 3.11, numpy 2.4.6, scikit-learn 1.9.1. Writes run/, the files that a tiny study leaves, and expected.json, what its
# tables must say (computed here, by other code than kdlib's).
import csv, json, pathlib
import numpy as np
from sklearn.metrics import accuracy_score, log_loss

here = pathlib.Path(__file__).parent
run = here / "run"
random = np.random.default_rng(20)
sizes = {"train": 28, "validation": 6, "test": 8}
models = ["teacher", "classical", "hard", "hard-1", "soft", "soft-1"]
learned_from = {"hard": "teacher", "soft": "teacher", "hard-1": "hard", "soft-1": "soft"}


def write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(rows)


training = {"network": "resnet18", "weights": "", "dropout": 0,
            "optimizer": {"variant": "keras", "learning_rate": 0.001, "decay": 0},
            "augment": {"flip": True, "shift": 0.1}, "epochs": 3, "batch": 4, "seed": 1}
study = {"name": "tiny", "data": {"pictures": 42, "size": 32, "seed": 1}, "teacher": training, "student": training,
         "generations": 1, "repetitions": 2, "timing": {"size": 32, "images": 3}, "reductions": ["made by a script"]}
run.mkdir(exist_ok=True)
(run / "study.json").write_text(json.dumps(study, indent=2) + "\n")
(run / "sessions.json").write_text(json.dumps([{
    "command": ["kd", "study"], "commit": "0123abc", "modified": False, "started": "2026-01-02T03:04:05Z", "ended": None,
    "machine": {"cpu": "abacus", "cores": 2, "system": "linux/amd64"}, "software": {"go": "go1.26"}}], indent=2) + "\n")

ids, labels = {}, {}
for name, n in sizes.items():
    labels[name] = np.arange(n) % 2
    ids[name] = [f"{'dog' if y else 'cat'}.{name}{i}" for i, y in enumerate(labels[name])]

p = {}
for model in models:
    for name, n in sizes.items():
        p[model, name] = np.round(np.clip(labels[name] * 0.5 + 0.25 + random.normal(0, 0.3, n), 0.01, 0.99), 3)
        write(run / model / f"{name}.csv", ["id", "set", "label", "p"], [[i, name, y, v] for i, y, v in zip(ids[name], labels[name], p[model, name])])
    for k in range(2):
        p[model, k] = np.round(np.clip(labels["test"] * 0.4 + 0.3 + random.normal(0, 0.3, 8), 0.01, 0.99), 3)
        write(run / model / f"test-augmented-{k}.csv", ["id", "set", "label", "p"], [[i, "test", y, v] for i, y, v in zip(ids["test"], labels["test"], p[model, k])])
    write(run / model / "history.csv", ["epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "seconds"],
          [[1, 0.9, 0.5, 0.8, 0.5, 30], [2, 0.5, 0.7, 0.6, 0.75, 30], [3, 0.4, 0.8, 0.7, 0.75, 30]])

calls = [("resnet50", [9.0, 0.4, 0.2, 0.3]), ("resnet18", [5.0, 0.1, 0.05, 0.2])]
write(run / "timing.csv", ["network", "size", "batch", "call", "prepare_seconds", "answer_seconds"],
      [[network, 32, 1, i, 0.01 * (i + 1), s] for network, seconds in calls for i, s in enumerate(seconds)])


def taught(model, name):
    q = p[learned_from[model], name]
    return (q > 0.5).astype(float) if model.startswith("hard") else q


def score(q, y):
    """Cross-entropy also for soft labels: scikit-learn's log_loss with each object once a cat and once a dog, weighted."""
    loss = log_loss(np.r_[np.zeros(len(q)), np.ones(len(q))], np.r_[q, q], sample_weight=np.r_[1 - y, y])
    return {"n": len(q), "loss": loss, "accuracy": accuracy_score(y > 0.5, q > 0.5), "uncertainty": float(np.mean((q - (q > 0.5)) ** 2))}


expected = {"scores": {}, "augmented": {}}
for model in models:
    for name in sizes:
        expected["scores"][f"{model} {name} hand"] = score(p[model, name], labels[name].astype(float))
        if model in learned_from:
            expected["scores"][f"{model} {name} teacher"] = score(p[model, name], taught(model, name))
    passes = [score(p[model, k], labels["test"].astype(float)) for k in range(2)]
    expected["augmented"][model] = {"each": passes, "mean": {k: float(np.mean([s[k] for s in passes])) for k in passes[0]}}
expected["histogram teacher train 0.25"] = (np.histogram(p["teacher", "train"], np.arange(5) / 4)[0] / 28).tolist()
(here / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
