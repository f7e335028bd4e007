# Python 3.11, keras 3.15.1 on tensorflow 2.21.0 or torch 2.15.0, h5py 3.14.0, numpy 2.4.6. Writes keras_files.json beside itself:
# the names, shapes and first numbers in the files that Keras writes for ResNet50(include_top=False), alone and inside of a
# Sequential model with a head, with weights computed from their names (network/internal/formula). Arrays of the optimizer are left
# out. With a folder as argument it leaves the files there instead.
import json, os, pathlib, sys, tempfile, zipfile
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import keras
from keras.src.legacy.saving import legacy_h5_format

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../../internal/formula"))
from formula import value


def write(folder):
    model = keras.applications.ResNet50(weights=None, include_top=False, pooling="avg", input_shape=(64, 64, 3))
    for layer in model.layers:
        for w in layer.weights:
            w.assign(value(f"{layer.name}/{w.name}", w.shape))
    with h5py.File(folder / "legacy.h5", "w") as f:
        legacy_h5_format.save_weights_to_hdf5_group(f, model)
    model.save_weights(folder / "keras3.weights.h5")
    whole = keras.Sequential([keras.Input((64, 64, 3)), keras.layers.Rescaling(1 / 255), model, keras.layers.Dropout(0.5), keras.layers.Dense(1, name="is_dog")])
    whole.layers[-1].kernel.assign(value("dense/kernel", (2048, 1)))
    whole.layers[-1].bias.assign(value("dense/bias", (1,)))
    whole.compile(optimizer="adam", loss="binary_crossentropy")
    whole.optimizer.build(whole.trainable_variables)
    whole.save(folder / "whole.h5")
    whole.save(folder / "whole.keras")


def listing(path):
    found = {}
    if path.suffix == ".keras":
        path = zipfile.ZipFile(path).extract("model.weights.h5", path.parent / "archive")
    with h5py.File(path) as f:
        for name in sorted(n for n in all_names(f) if not n.startswith("optimizer")):
            found[name] = dict(shape=list(f[name].shape), first=float(f[name][()].flat[0]))
    return found


def all_names(f):
    names = []
    f.visititems(lambda name, o: names.append(name) if isinstance(o, h5py.Dataset) else None)
    return names


if len(sys.argv) > 1:
    write(pathlib.Path(sys.argv[1]))
else:
    with tempfile.TemporaryDirectory() as folder:
        write(pathlib.Path(folder))
        files = {path.name: listing(path) for path in sorted(pathlib.Path(folder).iterdir())}
    text = json.dumps(files).replace("}, ", "},\n")
    (HERE / "keras_files.json").write_text(text + "\n")
