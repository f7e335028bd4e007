# Python 3.11, torch 2.15.0, onnx 1.23.2. Writes small networks of several kinds, *.onnx, and onnx_golden.json: what torch
# says is P(dog) by each of them on three pictures.
import json, pathlib
import torch
from torch import nn

here = pathlib.Path(__file__).parent
torch.manual_seed(1)
N, SIZE = 3, 32
MEAN, STD = torch.tensor([0.485, 0.456, 0.406]).reshape(3, 1, 1), torch.tensor([0.229, 0.224, 0.225]).reshape(3, 1, 1)


def patterns(n, size):
    k, c, y, x = (torch.arange(m) for m in (n, 3, size, size))
    k, c, y, x = k.reshape(-1, 1, 1, 1), c.reshape(1, -1, 1, 1), y.reshape(-1, 1), x
    return ((7 * x + 13 * y + x * y // (k + 2) + 29 * c + 31 * k) % 256).float()


class Tiny(nn.Module):
    """What the teacher's layers are made of, small: convolutions with the padding of an export, ReLU6, mean, dense."""

    def __init__(self, outputs, scale):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 4, 2, 1)
        self.depthwise = nn.Conv2d(4, 4, 3, 1, 1, groups=4)
        self.dense = nn.Linear(4, outputs)
        with torch.no_grad():
            self.conv.weight /= scale
            self.dense.weight *= 4

    def forward(self, x):
        x = nn.functional.relu6(self.conv(x))
        return self.dense((x + self.depthwise(x)).mean((2, 3)))


class Kind(nn.Module):
    def __init__(self, net, before=nn.Identity(), after=nn.Identity()):
        super().__init__()
        self.net, self.before, self.after = net, before, after

    def forward(self, x):
        return self.after(self.net(self.before(x)))


class Channels(nn.Module):
    def forward(self, x):
        return x.permute(0, 3, 1, 2)


pictures = patterns(N, SIZE)
unit = pictures / 255
cases = {
    # name: network, what it takes, its input's name, its output's name, P(dog) of its output, dynamic axes
    "bytes_logit": (Kind(Tiny(1, 255)), pictures, "pixels", "logit", torch.sigmoid, True),
    "nhwc_probability": (Kind(Tiny(1, 1), Channels(), nn.Sequential(nn.Flatten(0), nn.Sigmoid())), unit.permute(0, 2, 3, 1), "image", "Probability", nn.Identity(), True),
    "imagenet_two_logits": (Kind(Tiny(2, 1)), (unit - MEAN) / STD, "input", "classes", lambda z: torch.softmax(z, 1)[:, 1], True),
    "centred_softmax_fixed": (Kind(Tiny(2, 1), after=nn.Softmax(1)), 2 * unit - 1, "input", "probabilities", lambda p: p[:, 1], False),
}
golden = {}
for name, (net, x, takes, gives, p, dynamic) in cases.items():
    net.eval()
    with torch.inference_mode():
        golden[name] = p(net(x).double()).ravel().tolist()
    axes = {takes: {0: "n"}, gives: {0: "n"}} if dynamic else None
    torch.onnx.export(net, (x if dynamic else x[:2],), here / f"{name}.onnx", input_names=[takes], output_names=[gives], dynamo=False, dynamic_axes=axes, opset_version=17)
(here / "onnx_golden.json").write_text(json.dumps(golden, indent=1) + "\n")
