"""Measure what smaller numbers cost: size, accuracy, changes of predictions, time. Writes a line for each ONNX file given.

    python figures/portable/measure.py --pictures TAR --manifest MANIFEST --out figures/portable/portable.csv NETWORK=FILE ...

NETWORK=FILE is the float32 file of a network; FILE with .float16 or .int8 before .onnx, as kd export onnx --numbers writes them, are
measured beside it where they lie there. A further row has weights and activations in int8, by onnxruntime's static quantization on
CALIBRATION pictures of the validation set. Input "pixels" [n, 3, size, size], 0 to 255; output a probability or a logit by name.

Python 3.11, onnxruntime 1.32.0, onnx 1.23.2, pillow 13.0.0, numpy 2.4.6: CPU, one thread, one picture at a time.
"""
import argparse, csv, io, pathlib, platform, re, subprocess, tarfile, tempfile, time
import numpy as np
import onnx
import onnxruntime
from onnxruntime import quantization
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

CALIBRATION, TIMED, WARM, BATCH = 100, 50, 5, 50


def read_pictures(path, ids):
    """Decoded pictures by id: class and number of the file's name, as kdlib names them."""
    wanted, found = set(ids), {}
    with tarfile.open(path) as tar:
        for member in tar:
            m = re.search(r"(cat|dog)\.(\d+)\.jpg$", member.name)
            key = m and f"{m[1]}.{m[2]}"
            if key in wanted:
                found[key] = Image.open(io.BytesIO(tar.extractfile(member).read())).convert("RGB")
    assert len(found) == len(wanted), (len(found), len(wanted))
    return [found[i] for i in ids]


def pixels(pictures, size):
    return np.stack([np.asarray(p.resize((size, size), Image.NEAREST)) for p in pictures]).transpose(0, 3, 1, 2).astype("float32")


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def predict(path, x):
    s = session(path)
    out = np.concatenate([s.run(None, {"pixels": x[i : i + BATCH]})[0].ravel() for i in range(0, len(x), BATCH)]).astype(float)
    return 1 / (1 + np.exp(-out)) if "logit" in s.get_outputs()[0].name else out


def median_ms(paths, x):
    """Processor time of a picture, of all files in turns: other programs on the machine disturb all of them alike."""
    sessions, times = [session(p) for p in paths], [[] for _ in paths]
    for i in range(WARM + TIMED):
        for s, taken in zip(sessions, times):
            start = time.process_time()
            s.run(None, {"pixels": x[i : i + 1]})
            taken.append(time.process_time() - start)
    return [1000 * float(np.median(t[WARM:])) for t in times]


class Reader(quantization.CalibrationDataReader):
    def __init__(self, x):
        self.batches = iter([{"pixels": x[i : i + 1]} for i in range(len(x))])

    def get_next(self):
        return next(self.batches, None)


def quantized(path, x, to):
    """Weights and activations in int8."""
    prepared = to / "prepared.onnx"
    quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
    out = to / (path.stem + ".activations.onnx")
    quantization.quantize_static(str(prepared), str(out), Reader(x), quant_format=quantization.QuantFormat.QDQ, per_channel=True,
                                 activation_type=quantization.QuantType.QInt8, weight_type=quantization.QuantType.QInt8)
    return out


def size_of(path, otherwise):
    meta = {e.key: e.value for e in onnx.load(path).metadata_props}
    dim = onnx.load(path).graph.input[0].type.tensor_type.shape.dim[2]
    return int(meta.get("size") or dim.dim_value or otherwise)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--pictures", required=True)
    args.add_argument("--manifest", required=True)
    args.add_argument("--out", required=True)
    args.add_argument("--first", type=int, default=0, help="this many pictures of the test set alone (0: all)")
    args.add_argument("networks", nargs="+", metavar="NETWORK=FILE")
    args = args.parse_args()
    rows = list(csv.DictReader(open(args.manifest)))
    test = [r for r in rows if r["set"] == "test"][: args.first or None]
    validation = [r for r in rows if r["set"] == "validation"][:: max(1, sum(r["set"] == "validation" for r in rows) // CALIBRATION)][:CALIBRATION]
    pictures = read_pictures(args.pictures, [r["id"] for r in test + validation])
    labels = np.array([int(r["label"]) for r in test])
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text()) if platform.system() == "Linux" else None
    fixed = dict(machine=f"{model[1] if model else platform.processor()}, 1 thread",
                 versions=f"onnxruntime {onnxruntime.__version__}",
                 commit=subprocess.run(["git", "describe", "--always", "--abbrev=40"], capture_output=True, text=True, check=True).stdout.strip())
    lines = []
    with tempfile.TemporaryDirectory() as temp:
        for word in args.networks:
            name, _, file = word.partition("=")
            file = pathlib.Path(file)
            onnx.checker.check_model(str(file), full_check=True)
            size = size_of(file, 128)
            x = pixels(pictures, size)
            kinds = {"float32": file, "float16": file.with_suffix(".float16.onnx"), "int8": file.with_suffix(".int8.onnx"),
                     "int8, activations too": quantized(file, x[len(test):], pathlib.Path(temp))}
            kinds = {kind: path for kind, path in kinds.items() if path.exists()}
            whole = None
            for (kind, path), ms in zip(kinds.items(), median_ms(kinds.values(), x)):
                onnx.checker.check_model(str(path), full_check=True)
                p = predict(path, x[: len(test)])
                whole = p if whole is None else whole
                lines.append(dict(network=name, size=size, numbers=kind, bytes=path.stat().st_size, pictures=len(test),
                                  accuracy=f"{np.mean((p > 0.5) == labels):.5f}", largest_change=f"{np.abs(p - whole).max():.5f}",
                                  classes_changed=int(np.sum((p > 0.5) != (whole > 0.5))), median_cpu_ms=f"{ms:.2f}", **fixed))
                print(*lines[-1].values(), flush=True)
            with open(args.out, "w", newline="") as out:
                writer = csv.DictWriter(out, lines[0], lineterminator="\n")
                writer.writeheader()
                writer.writerows(lines)


main()
