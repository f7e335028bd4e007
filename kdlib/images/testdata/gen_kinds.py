# Pillow 13.0.0, pillow-heif 1.8.1, NumPy 2.4.6: writes pictures of kinds that are named but not read into kinds/KIND.EXTENSION.
import shutil
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image

HERE = Path(__file__).parent / "kinds"


def main():
    pillow_heif.register_heif_opener()
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    image = Image.fromarray(np.arange(16 * 16 * 3, dtype=np.uint8).reshape(16, 16, 3))
    for name in ("HEIC.heic", "AVIF.avif", "GIF.gif", "TIFF.tiff", "JPEG 2000.jp2", "JPEG 2000.j2k"):
        image.save(HERE / name)
    image.save(HERE / "an animated WebP.webp", save_all=True, append_images=[image.rotate(90)], lossless=True)


main()
