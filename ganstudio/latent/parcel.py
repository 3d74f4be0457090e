"""Samples on their way from one place to another: by drag and drop, on the clipboard, between panels."""

import io
import zipfile
from dataclasses import dataclass

import numpy as np

from ganstudio.experiment.errors import StudioError

MOST_BYTES = 64 << 20
"""A parcel comes from anywhere: what is larger is not looked into."""
WHAT = "the samples"


@dataclass(frozen=True)
class Parcel:
    """One or more samples. A generated one has its input, a real one only its image; a point has no image."""

    inputs: np.ndarray | None = None
    """(n, dim) float32: G's input of each, to the bit."""
    images: np.ndarray | None = None
    """(n, H, W, C) uint8 of 1 or 3 channels."""

    def __len__(self) -> int:
        return max((len(part) for part in (self.inputs, self.images) if part is not None), default=0)

    def to_bytes(self) -> bytes:
        """As an npz file of the arrays that there are."""
        parts = {"inputs": self.inputs, "images": self.images}
        file = io.BytesIO()
        np.savez(file, **{name: part for name, part in parts.items() if part is not None})
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Parcel":
        """What ``to_bytes`` wrote. Raises ``StudioError`` for anything else; runs no code from it."""
        if len(data) > MOST_BYTES:
            raise StudioError("are too many for one parcel", WHAT)
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as file:
                found = cls(*(file.get(name) for name in ("inputs", "images")))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            raise StudioError("cannot be read; they are damaged", WHAT) from None
        found._check()
        return found

    def _check(self) -> None:
        z, images = self.inputs, self.images
        if z is not None and (z.ndim != 2 or z.dtype != np.float32 or not np.isfinite(z).all()):
            raise StudioError("have inputs that are no rows of finite float32 numbers", WHAT)
        if images is not None and (images.ndim != 4 or images.dtype != np.uint8 or images.shape[3] not in (1, 3)):
            raise StudioError("have images that are not (n, H, W, 1 or 3) bytes", WHAT)
        if not len(self) or (z is not None and images is not None and len(z) != len(images)):
            raise StudioError("are none, or their inputs and images are not as many", WHAT)
