# Python 3.11, numpy 2.4.6. The numbers of formula.go, for the scripts that write golden data.
import zlib
import numpy as np


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
