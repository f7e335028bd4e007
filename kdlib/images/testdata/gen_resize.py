# Pillow 13.0.0, NumPy 2.4.6: writes resize_golden.csv beside it.
# Each line: sizes, and the SHA-256 of the RGB bytes that Pillow's NEAREST resize makes
# of a picture whose pixel (x, y) is (x % 256, y % 256, x // 256 * 16 + y // 256): every
# pixel of the source is different, so one wrong index changes the sum.
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

SIDES = [1, 2, 3, 5, 7, 13, 31, 64, 97, 128, 224, 375, 499, 500, 768, 1050]
OUTS = [1, 2, 3, 7, 32, 61, 64, 128, 224, 331]
# Pairs where floor((i + 0.5) * in / out) and Pillow's running sum differ.
ROUNDING = [
    (a, b)
    for a in range(1, 400)
    for b in (32, 56, 61, 64, 96, 98, 112, 127, 224)
    if any(i != j for i, j in zip(
        ((np.arange(b) + 0.5) * (a / b)).astype(int),
        np.cumsum(np.concatenate([[a / b * 0.5], np.full(b - 1, a / b)])).astype(int)))
]


def source(width, height):
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    return Image.fromarray(np.stack([x % 256, y % 256, x // 256 * 16 + y // 256], -1).astype(np.uint8), "RGB")


def main():
    cases = [(s, SIDES[(i * 7 + 3) % len(SIDES)], o, OUTS[(i * 3 + j) % len(OUTS)])
             for i, s in enumerate(SIDES) for j, o in enumerate(OUTS)]
    cases += [(a, a, b, b) for a, b in ROUNDING[:: max(1, len(ROUNDING) // 40)]]
    lines = ["width,height,out_width,out_height,sha256"]
    for w, h, ow, oh in cases:
        out = source(w, h).resize((ow, oh), Image.Resampling.NEAREST)
        lines.append(f"{w},{h},{ow},{oh},{hashlib.sha256(out.tobytes()).hexdigest()}")
    Path(__file__).with_name("resize_golden.csv").write_text("\n".join(lines) + "\n")
    print(len(cases), "cases,", len(ROUNDING), "pairs decided by rounding")


main()
