# Python 3.11, torch 2.15.0, torchvision 0.29.2, safetensors 0.8.0, onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6. Writes
# readback_golden.json beside itself: what other libraries answer with the files that exchange writes. The files are those of
# TestExports (go must be on PATH): networks whose weights are computed from their names.
import functools, hashlib, json, os, pathlib, subprocess, sys, tempfile
import numpy as np
import onnx
import onnxruntime
import safetensors.torch
import torch
import torchvision

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../../internal/formula"))
from formula import uniform

torch.set_num_threads(1)
BUILD = {"resnet18": torchvision.models.resnet18, "resnet34": torchvision.models.resnet34, "resnet50-v1.5": torchvision.models.resnet50,
         "mobilenet-v2-quarter": functools.partial(torchvision.models.mobilenet_v2, width_mult=0.25)}
SHAPE = (2, 72, 40, 3)  # pictures of the test: two, not square


def ask_torch(path, pixels):
    model = BUILD[path.stem](num_classes=1)
    model.load_state_dict(safetensors.torch.load_file(path), strict=True)
    with torch.no_grad():
        return model.eval()(torch.tensor(pixels / np.float32(255))).numpy()


def ask_onnx(path, pixels):
    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return session.run(["probability"], {"pixels": pixels})[0]


# Squares for the networks whose weights are in fewer bits.
SIDE = 64
SQUARES = np.stack([np.floor(256 * uniform(f"squares.{i}", SIDE * SIDE * 3)).reshape(SIDE, SIDE, 3).transpose(2, 0, 1) for i in range(2)]).astype("float32")


def check_weights(path, whole):
    """What a file with weights in fewer bits holds is what NumPy makes of the file with all bits."""
    tensors = lambda p: {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(p).graph.initializer}
    got, want = tensors(path), tensors(whole)
    changed = [name for name in want if name not in got]
    assert changed == [name for name, w in want.items() if w.ndim > 1 and w.size >= 2048], changed  # kernels; smaller ones are as they were
    for name in changed:
        w = want[name]
        if path.name.endswith("float16.onnx"):
            assert np.array_equal(got[name + ".float16"], w.astype(np.float16)), name
            continue
        scale = np.abs(w).max(axis=(1, 2, 3), keepdims=True) / np.float32(127)
        assert np.array_equal(got[name + ".scale"], scale), name
        assert np.array_equal(got[name + ".int8"], np.rint(w.astype(float) / scale).astype(np.int8)), name


def read(folder):
    pixels = np.floor(256 * uniform("pixels", int(np.prod(SHAPE)))).reshape(SHAPE).transpose(0, 3, 1, 2).astype("float32")
    golden = {}
    for path in sorted(folder.iterdir()):
        answers = (ask_onnx if path.suffix == ".onnx" else ask_torch)(path, pixels)
        assert answers.shape == (SHAPE[0], 1), answers.shape
        golden[path.name] = dict(sha256=hashlib.sha256(path.read_bytes()).hexdigest(), answers=[round(float(v), 6) for v in answers.ravel()])
        if path.name.endswith((".float16.onnx", ".int8.onnx")):
            check_weights(path, path.with_name(path.name.replace(".float16", "").replace(".int8", "")))
            golden[path.name]["squares"] = [round(float(v), 6) for v in ask_onnx(path, SQUARES).ravel()]
    return golden


with tempfile.TemporaryDirectory() as folder:
    subprocess.run(["go", "test", "-count=1", "-run", "^TestExports$", "."], cwd=HERE.parent, check=True,
                   env=dict(os.environ, KDLIB_EXPORT_DIR=folder))
    golden = read(pathlib.Path(folder))
(HERE / "readback_golden.json").write_text(json.dumps(golden, indent=1) + "\n")
