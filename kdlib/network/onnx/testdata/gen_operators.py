# Python 3.11, onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6. Writes operators_*.onnx, one of an operator set each with an output
# for each form of an operator, and operators_golden.json: what onnxruntime says they are on the pictures of x().
import json, pathlib
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent
N, COLOURS, SIZE = 2, 3, 7
LEAST = -(2**31)
SAMPLE = 20


def x():
    k, c, j, i = np.meshgrid(range(N), range(COLOURS), range(SIZE), range(SIZE), indexing="ij")
    return ((7 * i + 13 * j + i * j // (k + 2) + 29 * c + 31 * k) % 64 / 16 - 2).astype("float32")


def sample(value):
    """The number of values, and some of them."""
    return [value.size] + [round(float(v), 6) for v in value.ravel()[:: 1 + value.size // SAMPLE]]


class File:
    def __init__(self, opset):
        self.opset, self.nodes, self.weights, self.outputs = opset, [], [], []

    def weight(self, value, kind="float32"):
        self.weights.append(numpy_helper.from_array(np.asarray(value, kind), f"w{len(self.weights)}"))
        return self.weights[-1].name

    def ints(self, *values):
        return self.weight(values, "int64")

    def node(self, op, *inputs, outputs=1, **attributes):
        names = [f"{op}{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def out(self, op, *inputs, **attributes):
        """A case: its output, as float32, is compared."""
        made = self.node(op, *inputs, **attributes)
        for one in [made] if isinstance(made, str) else made:
            self.keep(one)

    def keep(self, name):
        self.outputs.append(self.node("Cast", name, to=TensorProto.FLOAT))

    def write(self, golden):
        graph = helper.make_graph(self.nodes, "operators", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", COLOURS, SIZE, SIZE])],
                                  [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in self.outputs], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=min(10, 3 + self.opset // 2))
        path = HERE / f"operators_{self.opset}.onnx"
        onnx.save(model, path)
        values = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": x()})
        golden[path.name] = {name: sample(value) for name, value in zip(self.outputs, values)}


golden = {}
rng = np.random.default_rng(1)
KERNEL = rng.normal(size=(4, 3, 3, 3)) / 4

old = File(8)
old.out("Clip", "x", min=-0.5, max=1.0)
old.out("Clip", "x", max=0.25)
old.out("Slice", "x", starts=[1, -3], ends=[3, 9000], axes=[1, 2])
old.out("Slice", "x", starts=[0, 1], ends=[2, 2])
old.out("Pad", "x", pads=[0, 0, 1, 2, 0, 0, 3, 0], value=0.5)
old.out("Dropout", "x", ratio=0.5)
old.out("BatchNormalization", "x", *[old.weight(rng.uniform(0.5, 1.5, 3)) for _ in range(4)], momentum=0.99, epsilon=1e-3)
old.out("MaxPool", "x", kernel_shape=[3, 3], storage_order=0)
old.out("Sum", "x", "x", "x")
old.write(golden)

middle = File(11)
middle.out("Softmax", "x")
middle.out("Softmax", "x", axis=2)
middle.out("LogSoftmax", "x", axis=3)
middle.out("Split", "x", outputs=2, axis=1, split=[1, 2])
middle.out("Split", "x", outputs=3, axis=1)
middle.out("Squeeze", middle.node("Slice", "x", middle.ints(1), middle.ints(2), middle.ints(1)), axes=[1])
middle.out("Unsqueeze", "x", axes=[0])
middle.out("Clip", "x", "", middle.weight(0.5))
middle.out("Pad", "x", middle.ints(0, 0, 1, 2, 0, 0, 3, 0))
middle.out("Pad", "x", middle.ints(0, 0, 1, 2, 0, 0, 3, 0), middle.weight(0.5), mode="reflect")
for axis in (1, 3):
    middle.out("Slice", "x", middle.ints(-1), middle.ints(LEAST), middle.ints(axis), middle.ints(-1))
middle.out("Slice", "x", middle.ints(0, 1), middle.ints(6, 7), middle.ints(3, 2), middle.ints(2, 3))
# The padding of a list turned round, as the script exporter writes torch's pad.
turned = middle.node("Slice", middle.ints(3, 0, 2, 1, 0, 0, 0, 0), middle.ints(-1), middle.ints(LEAST), middle.ints(0), middle.ints(-1))
middle.out("Pad", "x", turned)
middle.out("ReduceSum", "x", axes=[1], keepdims=0)
middle.out("ReduceL1", "x", axes=[2, 3])
middle.write(golden)

new = File(23)
for op in ("Abs Ceil Cos Erf Exp Floor HardSwish Identity Neg Relu Sigmoid Sign Sin Softplus Softsign Tanh Mish LogSoftmax Softmax "
           "GlobalAveragePool GlobalMaxPool HardSigmoid LeakyRelu Elu Celu Selu Gelu Flatten").split():
    new.out(op, "x")
positive = new.node("Add", new.node("Abs", "x"), new.weight(0.5))
for op in "Log Reciprocal Sqrt".split():
    new.out(op, positive)
other = new.weight(rng.normal(size=(3, 1, 1)))
for op in "Add Div Max Min Mul Sub Sum Mean".split():
    new.out(op, "x", other)
new.out("Pow", positive, new.weight(1.5))
new.out("Pow", "x", new.weight(3.0))
is_less = new.node("Less", "x", other)
for op in "Equal Less LessOrEqual Greater GreaterOrEqual".split():
    new.out(op, "x", other)
for op in "And Or Xor".split():
    new.out(op, is_less, new.node("Greater", "x", new.weight(0.5)))
new.out("Not", is_less)
new.out("Where", is_less, "x", other)
new.out("Mod", "x", new.weight(0.75), fmod=1)
new.out("Mod", new.node("Cast", "x", to=TensorProto.INT64), new.weight(3, "int64"))
new.out("MatMul", "x", new.weight(rng.normal(size=(7, 4))))
new.out("Einsum", "x", new.weight(rng.normal(size=(7, 4))), equation="ncij,jk->nik")
flat = new.node("Flatten", "x")
new.out("Gemm", new.weight(rng.normal(size=(147, 2))), flat, new.weight(rng.normal(size=(2,))), alpha=0.5, beta=2.0, transA=1, transB=1)
new.out("HardSigmoid", "x", alpha=0.3, beta=0.4)
new.out("LeakyRelu", "x", alpha=0.2)
new.out("Elu", "x", alpha=0.7)
new.out("Celu", "x", alpha=0.7)
new.out("Selu", "x", alpha=1.5, gamma=0.9)
new.out("PRelu", "x", other)
new.out("Gelu", "x", approximate="tanh")
new.out("Clip", "x", new.weight(-0.5))
new.out("Dropout", "x")
new.out("LogSoftmax", "x", axis=1)
new.out("Softmax", "x", axis=1)
new.out("Cast", "x", to=TensorProto.INT32, saturate=1)
new.out("Concat", "x", "x", axis=-1)
new.out("Transpose", "x", perm=[0, 2, 3, 1])
new.out("Transpose", "x")
new.out("Gather", "x", new.ints(2, 0), axis=1)
new.out("GatherElements", "x", new.weight(np.ones((2, 3, 2, 7)), "int64"), axis=2)
new.out("Squeeze", new.node("GlobalMaxPool", "x"), new.ints(2, 3))
new.out("Unsqueeze", "x", new.ints(1))
shape = new.node("Shape", "x")
new.keep(shape)
new.out("Shape", "x", start=1, end=-1)
new.out("Size", "x")
new.out("Reshape", "x", new.node("Concat", new.node("Gather", shape, new.ints(0)), new.ints(-1), axis=0), allowzero=1)
new.out("Reshape", "x", new.ints(0, -1))
new.out("Expand", other, new.ints(2, 3, 7, 7))
new.out("Tile", "x", new.ints(1, 1, 2, 1))
new.out("ConstantOfShape", shape, value=helper.make_tensor("", TensorProto.FLOAT, [1], [1.5]))
new.out("Range", new.weight(0, "int64"), new.node("Size", "x"), new.weight(5, "int64"))
new.out("Slice", "x", new.ints(1), new.ints(6), new.ints(2), new.ints(2))
new.out("Split", "x", new.ints(2, 1), outputs=2, axis=1)
new.out("Split", "x", outputs=3, axis=1, num_outputs=3)
for value in (dict(value_float=1.5), dict(value_floats=[1.5, 2.5]), dict(value_int=3), dict(value_ints=[3, 4])):
    new.out("Constant", **value)
for op in "ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceSum ReduceSumSquare".split():
    new.out(op, "x", new.ints(2, 3), keepdims=0)
    new.out(op, "x", new.ints(-1))
    new.out(op, "x")
new.out("ReduceProd", positive, new.ints(3))
new.out("LayerNormalization", "x", new.weight(rng.normal(size=(7,))), new.weight(rng.normal(size=(7,))), axis=-1, epsilon=1e-3, stash_type=1)
new.out("InstanceNormalization", "x", new.weight([0.5, 1, 2]), new.weight([0, 1, 2]), epsilon=1e-3)
new.out("GroupNormalization", new.node("Concat", "x", "x", axis=1), new.weight(range(1, 7)), new.weight(range(6)), num_groups=3, epsilon=1e-3)
new.out("BatchNormalization", "x", *[new.weight(rng.uniform(0.5, 1.5, 3)) for _ in range(4)], training_mode=0)
kernel = new.weight(KERNEL)
new.out("Conv", "x", kernel, new.weight(rng.normal(size=(4,))), pads=[0, 1, 2, 1], strides=[2, 1], dilations=[1, 2])
new.out("Conv", "x", new.weight(rng.normal(size=(6, 1, 3, 3))), group=3)
for how in ("SAME_UPPER", "SAME_LOWER"):
    for strides in ([1, 1], [2, 3]):
        new.out("Conv", "x", kernel, auto_pad=how, strides=strides)
        new.out("MaxPool", "x", kernel_shape=[2, 3], auto_pad=how, strides=strides)
new.out("Conv", "x", kernel, auto_pad="VALID", strides=[2, 2])
new.out("MaxPool", "x", kernel_shape=[2, 2])
new.out("MaxPool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], dilations=[1, 1], auto_pad="NOTSET", ceil_mode=0)
new.out("MaxPool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
new.out("MaxPool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], ceil_mode=1)
new.out("AveragePool", "x", kernel_shape=[2, 2])
new.out("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
new.out("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1, dilations=[1, 1])
new.out("AveragePool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
new.out("AveragePool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1, count_include_pad=1)
new.write(golden)

newest = File(24)
newest.out("Swish", "x", alpha=0.5)
newest.write(golden)

(HERE / "operators_golden.json").write_text(json.dumps(golden).replace("], ", "],\n").replace("}, ", "},\n") + "\n")
