# Python 3.11, keras 3.15.1, tensorflow 2.21.0, numpy 2.4.6. Writes trajectories_golden.json beside itself.
# keras: 2,500 steps of keras.optimizers.Adam in float32 with the rate InverseTimeDecay(eta0, decay_steps=1, decay_rate=d),
#        whose step is 0 at the first update, the paper's t - 1 in (9).
# schedule: the same with the rate CosineDecay after 600 warm-up steps, and with use_ema: the average of the weights beside them.
# literal: formulas (4)-(10) of the paper written out in float64.
# Gradients are whole numbers modulo 1009, scaled: adam_test.go computes the same ones. Only some steps are kept.
import json, os, pathlib
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

STEPS = 2500
KEPT = [1, 2, 3, 9, 10, 11, 29, 30, 31, 100, 500, 999, 1000, 1001, 1500, 2000, 2500]
SIZE = 20  # five elements of each kind


def gradient(t):
    i = np.arange(SIZE)
    x = ((t * 7919 + i * 104729 + t * i * 31) % 1009 - 400) / 1009  # mean 0.1: the path drifts
    small, large, zero = x * 1e-6, x * 1e4, x * 0
    sparse = np.where((t + i) % 17 == 0, x, 0)
    return np.choose(i // 5, [small, large, zero, sparse]).astype("float32")


def keras_path(eta0, d):
    v = keras.Variable(np.zeros(SIZE), dtype="float32")
    adam = keras.optimizers.Adam(keras.optimizers.schedules.InverseTimeDecay(eta0, decay_steps=1, decay_rate=d))
    adam.build([v])
    assert adam.epsilon == 1e-7 and adam.beta_1 == 0.9 and adam.beta_2 == 0.999
    path = []
    for t in range(1, STEPS + 1):
        adam.apply_gradients([(keras.ops.convert_to_tensor(gradient(t)), v)])
        if t in KEPT:
            path.append([float(x) for x in np.asarray(v)])
    return dict(eta0=eta0, decay=d, k1=0, k2=0, path=path)


def schedule_path(peak, warm_up, momentum):
    v = keras.Variable(np.zeros(SIZE), dtype="float32")
    rate = keras.optimizers.schedules.CosineDecay(0.0 if warm_up else peak, STEPS - warm_up, warmup_target=peak if warm_up else None, warmup_steps=warm_up)
    adam = keras.optimizers.Adam(rate, use_ema=True, ema_momentum=momentum)
    adam.build([v])
    path, average = [], []
    for t in range(1, STEPS + 1):
        adam.apply_gradients([(keras.ops.convert_to_tensor(gradient(t)), v)])
        if t in KEPT:
            path.append([float(x) for x in np.asarray(v)])
            average.append([float(x) for x in np.asarray(adam._model_variables_moving_average[0])])
    return dict(eta0=peak, warm_up=warm_up, steps=STEPS, momentum=momentum, path=path, average=average)


def literal_path(eta0, d, k1, k2, b1=0.9, b2=0.999, eps=1e-7):
    theta, m, v, path = np.zeros(SIZE), 0, 0, []
    for t in range(1, STEPS + 1):
        g = gradient(t).astype("float64")
        m = b1 * m + (1 - b1) * g                                                    # (4)
        v = b2 * v + (1 - b2) * g**2                                                 # (5)
        m_hat = m / (1 - b1**t) if 0 < t < k1 else m                                 # (6)
        v_hat = v / (1 - b2**t) if 0 < t < k2 else v                                 # (7)
        eta = eta0 / (1 + d * (t - 1)) * np.sqrt(1 - b2**t) / (1 - b1**t)            # (9)
        theta = theta - eta * m_hat / (np.sqrt(v_hat) + eps)                         # (10)
        if t in KEPT:
            path.append([float(np.float32(x)) for x in theta])
    return dict(eta0=eta0, decay=d, k1=k1, k2=k2, path=path)


golden = dict(
    steps=KEPT,
    keras=[keras_path(1e-3, 0.0), keras_path(1e-3, 0.01)],
    schedule=[schedule_path(1e-3, 600, 0.99), schedule_path(1e-3, 0, 0.9)],
    literal=[literal_path(1e-3, 0.0, 10, 1000), literal_path(1e-3, 0.01, 10, 1000), literal_path(1e-3, 0.0, 3, 30)],
)
text = json.dumps(golden).replace("], [", "],\n[").replace('"path": [[', '"path": [\n[').replace('"average": [[', '"average": [\n[')
(pathlib.Path(__file__).parent / "trajectories_golden.json").write_text(text + "\n")
