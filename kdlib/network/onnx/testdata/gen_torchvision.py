# Python 3.11, torch 2.15.0, torchvision 0.29.2, onnx 1.23.2, onnxscript 0.7.2, onnxruntime 1.32.0. Writes narrow copies of
# ten of torchvision's networks, torchvision_*.onnx, as torch's two exporters write them, each in another operator set, and
# torchvision_golden.json: what onnxruntime predicts with them on three pictures. With a folder as argument it writes there
# every network from both exporters in every operator set.
import json, logging, pathlib, sys, warnings
import onnx
import onnxruntime
import torch
from torch import nn
from torchvision import models
from torchvision.models import squeezenet, vgg

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
HERE = pathlib.Path(__file__).parent
SCRIPT, DYNAMO = range(11, 21), range(18, 24)
SIZE = 64


def patterns(n, size):
    k, c, y, x = (torch.arange(m) for m in (n, 3, size, size))
    k, c, y, x = k.reshape(-1, 1, 1, 1), c.reshape(1, -1, 1, 1), y.reshape(-1, 1), x
    return ((7 * x + 13 * y + x * y // (k + 2) + 29 * c + 31 * k) % 256).float()


class NarrowResNet(models.ResNet):
    def _make_layer(self, block, planes, blocks, stride=1, dilate=False):
        return super()._make_layer(block, planes // 16, blocks, stride, dilate)


def resnet(block):
    net = NarrowResNet(block, [1, 1, 1, 1], num_classes=1)
    net.fc = nn.Linear(32 * block.expansion, 1)
    return net


def vgg11_bn():
    net = models.VGG(vgg.make_layers([4, "M", 4, "M", 8, 8, "M"], batch_norm=True), num_classes=1, init_weights=False)
    net.avgpool = nn.AdaptiveAvgPool2d((4, 4))  # the script exporter wants a divisor of the 8 x 8 pixels
    net.classifier = nn.Sequential(nn.Linear(128, 8), nn.ReLU(True), nn.Dropout(), nn.Linear(8, 1))
    return net


def squeezenet1_1():
    net = models.SqueezeNet("1_1", num_classes=1)
    fire, pool = squeezenet.Fire, nn.MaxPool2d(kernel_size=3, stride=2, ceil_mode=True)
    net.features = nn.Sequential(nn.Conv2d(3, 8, kernel_size=3, stride=2), nn.ReLU(inplace=True), pool, fire(8, 2, 4, 4), pool, fire(8, 2, 4, 4))
    net.classifier[1] = nn.Conv2d(8, 1, kernel_size=1)
    nn.init.constant_(net.classifier[1].bias, 1)  # a rectifier comes last
    return net


def mobilenet_v2():
    net = models.MobileNetV2(num_classes=1, inverted_residual_setting=[[1, 8, 1, 1], [6, 8, 2, 2]])
    net.features[-1] = models.mobilenetv2.Conv2dNormActivation(8, 16, kernel_size=1, activation_layer=nn.ReLU6)
    net.classifier[1] = nn.Linear(16, 1)
    return net


def mobilenet_v3_small():
    block = models.mobilenetv3.InvertedResidualConfig
    blocks = [block(8, 3, 8, 8, True, "RE", 2, 1, 1), block(8, 3, 16, 16, True, "HS", 1, 1, 1), block(16, 5, 16, 16, True, "HS", 1, 1, 1)]
    return models.MobileNetV3(blocks, 16, num_classes=1)


def efficientnet_b0():
    block = models.efficientnet.MBConvConfig
    return models.EfficientNet([block(1, 3, 1, 8, 8, 1), block(6, 5, 2, 8, 8, 2)], 0.2, num_classes=1, last_channel=16)


def convnext_tiny():
    block = models.convnext.CNBlockConfig
    return models.ConvNeXt([block(8, 16, 1), block(16, None, 1)], num_classes=1)


BUILD = {
    "resnet18": lambda: resnet(models.resnet.BasicBlock),
    "resnet50": lambda: resnet(models.resnet.Bottleneck),
    "vgg11_bn": vgg11_bn,
    "densenet121": lambda: models.DenseNet(4, (1, 2, 1), 8, bn_size=2, num_classes=1),
    "mobilenet_v2": mobilenet_v2,
    "mobilenet_v3_small": mobilenet_v3_small,
    "squeezenet1_1": squeezenet1_1,
    "efficientnet_b0": efficientnet_b0,
    "shufflenet_v2": lambda: models.ShuffleNetV2([2, 1, 1], [8, 8, 16, 16, 16], num_classes=1),
    "convnext_tiny": convnext_tiny,
}


def spread(net, pictures):
    """Random weights give nearly the same logit for every picture: normalizations that fit the pictures spread them."""
    for m in net.modules():
        if isinstance(m, nn.BatchNorm2d):
            m.momentum = None
            nn.init.uniform_(m.weight, 0.5, 1.5)
            nn.init.normal_(m.bias, std=0.3)
        if isinstance(m, nn.Dropout):
            m.p = 0.0
    net.train()
    net(torch.cat([pictures, torch.rand(13, 3, SIZE, SIZE)]))
    net.eval()
    last = [m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))][-1]
    with torch.no_grad():
        last.weight *= 2 / net(pictures).std()
        last.bias += 3 - net(pictures).mean()
    return net


def export(net, path, dynamo, opset):
    how = dict(dynamic_shapes=({0: torch.export.Dim("n")},), external_data=False, verbose=False) if dynamo else dict(dynamic_axes={"input": {0: "n"}})
    torch.onnx.export(net, (torch.zeros(2, 3, SIZE, SIZE),), path, input_names=["input"], output_names=["logit"], opset_version=opset, dynamo=dynamo, **how)
    model = onnx.load(path)
    for part in [model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output]:
        part.ClearField("doc_string")  # where in the source a node comes from, and the machine's paths
        part.ClearField("metadata_props")
    onnx.save(model, path)


folder, every = (pathlib.Path(sys.argv[1]), True) if len(sys.argv) > 1 else (HERE, False)
pictures = patterns(3, SIZE) / 255
golden = {}
for i, (name, build) in enumerate(BUILD.items()):
    torch.manual_seed(i)
    net = spread(build(), pictures)
    for dynamo, opsets in ((False, SCRIPT), (True, DYNAMO)):
        for opset in opsets if every else [opsets[i % len(opsets)]]:
            path = folder / f"torchvision_{name}_{'dynamo' if dynamo else 'script'}_{opset}.onnx"
            export(net, path, dynamo, opset)
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            golden[path.stem] = session.run(None, {"input": pictures.numpy()})[0].ravel().astype(float).tolist()
(folder / "torchvision_golden.json").write_text(json.dumps(golden, indent=1) + "\n")
