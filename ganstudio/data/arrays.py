"""Images in a NumPy file: ``.npz`` or ``.npy``."""

from pathlib import Path

import numpy as np
import torch

from ganstudio.data.dataset import DataSource, ImageData, Progress, existing
from ganstudio.data.npz import ArrayFile, opened
from ganstudio.data.pixels import KeptSize, kept_size, resized, to_uint8
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

IMAGES = ("x_train", "x", "images", "arr_0")
"""Names under which the images of an ``.npz`` are looked for, in this order, whatever their case."""
MOST_CLASSES = 1000
"""Labels of more different values than this are measurements rather than classes."""


class Array(DataSource):
    """Images, with labels and held-out images where the file has them (``y_train``, ``x_test``; ``y``; ``labels``)."""

    kind = "array"
    title = "NumPy array"
    description = "Images in an .npz or .npy file: N × height × width, with 1 or 3 channels before or after."
    any_proportions = True

    class Config(ComponentConfig):
        path: str = param("", "File", "An .npz or .npy file.")
        key: str = param("", "Array", f"Which array of an .npz holds the images; empty looks for {', '.join(IMAGES)}.")
        size: KeptSize = kept_size()

    def cache_key(self) -> tuple[str, ...]:
        return (*super().cache_key(), signature(existing(self.config.path)))

    def load(self, progress: Progress | None = None) -> ImageData:
        path = existing(self.config.path)
        with opened(path) as file:
            name = self._images_name(file)
            x, notes = to_uint8(file.read(name, progress), str(path), progress)
            held_out = _held_out(file, name, x, progress)
            labels, classes = _labels(file, name, len(x), notes)
        size = self.config.size
        return ImageData(
            resized(torch.from_numpy(x), size, progress),
            labels,
            classes,
            notes,
            None if held_out is None else resized(torch.from_numpy(held_out), size, progress),
        )

    def _images_name(self, file: ArrayFile) -> str:
        key, names = self.config.key, file.names
        listed = ", ".join(names[:12]) or "none"
        if key:
            if key not in names:
                raise StudioError(f"has no array called {key!r}; its arrays are: {listed}", str(file.path))
            return key
        for wanted in IMAGES:
            for name in names:
                if name.lower() == wanted:
                    return name
        candidates = [name for name in names if len(file.shape(name)) in (3, 4)]
        if len(candidates) != 1:
            raise StudioError(
                f"does not say which array holds the images; name it in the field key (its arrays are: {listed})",
                str(file.path),
            )
        return candidates[0]


def signature(path: Path) -> str:
    """A text that changes when the file does."""
    stat = path.stat()
    return f"{path}:{stat.st_size}:{stat.st_mtime_ns}"


def class_labels(y: np.ndarray) -> tuple[torch.Tensor, list[str]] | None:
    """(N,) labels 0…K−1 and the K classes' names from whole numbers or texts; None when they are something else."""
    y = y[:, 0] if y.ndim == 2 and y.shape[1] == 1 else y
    if y.ndim != 1 or y.dtype.kind not in "biufUS":
        return None
    if y.dtype.kind == "f":
        whole = np.nan_to_num(y, nan=0.5, posinf=0.5, neginf=0.5)
        if (whole != np.rint(whole)).any():
            return None
        y = whole.astype(np.int64)
    values, labels = np.unique(y, return_inverse=True)
    if len(values) > MOST_CLASSES:
        return None
    names = [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values]
    return torch.from_numpy(labels.astype(np.int64)), names


def _named(file: ArrayFile, *wanted: str) -> str | None:
    return next((name for text in wanted for name in file.names if name.lower() == text), None)


def _labels(file: ArrayFile, images: str, count: int, notes: list[str]) -> tuple[torch.Tensor | None, list[str]]:
    """Labels and classes from the array that belongs to ``images``; none, with a note, when they do not match."""
    beside = images.lower()
    own = "y" + beside[1:] if beside.startswith("x") else beside.replace("images", "labels")
    name = _named(file, *(text for text in (own, "labels", "y") if text != beside))
    if name is None and beside == "arr_0" and "arr_1" in file.names and file.shape("arr_1") == (count,):
        name = "arr_1"
    if name is None:
        return None, []
    shape = file.shape(name)
    found = class_labels(file.read(name)) if shape and shape[0] == count else None
    if found is None:
        notes.append(f"The array {name!r} does not give each image one class, so the labels were left out.")
        return None, []
    return found


def _held_out(file: ArrayFile, images: str, x: np.ndarray, progress: Progress | None) -> np.ndarray | None:
    """(M, H, W, C) uint8 of ``x_test`` beside ``x_train``, when it has the same shape."""
    name = _named(file, "x_test") if images.lower() == "x_train" else None
    if name is None:
        return None
    test, _ = to_uint8(file.read(name, progress), f"{file.path}, array {name}", progress)
    return test if test.shape[1:] == x.shape[1:] else None
