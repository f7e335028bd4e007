# Python 3.11, torch 2.15.0, torchvision 0.29.2, numpy 2.4.6. Writes mobilenet-v2-quarter_golden.json and <name>_layers.csv of both
# networks beside itself: torchvision's mobilenet_v2 with a dense layer of one output, in float64.
# Weights are computed from their names (package network/internal/formula), in Go the same way, so that no weights need to be kept.
import csv, json, pathlib, sys
import numpy as np
import torch
from torchvision.models import mobilenet_v2

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../../internal/formula"))
from formula import SAMPLES, keep, sample, to_ours, to_torch, uniform, value

torch.set_num_threads(1)  # sums have one order
torch.set_default_dtype(torch.float64)
SHAPE, BATCH = (40, 56, 3), 4  # not square; odd sizes on the way: 5 x 7, 3 x 4
LABELS = [1.0, 0.0, 0.3, 1.0]
HEAD = "classifier.1"
KINDS = {"BatchNorm2d": "BatchNormalization", "Linear": "Dense", "ReLU6": "ReLU"}
NORM = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def ours(model, key):
    """Name of a torch tensor in kdlib."""
    module, kind = key.rsplit(".", 1)
    if module == HEAD:
        return "dense/" + {"weight": "kernel", "bias": "bias"}[kind]
    if isinstance(model.get_submodule(module), torch.nn.BatchNorm2d):
        return f"{module}/{NORM[kind]}"
    return f"{module}/kernel"


def gradient(tensor):
    """A beta whose sums go through batch normalization has no influence: its gradient is 0 but for rounding, which is not kept."""
    return sample(tensor) if np.linalg.norm(tensor) > 1e-12 else [0.0] * (1 + SAMPLES)


def outputs(logits):
    logits = logits.detach().numpy().ravel()
    return [keep(v, np.abs(logits).max()) for v in logits]


def filled(model):
    state = {}
    for key, t in model.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            state[key] = torch.tensor(np.ascontiguousarray(to_torch(value(ours(model, key), to_ours(t.numpy()).shape))))
    model.load_state_dict(state)
    return model


def write_layers(name, model):
    """Rows as the modules come in the forward pass."""
    rows = []

    def row(module, _, out):
        kind = KINDS.get(type(module).__name__) or ("DepthwiseConv2D" if module.groups > 1 else "Conv2D")
        trained = sum(p.numel() for p in module.parameters())
        total = 2 * trained if kind == "BatchNormalization" else trained  # with the statistics
        label = "dense" if module.kdlib == HEAD else module.kdlib
        rows.append([label, kind, "x".join(map(str, (*out.shape[2:], out.shape[1]))), total, trained])

    for label, module in model.named_modules():
        if type(module).__name__ in KINDS or isinstance(module, torch.nn.Conv2d):
            module.kdlib = label
            module.register_forward_hook(row)
    model(torch.zeros(2, 3, 224, 224))
    with open(HERE / f"{name}_layers.csv", "w", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([["name", "kind", "output", "params", "trainable"], *rows])


def write_golden(name, model):
    x = torch.tensor(uniform("picture", BATCH * int(np.prod(SHAPE))).reshape(BATCH, *SHAPE).transpose(0, 3, 1, 2).copy())
    pooled = []
    model.classifier[0].p = 0.0  # dropout
    model.classifier.register_forward_hook(lambda m, i, o: pooled.append(i[0].detach().numpy()))
    model.eval()
    golden = dict(shape=[BATCH, *SHAPE], labels=LABELS, logits=outputs(model(x)), features=sample(pooled[0]))
    model.train()
    logits = model(x)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, torch.tensor(LABELS).reshape(BATCH, 1))
    loss.backward()
    golden["loss"] = keep(float(loss.detach()), float(loss.detach()))
    golden["training_logits"] = outputs(logits)
    golden["gradients"] = {ours(model, k): gradient(to_ours(p.grad.numpy())) for k, p in model.named_parameters()}
    golden["moved"] = {ours(model, k): sample(t.numpy()) for k, t in model.state_dict().items() if "running" in k}
    (HERE / f"{name}_golden.json").write_text(json.dumps(golden).replace('], "', '],\n"') + "\n")


for name, width in {"mobilenet-v2": 1.0, "mobilenet-v2-quarter": 0.25}.items():
    write_layers(name, mobilenet_v2(num_classes=1, width_mult=width))
write_golden("mobilenet-v2-quarter", filled(mobilenet_v2(num_classes=1, width_mult=0.25)))
