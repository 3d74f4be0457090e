"""The anchors of a path: how they are added, moved and taken away, and how z lies in a file. Pure functions."""

from pathlib import Path as FilePath

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.arrays import read_npy
from ganstudio.latent.paths import LEAST_ANCHORS, MOST_ANCHORS

MOST_BYTES = 64 << 20
"""A file comes from anywhere: one that is larger is not looked into."""


def with_more(anchors: np.ndarray, at: int, more: np.ndarray) -> np.ndarray:
    """(n, dim) with the first of further z (m, dim) for which there is room, before place ``at`` (n: at the end).

    Raises ``StudioError`` when there are 16 already.
    """
    _check_fit(anchors, more)
    room = MOST_ANCHORS - len(anchors)
    if room <= 0:
        raise StudioError(f"a path has at most {MOST_ANCHORS}; remove one, or drop the sample onto one", "anchors")
    return np.insert(anchors, at, more[:room], axis=0)


def without(anchors: np.ndarray, index: int) -> np.ndarray:
    """(n − 1, dim). Raises ``StudioError`` when too few would be left."""
    if len(anchors) <= LEAST_ANCHORS:
        raise StudioError(f"a path needs {LEAST_ANCHORS}; replace one by dropping another sample onto it", "anchors")
    return np.delete(anchors, index, axis=0)


def replaced(anchors: np.ndarray, index: int, z: np.ndarray) -> np.ndarray:
    """(n, dim) with another z (dim,) at a place."""
    _check_fit(anchors, z[None])
    found = anchors.copy()
    found[index] = z
    return found


def moved(anchors: np.ndarray, index: int, to: int) -> np.ndarray:
    """(n, dim) with one anchor taken out and put in at place ``to`` (0…n − 1) of what is then the path."""
    order = [i for i in range(len(anchors)) if i != index]
    order.insert(to, index)
    return anchors[order]


def _check_fit(anchors: np.ndarray, more: np.ndarray) -> None:
    if more.ndim != 2 or more.shape[1] != anchors.shape[1]:
        numbers = more.shape[-1]
        words = f"this generator's z has {anchors.shape[1]} numbers (the sample's has {numbers}): it is another G's"
        raise StudioError(words, "anchors")


def write_z(path: FilePath, z: np.ndarray) -> None:
    """Write z (n, dim) float32 as ``.npy``. Raises ``StudioError`` when the file cannot be written."""
    try:
        with open(path, "wb") as file:
            np.save(file, np.ascontiguousarray(z, np.float32))
    except OSError as error:
        raise StudioError(f"cannot be written ({error.strerror or error}); choose another place", str(path)) from None


def read_z(path: FilePath, dim: int) -> np.ndarray:
    """(n, dim) float32, n ≥ 1, from an ``.npy`` file of real numbers (n, dim) or (dim,); runs no code from it.

    Raises ``StudioError`` for everything else, with what is wrong and what would be right.
    """
    name = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StudioError(f"is larger than {MOST_BYTES >> 20} MB; save fewer z in a file", name)
        found = read_npy(path.read_bytes())
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", name) from None
    except ValueError:
        raise StudioError("is no .npy file of numbers; write one with numpy.save(…, z)", name) from None
    if found.dtype.kind not in "fiu":
        raise StudioError(f"holds {found.dtype} instead of real numbers", name)
    if found.ndim == 1:
        found = found[None]
    if found.ndim != 2 or found.shape[1] != dim or not len(found):
        raise StudioError(f"must hold z of shape (n, {dim}) for this generator (it holds {found.shape})", name)
    with np.errstate(over="ignore"):  # what is too large for float32 is found below
        z = found.astype(np.float32)
    if not np.isfinite(z).all():
        raise StudioError("holds numbers that are infinite, too large, or none at all", name)
    return z


def spread(z: np.ndarray, most: int = MOST_ANCHORS) -> np.ndarray:
    """(min(n, most), dim): z of a long walk, evenly chosen, the first and the last of them included."""
    return z if len(z) <= most else z[np.rint(np.linspace(0, len(z) - 1, most)).astype(int)]
