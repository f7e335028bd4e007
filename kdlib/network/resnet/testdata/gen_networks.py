# Python 3.11, keras 3.15.1, tensorflow 2.21.0, numpy 2.4.6. Writes <network>_layers.csv and <network>_golden.json beside itself.
# Networks: keras.applications.ResNet50 and a ResNet-18 (He et al. 2015, padded as in torchvision, batch normalization with
# torch's epsilon and momentum) built from Keras's layers, each with a dense layer of one output.
# Weights are computed from their names (package network/internal/formula), in Go the same way, so that no weights need to be kept.
import csv, json, os, pathlib, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

# In float64: the gradients of float32 differ by 1e-3 of themselves from these, in Keras as well. On one thread, so that
# sums have one order and a second run writes the same file.
keras.backend.set_floatx("float64")
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "../../internal/formula"))
from formula import uniform, value

SHAPE, BATCH = (40, 56, 3), 4  # not square; odd sizes on the way: 5 x 7, 3 x 4
LABELS = [1.0, 0.0, 0.3, 1.0]
SAMPLES = 4  # elements kept of a tensor
DIGITS = 12  # kept of numbers as large as a tensor's root mean square: parity_test.go asks for 10


def sample(tensor):
    """The tensor's norm and four of its elements, at the starts of its quarters."""
    flat = np.asarray(tensor, "float64").ravel()
    norm = np.linalg.norm(flat)
    decimals = DIGITS - int(np.floor(np.log10(norm / np.sqrt(len(flat)))))
    return [round(float(v), decimals) for v in [norm, *(flat[len(flat) * k // SAMPLES] for k in range(SAMPLES))]]


def numbers(tensor):
    return [round(float(v), DIGITS) for v in np.ravel(tensor)]


def gradient(name, tensor):
    """A bias before batch normalization has no influence: its gradient is 0 but for rounding, which is not kept."""
    if name.endswith("/bias") and not name.startswith("dense/"):
        return [0.0] * (1 + SAMPLES)
    return sample(tensor)


def norm(name):
    return L.BatchNormalization(epsilon=1e-5, momentum=0.9, name=name)


def basic_block(x, channels, stride, name):
    shortcut = x
    if stride != 1:
        shortcut = L.Conv2D(channels, 1, stride, use_bias=False, name=name + ".downsample.0")(x)
        shortcut = norm(name + ".downsample.1")(shortcut)
    y = L.Conv2D(channels, 3, stride, use_bias=False, name=name + ".conv1")(L.ZeroPadding2D(1)(x))
    y = L.Activation("relu", name=name + ".relu1")(norm(name + ".bn1")(y))
    y = L.Conv2D(channels, 3, padding="same", use_bias=False, name=name + ".conv2")(y)
    y = norm(name + ".bn2")(y)
    return L.Activation("relu", name=name + ".relu2")(L.Add(name=name + ".add")([y, shortcut]))


def resnet18(shape):
    image = keras.Input(shape, name="input_layer")
    x = L.Conv2D(64, 7, 2, use_bias=False, name="conv1")(L.ZeroPadding2D(3)(image))
    x = L.Activation("relu", name="relu")(norm("bn1")(x))
    x = L.MaxPooling2D(3, 2, name="maxpool")(L.ZeroPadding2D(1)(x))  # zeros are as good as -inf after a ReLU
    for stage in range(4):
        for block in range(2):
            x = basic_block(x, 64 << stage, 2 if block == 0 and stage > 0 else 1, f"layer{stage + 1}.{block}")
    x = L.GlobalAveragePooling2D(name="avgpool")(x)
    return keras.Model(image, L.Dense(1, name="dense")(x))


def resnet50(shape):
    features = keras.applications.ResNet50(weights=None, include_top=False, pooling="avg", input_shape=shape)
    features.inputs[0]._keras_history.operation.name = "input_layer"
    return keras.Model(features.inputs, L.Dense(1, name="dense")(features.outputs[0]))


def write_layers(name, model):
    with open(HERE / f"{name}_layers.csv", "w", newline="") as f:
        rows = csv.writer(f, lineterminator="\n")
        rows.writerow(["name", "kind", "output", "params", "trainable"])
        for layer in model.layers:
            trainable = sum(int(np.prod(w.shape)) for w in layer.trainable_weights)
            shape = layer.output.shape[1:]
            rows.writerow([layer.name, type(layer).__name__, "x".join(map(str, shape)), layer.count_params(), trainable])


def write_golden(name, model):
    names = {}
    for layer in model.layers:
        for w in layer.weights:
            path = f"{layer.name}/{w.name}"
            names[id(w)] = path
            w.assign(value(path, w.shape))
    x = uniform("picture", BATCH * int(np.prod(SHAPE))).reshape(BATCH, *SHAPE)
    features = keras.Model(model.inputs, model.layers[-1].input)
    golden = dict(shape=[BATCH, *SHAPE], labels=LABELS)
    golden["logits"] = numbers(model(x, training=False))
    golden["features"] = sample(features(x, training=False))
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = keras.losses.BinaryCrossentropy(from_logits=True)(np.reshape(LABELS, (BATCH, 1)), logits)
    grads = tape.gradient(loss, [w.value for w in model.trainable_weights])
    golden["loss"] = round(float(loss), DIGITS)
    golden["training_logits"] = numbers(logits)
    golden["gradients"] = {names[id(w)]: gradient(names[id(w)], g) for w, g in zip(model.trainable_weights, grads)}
    golden["moved"] = {names[id(w)]: sample(w) for w in model.non_trainable_weights}
    text = json.dumps(golden).replace('], "', '],\n"')
    (HERE / f"{name}_golden.json").write_text(text + "\n")


for name, build in dict(resnet18=resnet18, resnet50=resnet50).items():
    write_layers(name, build((224, 224, 3)))
    keras.backend.clear_session()
    write_golden(name, build(SHAPE))
    keras.backend.clear_session()
