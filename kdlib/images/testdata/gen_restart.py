# Pillow 13.0.0 (libjpeg-turbo), NumPy 2.4.6: writes JPEGs with damaged restart markers into restart/, with a table of what
# Pillow makes of each: whole (the pixels of the undamaged one), gap (other pixels) or error.
import csv
import io
import re
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent / "restart"


def picture():
    x, y = np.meshgrid(np.linspace(0, 1, 32), np.linspace(0, 1, 96))
    return Image.fromarray(np.stack([255 * x, 255 * y, 127 + 127 * np.sin(9 * x + 5 * y)], -1).astype(np.uint8), "RGB")


def save(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=75, subsampling=0, restart_marker_rows=1, **options)
    return out.getvalue()


def damaged(data):
    """Damage to the second restart marker of the first scan, RST1, or to all."""
    start = data.index(b"\xff\xda")
    marks = [m.start() for m in re.finditer(b"\xff[\xd0-\xd7]", data) if m.start() > start]

    def put(middle, begin=marks[1], end=marks[1] + 2):
        return data[:begin] + middle + data[end:]

    yield "undamaged", data
    for ahead in range(1, 8):
        yield f"ahead{ahead}", put(bytes([0xFF, 0xD0 + (1 + ahead) % 8]))
    shifted = bytearray(data)
    for at in marks:
        shifted[at + 1] = 0xD0 + (shifted[at + 1] - 0xD0 + 3) % 8
    yield "all-ahead3", bytes(shifted)
    yield "missing", put(b"")
    yield "overwritten", put(b"\0\0")
    yield "comment", put(b"\xff\xfe")
    yield "twice", put(data[marks[1] : marks[1] + 2] * 2)
    yield "interval-gone", put(b"", end=marks[2])
    yield "interval-twice", put(data[marks[1] : marks[2]] * 2, end=marks[2])
    yield "intervals-swapped", put(data[marks[2] : marks[3]] + data[marks[1] : marks[2]], end=marks[3])
    yield "bytes-before", put(b"\x12\x34\x56" + data[marks[1] : marks[1] + 2])
    yield "filled", put(b"\xff\xff" + data[marks[1] : marks[1] + 2])


def outcome(data, want):
    try:
        return "whole" if np.array_equal(np.asarray(Image.open(io.BytesIO(data)).convert("RGB")), want) else "gap"
    except OSError:
        return "error"


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    rows = []
    for kind, options in {"baseline": {}, "progressive": {"progressive": True}}.items():
        whole = save(picture(), **options)
        want = np.asarray(Image.open(io.BytesIO(whole)).convert("RGB"))
        for name, data in damaged(whole):
            (HERE / f"{kind}-{name}.jpg").write_bytes(data)
            rows.append([f"{kind}-{name}.jpg", outcome(data, want)])
    whole = save(picture())
    data = dict(damaged(whole))["ahead4"]
    data = data[:2] + b"\xff\xfe\x00\x06\xff\xda\xff\xd5" + data[2:]  # a comment that looks like a scan
    (HERE / "comment-like-a-scan.jpg").write_bytes(data)
    rows.append(["comment-like-a-scan.jpg", outcome(data, np.asarray(Image.open(io.BytesIO(whole)).convert("RGB")))])
    with open(HERE / "outcome.csv", "w", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([["file", "pillow"], *rows])


main()
