# Python 3.11, torch 2.15.0, torchvision 0.29.2, numpy 2.4.6. Writes resnet50-v1.5_layers.csv, resnet50-v1.5_golden.json, the
# same two of resnet34, <name>_layers.csv of the narrow copies of resnet18, and resnet18_torch_golden.json beside itself: torchvision's
# networks with a dense layer of one output, in float64.
# Weights are computed from their names (package network/internal/formula), in Go the same way, so that no weights need to be kept.
import csv, json, pathlib, sys
import numpy as np
import torch
import torchvision

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../../internal/formula"))
from formula import keep, sample, to_ours, to_torch, uniform, value

torch.set_num_threads(1)  # sums have one order
torch.set_default_dtype(torch.float64)
SHAPE, BATCH = (40, 56, 3), 4  # as in gen_networks.py
LABELS = [1.0, 0.0, 0.3, 1.0]
NAMES = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}


def ours(key):
    """Name of a torch tensor in kdlib."""
    module, kind = key.rsplit(".", 1)
    if module == "fc":
        return "dense/" + {"weight": "kernel", "bias": "bias"}[kind]
    if "bn" in module or module.endswith("downsample.1"):
        return f"{module}/{NAMES[kind]}"
    return f"{module}/kernel"


def filled(build):
    model = build(num_classes=1)
    state = {}
    for key, t in model.state_dict().items():
        if key.endswith("num_batches_tracked"):
            continue
        shape = to_ours(t.numpy()).shape
        state[key] = torch.tensor(np.ascontiguousarray(to_torch(value(ours(key), shape))))
    model.load_state_dict(state)
    return model


def write_layers(name, build):
    """Rows as in gen_networks.py's tables, from the modules as the forward pass meets them."""
    kinds = {"Conv2d": "Conv2D", "BatchNorm2d": "BatchNormalization", "MaxPool2d": "MaxPooling2D",
             "AdaptiveAvgPool2d": "GlobalAveragePooling2D", "Linear": "Dense", "ReLU": "Activation"}
    model, rows, seen = build(num_classes=1), [], {}

    def row(module, _, out):
        kind = kinds[type(module).__name__]
        label = {"fc": "dense"}.get(module.kdlib, module.kdlib)
        if kind == "Activation" and "." in label:  # one module, used three times
            seen[label] = seen.get(label, 0) + 1
            label += str(seen[label])
        shape = [d for d in (*out.shape[2:], out.shape[1]) if kind != "GlobalAveragePooling2D" or d != 1]
        trained = sum(p.numel() for p in module.parameters())
        total = 2 * trained if kind == "BatchNormalization" else trained  # with the statistics
        rows.append([label, kind, "x".join(map(str, shape)), total, trained])

    for label, module in model.named_modules():
        if type(module).__name__ in kinds:
            module.kdlib = label
            module.register_forward_hook(row)
    model(torch.zeros(2, 3, 224, 224))
    with open(HERE / f"{name}_layers.csv", "w", newline="") as f:
        csv.writer(f, lineterminator="\n").writerows([["name", "kind", "output", "params", "trainable"], *rows])


def write_golden(file, build, biased):
    model = filled(build)
    x = torch.tensor(uniform("picture", BATCH * int(np.prod(SHAPE))).reshape(BATCH, *SHAPE).transpose(0, 3, 1, 2).copy())
    pooled, values = [], {}
    model.avgpool.register_forward_hook(lambda m, i, o: pooled.append(o.detach().numpy()))
    golden = dict(shape=[BATCH, *SHAPE], labels=LABELS)

    def outputs(logits):
        logits = logits.detach().numpy().ravel()
        return [keep(v, np.abs(logits).max()) for v in logits]

    model.eval()
    golden["logits"] = outputs(model(x))
    golden["features"] = sample(pooled[0])
    model.train()
    for key, module in model.named_modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.register_forward_hook(lambda m, i, o, key=key: values.update({key: i[0].numel() // i[0].shape[1]}))
    old = {key: t.clone() for key, t in model.state_dict().items()}
    logits = model(x)
    target = torch.tensor(LABELS).reshape(BATCH, 1)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target)
    loss.backward()
    golden["loss"] = keep(float(loss.detach()), float(loss.detach()))
    golden["training_logits"] = outputs(logits)
    golden["gradients"] = {ours(k): sample(to_ours(p.grad.numpy())) for k, p in model.named_parameters()}
    golden["moved"] = {}
    for key, t in model.state_dict().items():
        if key.endswith("running_var") and biased:  # torch moves it by the unbiased variance, Keras by the biased one
            n = values[key.rsplit(".", 1)[0]]
            t = old[key] * 0.9 + (t - old[key] * 0.9) * (n - 1) / n
        if "running" in key:
            golden["moved"][ours(key)] = sample(t.numpy())
    text = json.dumps(golden).replace('], "', '],\n"')
    (HERE / file).write_text(text + "\n")


def resnet18_from(channels):
    """torchvision's ResNet-18 with so many channels where it has 64, made by torchvision's own constructor of stages."""
    def build(num_classes):
        model = torchvision.models.resnet18(num_classes=num_classes)
        model.inplanes = channels
        model.conv1, model.bn1 = torch.nn.Conv2d(3, channels, 7, 2, 3, bias=False), torch.nn.BatchNorm2d(channels)
        for stage in range(4):
            layers = model._make_layer(torchvision.models.resnet.BasicBlock, channels << stage, 2, stride=2 if stage else 1)
            setattr(model, f"layer{stage + 1}", layers)
        model.fc = torch.nn.Linear(8 * channels, num_classes)
        return model
    return build


for name, channels in {"resnet18-narrow": 16, "resnet18-eighth": 8, "resnet18-sixteenth": 4}.items():
    write_layers(name, resnet18_from(channels))
for name, build in {"resnet34": torchvision.models.resnet34, "resnet50-v1.5": torchvision.models.resnet50}.items():
    write_layers(name, build)
    write_golden(f"{name}_golden.json", build, biased=False)
write_golden("resnet18_torch_golden.json", torchvision.models.resnet18, biased=True)
