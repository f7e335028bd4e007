# Python 3.11, keras 3.15.1, tensorflow 2.21.0, numpy 2.4.6. Writes schedule_golden.json beside itself.
# steps: formulas (8) and (9) with numpy.longdouble; the decayed rate is compared with Keras's InverseTimeDecay, whose
#        step is 0 at the first update, the paper's t - 1.
# keras: keras.optimizers.Adam on the loss (theta - 3)^2 / 2, gradient theta - 3. Variables are float64, but Keras takes
#        the powers of the betas in float32, where 1 - 0.999 keeps four digits.
# literal: formulas (4)-(7), (9), (10) written out with numpy.longdouble, same loss; k1, k2 small enough to cross.
# ends: Keras's CosineDecay with warmup_steps, as a part of its peak, in float32; step t - 1 as in (9).
# raw: the same with k1 = k2 = 1, which corrects no moment: Keras's formulas in extended precision.
import json, os, pathlib
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

keras.backend.set_floatx("float64")
L = np.longdouble
B1, B2, EPS = L("0.9"), L("0.999"), L("1e-7")


def rate(t, eta0, d):
    return L(eta0) / (1 + L(d) * (t - 1)) * np.sqrt(1 - B2**t) / (1 - B1**t)


def steps(eta0, d, ts):
    keras_rate = keras.optimizers.schedules.InverseTimeDecay(eta0, decay_steps=1, decay_rate=d)
    for t in ts:
        assert abs(float(keras_rate(t - 1)) - eta0 / (1 + d * (t - 1))) < 1e-6 * eta0  # Keras computes it in float32
    return dict(eta0=eta0, decay=d, t=ts, eta=[float(rate(L(t), str(eta0), str(d))) for t in ts])


def keras_path(eta0, d, theta, n):
    v = keras.Variable([theta], dtype="float64")
    adam = keras.optimizers.Adam(keras.optimizers.schedules.InverseTimeDecay(eta0, decay_steps=1, decay_rate=d))
    adam.build([v])
    path = []
    for _ in range(n):
        adam.apply_gradients([(v - 3.0, v)])
        path.append(float(np.asarray(v)[0]))
    return dict(eta0=eta0, decay=d, theta=theta, path=path)


def literal_path(eta0, d, theta, n, k1, k2):
    x, m, v, path = L(theta), L(0), L(0), []
    for t in range(1, n + 1):
        g = x - 3
        m = B1 * m + (1 - B1) * g
        v = B2 * v + (1 - B2) * g * g
        mh = m / (1 - B1**t) if 0 < t < k1 else m
        vh = v / (1 - B2**t) if 0 < t < k2 else v
        x = x - rate(L(t), str(eta0), str(d)) * mh / (np.sqrt(vh) + EPS)
        path.append(float(x))
    return dict(eta0=eta0, decay=d, theta=theta, k1=k1, k2=k2, path=path)


def ends(warm_up, steps):
    schedule = keras.optimizers.schedules.CosineDecay(0.0 if warm_up else 1.0, steps - warm_up, warmup_target=1.0 if warm_up else None, warmup_steps=warm_up)
    ts = [1, 2, 3, 10, 25, 26, 27, 60, 99, 100, 101, 120]
    return dict(warm_up=warm_up, steps=steps, t=ts, factor=[float(schedule(t - 1)) for t in ts])


ts = [1, 2, 9, 10, 11, 12, 100, 999, 1000, 1001, 13675, 54700]  # 13675 = 25 epochs of 547 batches, 54700 = 100
golden = dict(
    steps=[steps(1e-4, 0.0, ts), steps(1e-6, 0.01, ts), steps(1.0, 0.5, ts)],
    keras=[keras_path(0.1, 0.0, 0.0, 60), keras_path(0.1, 0.01, 5.0, 60), keras_path(1e-4, 0.0, -1.0, 20)],
    literal=[literal_path(0.1, 0.0, 0.0, 60, 10, 1000), literal_path(0.1, 0.01, 5.0, 60, 10, 30),
             literal_path(1e-4, 0.0, -1.0, 20, 5, 7)],
    ends=[ends(25, 100), ends(1, 100), ends(0, 100)],
    raw=[literal_path(0.1, 0.0, 0.0, 60, 1, 1), literal_path(0.1, 0.01, 5.0, 60, 1, 1)],
)
path = pathlib.Path(__file__).with_name("schedule_golden.json")
path.write_text("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in golden.items()) + "\n}\n")
