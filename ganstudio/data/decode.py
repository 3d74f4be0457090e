"""One image file → a square of 8-bit pixels: orientation, bit depth, transparency and aspect ratio made alike."""

import os
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM")
"""What is decoded; Pillow's other formats are left out because some of them start other programs (EPS)."""
MOST_PIXELS = 90_000_000
"""Larger images are skipped: decoding a few of them at once could take all memory."""

THREADS = min(8, os.cpu_count() or 1)
"""How many images are decoded at once; Pillow lets other threads run while it decodes."""

# What is wrong with a file is told in the data's notes; Pillow would print it to standard error as well.
warnings.filterwarnings("ignore", module=r"PIL\.")


class Undecodable(Exception):
    """Why a file was skipped, in a few words."""


@dataclass(frozen=True)
class Target:
    """What every image is brought to."""

    size: int
    """Side in pixels."""
    fit: str = "crop"
    """``crop``, ``pad`` or ``stretch``."""
    channels: int = 3
    """1 for grey, 3 for RGB."""
    background: tuple[int, int, int] = (255, 255, 255)
    """RGB behind transparent pixels and of the bars beside a padded image."""


def decode(file: Path | BinaryIO, target: Target) -> tuple[np.ndarray, bool]:
    """((size, size, channels) uint8, whether the image had to be enlarged).

    Raises ``Undecodable``, whatever is wrong with the file.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Undecodable(f"more than {MOST_PIXELS // 10**6} million pixels")
            # JPEG can skip most of the work for a small result; twice the size leaves the filter something to do.
            image.draft(None, (2 * target.size, 2 * target.size))
            whole = flattened(upright(image), target.background)
    except Undecodable:
        raise
    except Image.DecompressionBombError:
        raise Undecodable(f"more than {MOST_PIXELS // 10**6} million pixels") from None
    except Image.UnidentifiedImageError:
        raise Undecodable("not an image of a known format") from None
    except PermissionError:
        raise Undecodable("no permission to read") from None
    except Exception:  # Pillow's decoders raise nearly anything for a damaged file
        raise Undecodable("damaged") from None
    square = fitted(whole, target)
    if target.channels == 1:
        square = square.convert("L")
    return np.asarray(square).reshape(target.size, target.size, target.channels), min(whole.size) < target.size


def upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF orientation says; as it is where that is missing or malformed."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # a malformed EXIF block must not cost the picture
        return image


def flattened(image: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    """As 8-bit RGB: 16-bit grey scaled, transparency laid over ``background``."""
    if image.mode.startswith("I"):
        image = _from_16_bits(image)
    if image.mode == "F":
        raise Undecodable("floating-point pixels")
    if image.has_transparency_data:
        return Image.alpha_composite(Image.new("RGBA", image.size, background), image.convert("RGBA")).convert("RGB")
    return image.convert("RGB")


def _from_16_bits(image: Image.Image) -> Image.Image:
    values = np.asarray(image).astype(np.int64)
    if values.min() < 0 or values.max() > 65535:
        raise Undecodable("pixels of more than 16 bits")
    return Image.fromarray(((values + 128) // 257).astype(np.uint8))


def fitted(image: Image.Image, target: Target) -> Image.Image:
    """As a square: its centre, the whole of it with bars, or the whole of it stretched."""
    width, height = image.size
    size, resample = target.size, Image.Resampling.BICUBIC
    if target.fit == "stretch":
        return image.resize((size, size), resample)
    if target.fit == "crop":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        return image.resize((size, size), resample, (left, top, left + side, top + side))
    scale = size / max(width, height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    square = Image.new("RGB", (size, size), target.background)
    square.paste(image.resize(inner, resample), ((size - inner[0]) // 2, (size - inner[1]) // 2))
    return square


def in_order(function: Callable[[Any], Any], items: Iterable[Any], threads: int = THREADS) -> Iterator[Any]:
    """``map`` on a pool of threads, a few items ahead; what has not begun is dropped when the caller stops asking."""
    with ThreadPoolExecutor(threads, thread_name_prefix="decode") as pool:
        waiting: deque = deque()
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 4 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
