# Python 3.11, numpy 2.4.6. The numbers of formula.go, for the scripts that write golden data, and what those that ask torch keep of a tensor.
import zlib
import numpy as np

SAMPLES = 4  # elements kept of a tensor
DIGITS = 12


def uniform(name, n):
    """n numbers in [0, 1) from a name: murmur3's finalizer of index and the name's CRC-32."""
    x = np.arange(n, dtype=np.uint32) * np.uint32(0x9E3779B9) + np.uint32(zlib.crc32(name.encode()))
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 2**32


def value(name, shape):
    u = uniform(name, int(np.prod(shape)))
    kind = name.rsplit("/", 1)[1]
    if kind == "kernel":  # He uniform
        u = (2 * u - 1) * np.sqrt(6 / np.prod(shape[:-1]))
    elif kind == "gamma":
        u = 0.5 + 0.5 * u
        if name.endswith(("_3_bn/gamma", ".bn2/gamma", ".bn3/gamma")):  # a block's last: small beside the shortcut
            u = 0.2 * u
    elif kind == "moving_variance":
        u = 0.5 + u
    else:  # bias, beta, moving_mean
        u = 0.2 * (2 * u - 1)
    return u.reshape(shape)


def to_torch(a):
    """[rows, columns, in, out] to [out, in, rows, columns]; [in, out] to [out, in]."""
    return a.transpose(3, 2, 0, 1) if a.ndim == 4 else a.T


def to_ours(a):
    return a.transpose(2, 3, 1, 0) if a.ndim == 4 else a.T


def keep(v, scale):
    """A number to DIGITS digits of numbers of that scale: what is beyond them is rounding."""
    if v == 0 or scale == 0:
        return 0.0
    return float(np.round(v, DIGITS - 1 - int(np.floor(np.log10(scale)))))


def sample(tensor):
    """The tensor's norm and four of its elements, at the starts of its quarters."""
    flat = np.asarray(tensor, "float64").ravel()
    norm = float(np.linalg.norm(flat))
    return [keep(norm, norm)] + [keep(flat[len(flat) * k // SAMPLES], norm / np.sqrt(len(flat))) for k in range(SAMPLES)]
