# Python 3.11, torch 2.15.0, scipy 1.17.1. Writes explain_golden.json: maps that torch's interpolate has resized, rank correlations by
# scipy.stats.spearmanr of lists with ties, and those of maps of different sizes.
import json, pathlib
import torch
from scipy.stats import spearmanr

HERE = pathlib.Path(__file__).parent
torch.manual_seed(1)


def resized(m, rows, columns):
    return torch.nn.functional.interpolate(m[None, None], (rows, columns), mode="bilinear", align_corners=False)[0, 0]


def ordered(m, to):
    """A resized map without torch's rounding, which parts equal numbers."""
    return resized(m.double(), *to).ravel().round(decimals=6)


def numbers(m):
    return [float(f"{v:.7g}") for v in m.ravel().tolist()]


def as_map(m):
    return {"Rows": m.shape[0], "Columns": m.shape[1], "Values": numbers(m)}


resizes = []
for rows, columns, to in [(2, 2, (5, 5)), (4, 3, (9, 7)), (7, 7, (3, 4)), (1, 3, (2, 6))]:
    m = torch.randn(rows, columns)
    resizes.append({"From": as_map(m), "To": as_map(resized(m, *to))})
correlations = []
for n, levels in [(12, 3), (49, 1000), (16, 16)]:
    a, b = torch.randint(levels, (n,)), torch.randint(levels, (n,))
    correlations.append({"A": a.tolist(), "B": b.tolist(), "R": float(spearmanr(a, b).statistic)})
agreements = []
for (r, c), (s, d) in [((4, 4), (4, 4)), ((2, 2), (7, 7)), ((8, 4), (4, 8))]:
    a, b = torch.randn(r, c), torch.randn(s, d)
    to = max(r, s), max(c, d)
    agreements.append({"A": as_map(a), "B": as_map(b), "R": float(spearmanr(ordered(a, to), ordered(b, to)).statistic)})
(HERE / "explain_golden.json").write_text(json.dumps({"Resizes": resizes, "Correlations": correlations, "Agreements": agreements}).replace('}, {', '},\n{') + "\n")
