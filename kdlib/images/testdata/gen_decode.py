# Pillow 13.0.0, NumPy 2.4.6: writes pictures in many modes and, for each, what
# Pillow makes of them: convert("RGB"), then NEAREST to 24 x 16, as NAME.rgb.png.
# The tiles are flat in each block of 8 x 8, where all cosine transforms agree, and
# stay as large as they are: they show the conversion of colours alone. So do pictures in WebP, in which
# every pixel's chroma is compared. The one with an EXIF
# orientation stays as it lies in the file: neither Pillow's open nor Keras's load_img turns it.
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent / "decode"


def picture(width, height):
    """Smooth colours with a few hard edges."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    rgb = np.stack([255 * x, 255 * y, 127 + 127 * np.sin(9 * x + 5 * y)], -1)
    rgb[(x - 0.6) ** 2 + (y - 0.4) ** 2 < 0.05] = (220, 40, 30)
    return Image.fromarray(rgb.astype(np.uint8), "RGB")


def tiles():
    """Random colours, constant on 16 x 16 pixels, 128 x 96."""
    colours = np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8)
    return Image.fromarray(colours.repeat(16, 0).repeat(16, 1), "RGB")


def png16(pixels):
    """A PNG of 16 bits a channel, which Pillow reads and does not write."""
    height, width, _ = pixels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def main():
    HERE.mkdir(exist_ok=True)
    rgb = picture(53, 35)
    alpha = Image.fromarray(np.linspace(0, 255, 53 * 35).reshape(35, 53).astype(np.uint8), "L")
    turned = Image.Exif()
    turned[0x0112] = 6  # orientation: turn by 90 degrees to the right
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    files = {
        "444.jpg": (rgb, dict(quality=90, subsampling=0)),
        "422.jpg": (rgb, dict(quality=90, subsampling=1)),
        "420.jpg": (rgb, dict(quality=90, subsampling=2)),
        "420-narrow.jpg": (picture(3, 40), dict(quality=90, subsampling=2)),
        "progressive.jpg": (rgb, dict(quality=90, progressive=True)),
        "exif.jpg": (rgb, dict(quality=90, exif=turned)),
        "grey.jpg": (rgb.convert("L"), dict(quality=90)),
        "cmyk.jpg": (rgb.convert("CMYK"), dict(quality=90)),
        "tiles-444.jpg": (tiles(), dict(quality=95, subsampling=0)),
        "tiles-422.jpg": (tiles(), dict(quality=95, subsampling=1)),
        "tiles-420.jpg": (tiles(), dict(quality=95, subsampling=2)),
        "tiles-cmyk.jpg": (Image.merge("CMYK", [*tiles().split(), tiles().split()[0].rotate(180)]), dict(quality=95, subsampling=0)),
        "rgb.png": (rgb, {}),
        "rgba.png": (rgba, {}),
        "grey.png": (rgb.convert("L"), {}),
        "palette.png": (rgb.quantize(16), dict(transparency=3)),
        "one.png": (picture(1, 1), {}),
        "lossy.webp": (rgb, dict(quality=80)),
        "lossy-even.webp": (picture(54, 36), dict(quality=80)),
        "tiles.webp": (tiles(), dict(quality=95)),
        "alpha.webp": (rgba, dict(quality=80)),
        "lossless.webp": (rgb, dict(lossless=True)),
        "lossless-alpha.webp": (rgba, dict(lossless=True, exact=True)),
        "one.webp": (picture(1, 1), dict(quality=80)),
        "rgb.bmp": (rgb, {}),
        "rgba.bmp": (rgba, {}),
        "palette.bmp": (rgb.quantize(16), {}),
        "grey.bmp": (rgb.convert("L"), {}),
    }
    for name, (image, options) in files.items():
        image.save(HERE / name, **options)
    deep = np.asarray(rgb).astype(np.uint16) * 256 + np.arange(53, dtype=np.uint16)[:, None]
    (HERE / "rgb16.png").write_bytes(png16(deep))
    for name in [*files, "rgb16.png"]:
        with Image.open(HERE / name) as back:
            size = back.size if name.startswith("tiles") or name.endswith(".webp") else (24, 16)
            back.convert("RGB").resize(size, Image.Resampling.NEAREST).save(HERE / f"{name}.rgb.png")


main()
