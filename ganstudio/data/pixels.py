"""Arrays of any common layout and type → (N, H, W, C) uint8, and their resizing."""

from typing import Annotated, Any

import numpy as np
import torch
import torch.nn.functional as F
from pydantic import AfterValidator
from torch import Tensor

from ganstudio.data.dataset import Progress, report
from ganstudio.experiment.component import param
from ganstudio.experiment.errors import StudioError

CHUNK = 1 << 24
"""Values that are converted at a time, between two looks at whether the person cancelled."""
TOLERANCE = 1e-3
"""How far floating-point pixels may lie outside their range, for rounding."""


def _network_size(size: int) -> int:
    if size and (size % 4 or not 16 <= size <= 128):
        raise ValueError("must be a multiple of 4 from 16 to 128, or 0 to keep the size the images have")
    return size


def _square_size(size: int) -> int:
    if size % 4 or not 16 <= size <= 128:
        raise ValueError("must be a multiple of 4 from 16 to 128")
    return size


KeptSize = Annotated[int, AfterValidator(_network_size)]
"""Side of the images in pixels: 0 keeps what they have, else a multiple of 4 from 16 to 128."""
Size = Annotated[int, AfterValidator(_square_size)]
"""Side of the images in pixels: a multiple of 4 from 16 to 128."""


def kept_size() -> Any:
    """The field ``size`` of sources whose files hold images that are all of one size already."""
    return param(
        0,
        "Size",
        "Side to which the centre of each image is resized, a multiple of 4; 0 keeps the images as they are.",
        unit="pixels",
        ge=0,
        le=128,
    )


def to_uint8(array: np.ndarray, source: str, progress: Progress | None = None) -> tuple[np.ndarray, list[str]]:
    """An array of images as (N, H, W, C) uint8, with what a person should know about the conversion.

    Takes (N, H, W), (N, H, W, C) or (N, C, H, W) with C of 1 or 3; bool; integers of 0…255 or 0…65535; floats in
    [0, 1] or [−1, 1]. ``source`` heads the ``StudioError`` of anything else.
    """
    array = channels_last(array, source)
    offset, factor, notes = _scale(array, source, progress)
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array), notes
    result = np.empty(array.shape, np.uint8)
    for part in _chunks(array):
        report(progress, "converting pixels", part.start / len(array))
        scaled = (array[part].astype(np.float64) + offset) * factor
        result[part] = np.clip(np.rint(scaled), 0, 255)
    return result, notes


def channels_last(array: np.ndarray, source: str) -> np.ndarray:
    """A view of shape (N, H, W, C), whichever way the array is laid out."""
    shape = " × ".join(map(str, array.shape)) or "a single number"
    if array.ndim not in (3, 4):
        raise StudioError(
            f"holds an array of shape {shape}; images come as N × height × width, with 1 or 3 channels before or after",
            source,
        )
    if array.size == 0:
        raise StudioError(f"holds no images (its shape is {shape})", source)
    if array.ndim == 3:
        array = array[..., None]
    elif array.shape[-1] not in (1, 3):
        if array.shape[1] not in (1, 3):
            raise StudioError(f"has neither 1 nor 3 channels (its shape is {shape})", source)
        array = array.transpose(0, 2, 3, 1)
    if min(array.shape[1:3]) < 4:
        raise StudioError(f"holds images of less than 4 pixels (its shape is {shape}); is it a single image?", source)
    return array


def _scale(array: np.ndarray, source: str, progress: Progress | None) -> tuple[float, float, list[str]]:
    """(offset, factor) so that (value + offset) · factor lies in 0…255, and notes."""
    kind = array.dtype.kind
    if kind == "b" or array.dtype == np.uint8:
        return 0, 255 if kind == "b" else 1, []
    if kind not in "iuf":
        raise StudioError(f"holds values of type {array.dtype}, not pixels", source)
    low, high = _range(array, source, progress)
    if kind == "f":
        if low < -1 - TOLERANCE or high > 1 + TOLERANCE:
            raise StudioError(
                f"has values from {low:g} to {high:g}; floating-point pixels must lie in [0, 1] or in [−1, 1], "
                "or be saved as uint8",
                source,
            )
        return (1, 127.5, []) if low < -TOLERANCE else (0, 255, [])
    if low < 0 or high > 65535:
        raise StudioError(f"has values from {low} to {high}; whole numbers must lie in 0…255 or 0…65535", source)
    if high > 255:
        return 0, 1 / 257, []
    return 0, 1, [f"The pixels are stored as {array.dtype} but none is above 255, so they were read as 8 bits."]


def _range(array: np.ndarray, source: str, progress: Progress | None) -> tuple[float, float]:
    lows, highs = [], []
    for part in _chunks(array):
        report(progress, "checking pixels", part.start / len(array))
        lows.append(array[part].min())
        highs.append(array[part].max())
    low, high = np.array(lows).min(), np.array(highs).max()
    if not (np.isfinite(low) and np.isfinite(high)):
        raise StudioError("has pixels that are not finite numbers (NaN or infinity)", source)
    return low, high


def _chunks(array: np.ndarray) -> list[slice]:
    step = max(1, CHUNK // array[0].size)
    return [slice(start, start + step) for start in range(0, len(array), step)]


def resized(images: Tensor, size: int, progress: Progress | None = None, *, pixel_art: bool = False) -> Tensor:
    """(N, H, W, C) uint8 → (N, size, size, C): the centre square, antialiased; ``size`` 0 or the same leaves it alone.

    ``pixel_art`` repeats pixels where a whole number of them fits, so that edges stay hard.
    """
    _, height, width, _ = images.shape
    if size == 0 or (height, width) == (size, size):
        return images
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = images[:, top : top + side, left : left + side]
    if pixel_art and size % side == 0:
        return square.repeat_interleave(size // side, 1).repeat_interleave(size // side, 2)
    result = torch.empty((len(images), size, size, images.shape[3]), dtype=torch.uint8)
    step = max(1, CHUNK // (side * side * images.shape[3]))
    for start in range(0, len(images), step):
        report(progress, "resizing", start / len(images))
        part = square[start : start + step].permute(0, 3, 1, 2)
        shrunk = F.interpolate(part, (size, size), mode="bicubic", antialias=True, align_corners=False)
        result[start : start + step] = shrunk.permute(0, 2, 3, 1)
    return result
