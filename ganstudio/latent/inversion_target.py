"""From what a person names to what G should make: pictures brought to G's shape, real samples drawn, points checked.

Imports no torch of its own, yet needs a ``Workshop``.
"""

import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

import numpy as np
from PIL import Image

from ganstudio.data.decode import Target, Undecodable, decode
from ganstudio.experiment.errors import StudioError
from ganstudio.latent.inversion import Invert, OwnSample, Picture, PictureFile, PointTarget, RealSample
from ganstudio.latent.requests import as_bytes

if TYPE_CHECKING:
    from ganstudio.latent.workshop import Workshop

LARGEST = 30_000
"""Sides of a picture in pixels."""


def target_of(workshop: "Workshop", request: Invert) -> tuple[np.ndarray, str]:
    """(the target as in ``Projection``, what it is in a few words).

    Raises ``StudioError`` that names the file or the field at fault.
    """
    shape, subject = workshop.frame.shape, request.subject
    if isinstance(subject, OwnSample):
        return _own(workshop, subject.z), "G's own sample"
    if isinstance(subject, RealSample):
        return _real(workshop, subject.seed)
    if isinstance(subject, PointTarget):
        return _point(subject.values, shape), "a point"
    if len(shape) != 3:
        raise StudioError("this generator makes points, not images; click or type a point", "picture")
    if isinstance(subject, PictureFile):
        path = Path(subject.path)
        try:
            return brought(path, shape, request), path.name
        except Undecodable as problem:
            raise StudioError(f"cannot be used as a picture ({problem})", str(path)) from None
    if isinstance(subject, Picture):
        return _pixels(subject.pixels, shape, request), "a picture"
    assert_never(subject)


def brought(file: Path | io.BytesIO, shape: tuple[int, ...], request: Invert) -> np.ndarray:
    """(H, W, C) uint8: an image file in G's shape (C, H, W). Raises ``Undecodable``.

    Where G's images are not square, the middle of the square that holds them; a stretched picture fills them.
    """
    channels, height, width = shape
    side = max(height, width)
    red, green, blue = (255 - part if request.negative else part for part in request.background)
    square, _ = decode(file, Target(side, request.fit, channels, (red, green, blue)))
    if request.negative:
        square = 255 - square
    if height == width:
        return square
    if request.fit == "stretch":
        image = Image.fromarray(square[..., 0] if channels == 1 else square)
        resized = np.asarray(image.resize((width, height), Image.Resampling.BICUBIC))
        return resized.reshape(height, width, channels)
    top, left = (side - height) // 2, (side - width) // 2
    return square[top : top + height, left : left + width].copy()


def _pixels(pixels: np.ndarray, shape: tuple[int, ...], request: Invert) -> np.ndarray:
    channels, height, width = shape
    if pixels.ndim != 3 or pixels.dtype != np.uint8 or pixels.shape[2] not in (1, 3) or not pixels.size:
        raise StudioError("has no rows and columns of 1 or 3 bytes a pixel", "picture")
    if max(pixels.shape) > LARGEST:
        raise StudioError(f"has a side of more than {LARGEST:,} pixels", "picture")
    if request.negative:
        return _pixels(255 - pixels, shape, replace(request, negative=False))
    if pixels.shape == (height, width, channels):
        return pixels
    if pixels.shape[:2] == (height, width) and channels == 3:
        return np.repeat(pixels, 3, axis=2)
    if pixels.shape[:2] == (height, width) and (pixels == pixels[..., :1]).all():
        return pixels[..., :1].copy()  # grey in colours, as grids show it: to the bit
    file = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels).save(file, "BMP")
    file.seek(0)
    try:
        return brought(file, shape, request)
    except Undecodable as problem:
        raise StudioError(f"cannot be used ({problem})", "picture") from None


def _own(workshop: "Workshop", z: np.ndarray) -> np.ndarray:
    if not np.isfinite(z).all():
        raise StudioError("has numbers that are not finite", "z")
    sample = workshop.replica.render(np.asarray(z, np.float32).reshape(1, -1))
    return as_bytes(sample)[0] if sample.ndim == 4 else sample[0].astype(np.float64)


def _real(workshop: "Workshop", seed: int) -> tuple[np.ndarray, str]:
    if len(workshop.frame.shape) != 3:
        raise StudioError("these data are points; click or type one instead", "real sample")
    frame = workshop.images
    images = frame.images if frame.held_out is None else frame.held_out
    assert images is not None
    index = int(np.random.default_rng(seed).integers(len(images)))
    which = "training" if frame.held_out is None else "held-out"
    return images[index], f"{which} image {index:,}"


def _point(values: tuple[float, ...], shape: tuple[int, ...]) -> np.ndarray:
    if len(shape) != 1:
        raise StudioError("this generator makes images, not points; drop a picture", "point")
    if len(values) != shape[0]:
        raise StudioError(f"G makes points of {shape[0]} coordinates (these are {len(values)})", "point")
    found = np.array(values, np.float64)
    if not np.isfinite(found).all():
        raise StudioError("has coordinates that are not finite", "point")
    return found
