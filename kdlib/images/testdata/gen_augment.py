# Keras 3.15.1, SciPy 1.17.1, NumPy 2.4.6: writes augment_golden.json beside it, the
# results of ImageDataGenerator.apply_transform for given shifts (tx along the width,
# ty along the height) and flips. Source pixel (row r, column c, channel k) of a picture
# of side n: (37 r + 101 c + 59 k + 7 r c) % 256.
import json
from pathlib import Path

import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

MOVES = [  # tx, ty as parts of the side
    (0, 0), (0.25, 0), (0, -0.25), (0.4, 0.4), (-0.4, 0.31), (0.123456789, -0.377),
    (-0.05, -0.05), (0.7, -0.9), (-1.3, 1.0), (0, 0.0123),
]


def main():
    generator = ImageDataGenerator(fill_mode="nearest", data_format="channels_last")
    cases = []
    for n in (1, 2, 5, 8, 11):
        r, c, k = np.meshgrid(np.arange(n), np.arange(n), np.arange(3), indexing="ij")
        source = ((37 * r + 101 * c + 59 * k + 7 * r * c) % 256).astype(np.float32)
        for i, (tx, ty) in enumerate(MOVES):
            tx, ty, flip = tx * n, ty * n, i % 2 == 0
            out = generator.apply_transform(source, dict(tx=tx, ty=ty, flip_horizontal=flip))
            assert out.dtype == np.float32
            values = [float(np.format_float_positional(v, unique=True)) for v in out.ravel()]
            cases.append(dict(size=n, tx=tx, ty=ty, flip=flip, out=values))
    text = ",\n".join(json.dumps(c) for c in cases)
    Path(__file__).with_name("augment_golden.json").write_text("[\n" + text + "\n]\n")


main()
