# Python 3.11, its standard library alone. Writes draws_golden.json beside itself: what Augment.Sample draws.
# The generator is Go's math/rand/v2.PCG: a linear congruential one of 128 bits, whose output is permuted by DXSM (M. O'Neill, "PCG: A Family of
# Simple Fast Space-Efficient Statistically Good Algorithms for Random Number Generation"; numpy issue 13635 for DXSM), seeded
# with the first 16 bytes of SHA-256(seed, epoch, id), little-endian.
import hashlib, json, pathlib, struct

MUL, INC, CHEAP = 0x2360ED051FC65DA44385DF649FCCF645, 0x5851F42D4C957F2D14057B7EF767814F, 0xDA942042E4DD58B5
M64, M128 = (1 << 64) - 1, (1 << 128) - 1

def uniforms(high, low):
    state = high << 64 | low
    while True:
        state = (state * MUL + INC) & M128
        x, low = state >> 64, state & M64
        x ^= x >> 32
        x = x * CHEAP & M64
        x ^= x >> 48
        x = x * (low | 1) & M64
        yield (x & ((1 << 53) - 1)) / (1 << 53)

cases = []
for seed, epoch, name, size, shift in [(1, 1, "cat.0", 64, 0.4), (1, 2, "cat.0", 64, 0.4), (1, 1, "dog.7", 224, 0.4), (2**64 - 1, 100, "Äpfel.3", 32, 1.0),
                                       (7, 0, "cat.12345", 100, 0.1)]:
    digest = hashlib.sha256(struct.pack("<QQ", seed, epoch) + name.encode()).digest()
    draw = uniforms(*struct.unpack("<QQ", digest[:16]))
    flip, dx, dy = next(draw) < 0.5, 2 * next(draw) - 1, 2 * next(draw) - 1
    cases.append(dict(seed=seed, epoch=epoch, id=name, size=size, shift=shift, flip=flip, dx=dx * (shift * size), dy=dy * (shift * size)))
path = pathlib.Path(__file__).with_name("draws_golden.json")
path.write_text("[\n" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "\n]\n")
