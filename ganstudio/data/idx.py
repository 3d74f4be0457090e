"""Images in idx files, the format of MNIST, gzipped or not.

Two zero bytes, one byte for the type, one for the number of dimensions, the dimensions as big-endian 32-bit numbers,
the values in C order, big-endian (Y. LeCun, http://yann.lecun.com/exdb/mnist, "FILE FORMATS FOR THE MNIST DATABASE").
"""

import gzip
import math
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch

from ganstudio.data.arrays import class_labels, signature
from ganstudio.data.dataset import DataSource, ImageData, Progress, existing
from ganstudio.data.memory import check_room
from ganstudio.data.npz import fill
from ganstudio.data.pixels import KeptSize, kept_size, resized, to_uint8
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""NumPy's name for each type code."""


class Idx(DataSource):
    """Images of an idx file; labels from the file beside it (``…-images-idx3-…`` → ``…-labels-idx1-…``)."""

    kind = "idx"
    title = "idx file"
    description = "Images in the format of MNIST's files, .gz too; a labels file and test images beside them are found."

    class Config(ComponentConfig):
        path: str = param("", "File", "The idx file with the images, e.g. train-images-idx3-ubyte.gz.")
        size: KeptSize = kept_size()

    def cache_key(self) -> tuple[str, ...]:
        path = existing(self.config.path)
        files = (path, labels_file(path), held_out_file(path))
        return (*super().cache_key(), *(signature(file) for file in files if file))

    def load(self, progress: Progress | None = None) -> ImageData:
        path = existing(self.config.path)
        x, notes = to_uint8(read_idx(path, progress), str(path), progress)
        labels, classes = None, []
        if beside := labels_file(path):
            y = read_idx(beside)
            found = class_labels(y) if y.shape[0] == len(x) else None
            if found is None:
                notes.append(f"{beside.name} does not give each image one class, so the labels were left out.")
            else:
                labels, classes = found
        held_out = None
        if beside := held_out_file(path):
            test, _ = to_uint8(read_idx(beside, progress), str(beside), progress)
            if test.shape[1:] == x.shape[1:]:
                held_out = resized(torch.from_numpy(test), self.config.size, progress)
        return ImageData(resized(torch.from_numpy(x), self.config.size, progress), labels, classes, notes, held_out)


def read_idx(path: Path, progress: Progress | None = None) -> np.ndarray:
    """The array in an idx file; ``StudioError`` naming the file when it is cut off, damaged or something else."""
    try:
        with path.open("rb") as file:
            return parse_idx(file, str(path), progress)
    except IsADirectoryError:
        raise StudioError("this is a folder, not an idx file", str(path)) from None
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None


def parse_idx(file: BinaryIO, source: str, progress: Progress | None = None) -> np.ndarray:
    """The array in an open idx file, gzipped or not."""
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    try:
        return _parse(gzip.GzipFile(fileobj=file) if packed else file, source, progress)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise StudioError("is cut off or damaged: it cannot be unpacked", source) from None


def _parse(file: BinaryIO, source: str, progress: Progress | None) -> np.ndarray:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in TYPES or not 1 <= head[3] <= 4:
        raise StudioError("is not an idx file (it does not begin as one)", source)
    sizes = file.read(4 * head[3])
    if len(sizes) < 4 * head[3]:
        raise StudioError("ends too soon: the file is cut off", source)
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    dtype = np.dtype(TYPES[head[2]])
    check_room(math.prod(shape) * dtype.itemsize, source, f"its header says {' × '.join(map(str, shape))}")
    array = np.empty(math.prod(shape), dtype)
    fill(array, file, source, progress)
    file.read(1)  # gzip compares its checksum at the end of the file only
    return array.reshape(shape)


def labels_file(images: Path) -> Path | None:
    """The labels beside an images file, when they are there."""
    return _beside(images, ("images", "labels"), ("idx3", "idx1"), ("idx4", "idx1"))


def held_out_file(images: Path) -> Path | None:
    """The test images beside the training images, when they are there."""
    return _beside(images, ("train", "t10k")) or _beside(images, ("train", "test"))


def _beside(path: Path, *replacements: tuple[str, str]) -> Path | None:
    name = path.name
    for old, new in replacements:
        name = name.replace(old, new)
    if name == path.name:
        return None
    plain = name.removesuffix(".gz")
    candidates = (path.with_name(other) for other in (name, plain, plain + ".gz"))
    return next((other for other in candidates if other.is_file()), None)
