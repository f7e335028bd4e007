# Python 3.11, torch 2.15.0, torchvision 0.29.2, grad-cam 1.5.7, captum 0.9.0, onnx 1.23.2, safetensors 0.8.0, numpy 2.4.6. Writes small
# networks, narrow.safetensors, one.onnx and two.onnx, and attribution_golden.json: the raw maps that pytorch-grad-cam and Captum make of three
# pictures with the same weights, before any scaling.
import json, pathlib, warnings
import numpy as np
import torch
import torchvision
from captum.attr import LayerGradCam, Occlusion
from pytorch_grad_cam import GradCAM, base_cam
from safetensors.numpy import save_file
from torch import nn

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
torch.manual_seed(1)
torch.set_num_threads(1)
N, SIZE = 3, 64
EVERY = 5  # kept places of a map of occlusion
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)
base_cam.scale_cam_image = lambda cam, size=None: cam  # the raw map


def patterns(n, size):
    k, c, y, x = (torch.arange(m) for m in (n, 3, size, size))
    k, c, y, x = k.reshape(-1, 1, 1, 1), c.reshape(1, -1, 1, 1), y.reshape(-1, 1), x
    return ((7 * x + 13 * y + x * y // (k + 2) + 29 * c + 31 * k) % 256).float()


def resnet18_from(channels):
    """torchvision's ResNet-18 with so many channels where it has 64, one logit, and statistics that are not those of the start."""
    model = torchvision.models.resnet18(num_classes=1)
    model.inplanes = channels
    model.conv1, model.bn1 = nn.Conv2d(3, channels, 7, 2, 3, bias=False), nn.BatchNorm2d(channels)
    for stage in range(4):
        layers = model._make_layer(torchvision.models.resnet.BasicBlock, channels << stage, 2, stride=2 if stage else 1)
        setattr(model, f"layer{stage + 1}", layers)
    model.fc = nn.Linear(8 * channels, 1)
    with torch.no_grad():
        for name, t in model.state_dict().items():
            if "running_mean" in name or name.endswith("bias"):
                t.normal_(0, 0.2)
            elif "running_var" in name or "bn" in name and name.endswith("weight"):
                t.uniform_(0.5, 1.5)
    return model.eval()


class Two(nn.Module):
    """What other programs' networks have: SiLU, squeeze and excitation, a residual sum, two outputs and their softmax."""

    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 6, 5, 4, 2), nn.BatchNorm2d(6)
        self.squeeze, self.excite = nn.Conv2d(6, 2, 1), nn.Conv2d(2, 6, 1)
        self.last = nn.Conv2d(6, 6, 3, 1, 1)
        self.dense = nn.Linear(6, 2)
        self.silu = nn.SiLU()
        self.end = nn.Identity()
        with torch.no_grad():
            self.dense.weight *= 8
            self.norm.running_var.uniform_(0.5, 1.5)

    def forward(self, x):
        x = self.silu(self.norm(self.stem(x)))
        x = x * torch.sigmoid(self.excite(self.silu(self.squeeze(x.mean((2, 3), keepdim=True)))))
        x = self.end(x + self.silu(self.last(x)))
        return self.dense(x.mean((2, 3)))


def one():
    net = nn.Sequential(nn.Conv2d(3, 6, 5, 2, 2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(),
                        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 1))
    with torch.no_grad():
        net[4].running_mean.normal_(0, 0.2)
        net[4].running_var.uniform_(0.1, 1)
    return net


class Softmax(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.softmax(self.net(x), 1)


def ours(key):
    """Name of a torch tensor in kdlib's files of weights."""
    module, kind = key.rsplit(".", 1)
    if module == "fc":
        return "network/dense/" + {"weight": "kernel", "bias": "bias"}[kind]
    if "bn" in module or module.endswith("downsample.1"):
        return f"network/{module}/" + {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}[kind]
    return f"network/{module}/kernel"


def write_weights(model, name):
    tensors = {}
    for key, t in model.state_dict().items():
        if not key.endswith("num_batches_tracked"):
            a = t.numpy()
            tensors[ours(key)] = np.ascontiguousarray(a.transpose(2, 3, 1, 0) if a.ndim == 4 else a.T)
    save_file(tensors, HERE / f"{name}.safetensors", metadata={"network": "resnet18-sixteenth", "size": str(SIZE)})


def write_onnx(net, x, name, gives):
    torch.onnx.export(net, (x,), HERE / f"{name}.onnx", input_names=["input"], output_names=[gives], dynamo=False,
                      dynamic_axes={"input": {0: "n"}, gives: {0: "n"}}, opset_version=17)


def numbers(t):
    return [float(f"{v:.7g}") for v in np.asarray(t, "float64").ravel()]


def logit(out):
    """The one logit of a row, or the difference of two."""
    return out[..., 0] if out.shape[-1] == 1 else out[..., 1] - out[..., 0]


def cam(model, layer, x):
    """pytorch-grad-cam's maps for +logit and -logit, and Captum's, which keeps both signs."""
    maps = {}
    with GradCAM(model, [layer]) as method:
        for name, sign in {"plus": 1, "minus": -1}.items():
            maps[name] = method(x, targets=[lambda out, sign=sign: sign * logit(out)] * N)
    captum = LayerGradCam(lambda x: logit(model(x)), layer).attribute(x)[:, 0].detach().numpy()
    assert np.allclose(maps["plus"], np.maximum(captum, 0), atol=1e-5) and np.allclose(maps["minus"], np.maximum(-captum, 0), atol=1e-5)
    return {"shape": list(captum.shape[1:]), "captum": numbers(captum), **{k: numbers(v) for k, v in maps.items()}}


def occlusion(model, x, window, stride):
    mean = x.mean((2, 3), keepdim=True).expand_as(x)
    with torch.inference_mode():
        a = Occlusion(lambda x: logit(model(x))).attribute(x, (3, window, window), strides=(3, stride, stride), baselines=mean)
    return {"window": window, "stride": stride, "captum": numbers(a[:, 0, ::EVERY, ::EVERY])}


pictures = patterns(N, SIZE)
normalized = (pictures / 255 - MEAN) / STD
narrow, one, two = resnet18_from(4), one().eval(), Two().eval()
write_weights(narrow, "narrow")
write_onnx(one, normalized, "one", "logit")
write_onnx(Softmax(two).eval(), normalized, "two", "probabilities")
golden = {}
for name, (model, x, stages) in {
    "narrow": (narrow, pictures / 255, {"": narrow.layer4, "layer3.1.conv2": narrow.layer3[1].conv2}),
    "one": (one, normalized, {"": one[5], "/2/MaxPool_output_0": one[2]}),
    "two": (two, normalized, {"": two.end}),
}.items():
    with torch.inference_mode():
        logits = numbers(logit(model(x)))
    golden[name] = {"logits": logits, "stages": {stage: cam(model, layer, x) for stage, layer in stages.items()}}
golden["narrow"]["occlusion"] = [occlusion(narrow, pictures / 255, 16, 16), occlusion(narrow, pictures / 255, 24, 15)]
golden["two"]["occlusion"] = [occlusion(two, normalized, 20, 12)]
(HERE / "attribution_golden.json").write_text(json.dumps(golden).replace('}, "', '},\n"') + "\n")
