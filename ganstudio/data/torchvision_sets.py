"""The well-known sets that torchvision offers, downloaded into the user's cache when they are first used.

The files are read here rather than by torchvision, which takes seconds to import and reads CelebA and SVHN only with
further packages.
"""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from ganstudio.data.dataset import DataSource, ImageData, Progress, report
from ganstudio.data.decode import Target, Undecodable, decode, in_order
from ganstudio.data.download import cache_folder, fetch
from ganstudio.data.idx import parse_idx, read_idx
from ganstudio.data.matlab import read_mat
from ganstudio.data.memory import check_room
from ganstudio.data.pixels import KeptSize, resized
from ganstudio.data.remotes import REMOTES
from ganstudio.data.shipped import FashionMnist
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

DIGITS = list("0123456789")
CAPITALS = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SMALL = list("abcdefghijklmnopqrstuvwxyz")
EMNIST_CLASSES = {
    "balanced": DIGITS + CAPITALS + list("abdefghnqrt"),
    "letters": CAPITALS,
    "digits": DIGITS,
    "byclass": DIGITS + CAPITALS + SMALL,
}
KMNIST_CLASSES = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]
CIFAR_CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
CELEBA_TEST = 182_637
"""CelebA's images from this one on are its test part (list_eval_partition.txt); they are held out."""


@dataclass
class Raw:
    """A set as its files give it."""

    x: np.ndarray
    """(N, H, W) or (N, H, W, C) uint8."""
    y: np.ndarray | None
    """(N,) labels."""
    classes: list[str]
    held_out: np.ndarray
    """Like ``x``."""


class Torchvision(DataSource):
    """The training part of a published set; its test part is held out."""

    kind = "torchvision"
    title = "Published set (download)"
    description = "MNIST, Fashion-MNIST, KMNIST, EMNIST, CIFAR-10, SVHN or CelebA, downloaded when first used."

    class Config(ComponentConfig):
        name: Literal["MNIST", "Fashion-MNIST", "KMNIST", "EMNIST", "CIFAR-10", "SVHN", "CelebA"] = param(
            "CIFAR-10",
            "Set",
            "CelebA (1.4 GB) is for non-commercial research only; EMNIST is 560 MB, SVHN 250 MB, CIFAR-10 170 MB, the "
            "others are about 12 MB.",
        )
        emnist: Literal["balanced", "letters", "digits", "byclass"] = param(
            "balanced", "EMNIST part", "Which part of EMNIST; the other sets have none."
        )
        size: KeptSize = param(
            0,
            "Size",
            "Side to which the centre of each image is resized, a multiple of 4; 0 keeps 28 or 32 (CelebA: 64).",
            unit="pixels",
            ge=0,
            le=128,
        )
        limit: int = param(0, "At most", "Takes this many images, evenly spaced; 0 takes all.", unit="images", ge=0)

    def load(self, progress: Progress | None = None) -> ImageData:
        name = self.config.name
        paths = [fetch(remote, cache_folder(), progress) for remote in REMOTES[name]]
        try:
            raw = READERS[name](paths, self.config, progress)
        except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, KeyError, ValueError, OSError) as error:
            if isinstance(error, StudioError):
                raise
            raise StudioError("is damaged; delete it and load again", str(paths[0])) from None
        x, y = raw.x, raw.y
        if 0 < self.config.limit < len(x):
            chosen = _evenly(len(x), self.config.limit)
            x, y = x[chosen], None if y is None else y[chosen]
        return ImageData(
            resized(_images(x), self.config.size, progress),
            None if y is None else torch.from_numpy(y.astype(np.int64)),
            raw.classes,
            [],
            resized(_images(raw.held_out), self.config.size, progress),
        )


def _images(x: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(x if x.ndim == 4 else x[..., None]))


def _evenly(count: int, limit: int) -> np.ndarray:
    return np.arange(limit) * count // limit


def _idx_set(classes: list[str]) -> Callable[[list[Path], Torchvision.Config, Progress | None], Raw]:
    def read(paths: list[Path], config: Torchvision.Config, progress: Progress | None) -> Raw:
        x, y, held_out = (read_idx(path, progress) for path in paths)
        return Raw(x, y, classes, held_out)

    return read


def _emnist(paths: list[Path], config: Torchvision.Config, progress: Progress | None) -> Raw:
    """EMNIST stores every image with its rows and columns exchanged; its letters count from 1."""
    with zipfile.ZipFile(paths[0]) as archive:

        def read(part: str) -> np.ndarray:
            with archive.open(f"gzip/emnist-{config.emnist}-{part}-ubyte.gz") as file:
                return parse_idx(file, str(paths[0]), progress)

        x, y, held_out = read("train-images-idx3"), read("train-labels-idx1"), read("test-images-idx3")
    return Raw(
        x.transpose(0, 2, 1),
        y - 1 if config.emnist == "letters" else y,
        EMNIST_CLASSES[config.emnist],
        held_out.transpose(0, 2, 1),
    )


def _cifar(paths: list[Path], config: Torchvision.Config, progress: Progress | None) -> Raw:
    """Records of a label's byte and 3072 bytes, channels first."""
    parts: dict[str, np.ndarray] = {}
    with tarfile.open(paths[0], "r:gz") as archive:
        for member in archive:
            report(progress, "reading CIFAR-10", len(parts) / 6)
            file = archive.extractfile(member) if member.name.endswith(".bin") else None
            if file is not None:
                check_room(member.size, str(paths[0]), "it is not CIFAR-10")
                parts[Path(member.name).stem] = np.frombuffer(file.read(), np.uint8).reshape(-1, 3073)
    train = np.concatenate([parts[f"data_batch_{index}"] for index in range(1, 6)])
    return Raw(_cifar_images(train), train[:, 0], CIFAR_CLASSES, _cifar_images(parts["test_batch"]))


def _cifar_images(records: np.ndarray) -> np.ndarray:
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


def _svhn(paths: list[Path], config: Torchvision.Config, progress: Progress | None) -> Raw:
    """Images last in (32, 32, 3, N); the digit 0 has the label 10."""
    report(progress, "reading SVHN", 0.0)
    train, test = read_mat(paths[0]), read_mat(paths[1])
    x, held_out = (part["X"].transpose(3, 0, 1, 2) for part in (train, test))
    return Raw(x, train["y"].reshape(-1) % 10, DIGITS, held_out)


def _celeba(paths: list[Path], config: Torchvision.Config, progress: Progress | None) -> Raw:
    """JPEG files in a zip archive, decoded straight to the size that is wanted."""
    target = Target(config.size or 64)
    with zipfile.ZipFile(paths[0]) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".jpg"))
        train, test = names[:CELEBA_TEST], names[CELEBA_TEST:]
        if 0 < config.limit < len(train):
            train, test = [train[i] for i in _evenly(len(train), config.limit)], test[: config.limit]
        count = len(train) + len(test)
        check_room(count * target.size**2 * 3, "CelebA", "choose a smaller size, or fewer images (the field limit)")

        def one(name: str) -> np.ndarray:
            return decode(io.BytesIO(archive.read(name)), target)[0]

        images = np.empty((count, target.size, target.size, 3), np.uint8)
        try:
            for index, image in enumerate(in_order(one, train + test)):
                report(progress, "reading CelebA", index / count)
                images[index] = image
        except Undecodable:
            raise ValueError("an image is damaged") from None
    return Raw(images[: len(train)], None, [], images[len(train) :])


READERS: dict[str, Callable[[list[Path], Torchvision.Config, Progress | None], Raw]] = {
    "MNIST": _idx_set(DIGITS),
    "Fashion-MNIST": _idx_set(FashionMnist.classes),
    "KMNIST": _idx_set(KMNIST_CLASSES),
    "EMNIST": _emnist,
    "CIFAR-10": _cifar,
    "SVHN": _svhn,
    "CelebA": _celeba,
}
