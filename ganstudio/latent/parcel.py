"""Samples on their way from one place to another: by drag and drop, on the clipboard, between panels."""

import io
import zipfile
import zlib
from dataclasses import dataclass

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.arrays import read_npy

MOST_BYTES = 64 << 20
"""A parcel comes from anywhere: what is larger is not looked into."""
WHAT = "the samples"
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What is raised for zip files that are none."""


@dataclass(frozen=True)
class Parcel:
    """One or more samples. A generated one has its input, a real one only its image; a point has no image.

    A further part of G's input (a class) would be one more optional field here. A part that a version does not know is
    refused, not dropped: without it the sample would be another.
    """

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
            with zipfile.ZipFile(io.BytesIO(data)) as file:
                found = cls(**_read(file))
        except StudioError:
            raise
        except DAMAGED:
            raise StudioError("cannot be read; they are damaged", WHAT) from None
        found._check()
        return found

    def _check(self) -> None:
        z, images = self.inputs, self.images
        if z is not None and (z.ndim != 2 or not z.shape[1] or z.dtype != np.float32 or not np.isfinite(z).all()):
            raise StudioError("have inputs that are no rows of finite float32 numbers", WHAT)
        if images is not None and (
            images.ndim != 4 or images.dtype != np.uint8 or images.shape[3] not in (1, 3) or 0 in images.shape[1:3]
        ):
            raise StudioError("have images that are not (n, H, W, 1 or 3) bytes", WHAT)
        if not len(self) or (z is not None and images is not None and len(z) != len(images)):
            raise StudioError("are none, or their inputs and images are not as many", WHAT)


def _read(file: zipfile.ZipFile) -> dict[str, np.ndarray]:
    """The arrays of a parcel by name. Raises ``StudioError``, or one of ``DAMAGED``."""
    members = file.infolist()
    parts = {member.filename.removesuffix(".npy"): member for member in members}
    for name in sorted(parts.keys() - {"inputs", "images"}):
        words = f"hold {name[:40]!r}, which this version of GAN Studio does not know; use one version for both"
        raise StudioError(words, WHAT)
    if len(parts) < len(members) or any(one.compress_type != zipfile.ZIP_STORED for one in members):
        raise zipfile.BadZipFile("to_bytes writes each array once, and compresses none")
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise StudioError("are too many for one parcel", WHAT)
    return {name: read_npy(file.read(member)) for name, member in parts.items()}
