"""The data sets that the program ships (``resources/datasets/``; sources and licences in its ``LICENSES.md``)."""

from typing import ClassVar, Literal

import numpy as np
import torch

from ganstudio.data.dataset import DataSource, ImageData, Progress
from ganstudio.data.npz import opened
from ganstudio.data.pixels import KeptSize, resized
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError
from ganstudio.resources import resource

EmojiSet = Literal["fluent-flat", "fluent-3d", "fluent-line", "openmoji", "openmoji-black", "noto", "twemoji"]
HELD_OUT_EVERY = 20
"""Where a set has no test part of its own, its every 20th image (rows 19, 39, …) is held out."""


class ShippedConfig(ComponentConfig):
    """What every shipped set can be told."""

    size: KeptSize = param(
        0,
        "Size",
        "Side to which the images are resized, a multiple of 4; 0 keeps them as they are.",
        unit="pixels",
        ge=0,
        le=128,
    )


class LabelledConfig(ShippedConfig):
    """What a shipped set with classes can be told."""

    only: str = param("", "Only classes", "Names of the classes to train on, separated by commas; empty takes all.")


class Shipped(DataSource):
    """One ``.npz`` of ``resources/datasets/``."""

    file: ClassVar[str]
    pixel_art: ClassVar[bool] = False
    notes: ClassVar[tuple[str, ...]] = ()

    class Config(ShippedConfig):
        pass

    def read(self, *names: str, progress: Progress | None = None) -> list[np.ndarray]:
        """The arrays of these names."""
        with opened(resource("datasets", self.file)) as file:
            return [file.read(name, progress) for name in names]

    def finish(
        self,
        train: tuple[np.ndarray, np.ndarray | None],
        test: tuple[np.ndarray, np.ndarray | None],
        classes: list[str],
        progress: Progress | None,
    ) -> ImageData:
        """The data from (images, labels) to train on and to hold out, with ``only`` and ``size`` applied."""
        (x, y), (x_test, y_test) = train, test
        wanted = self._wanted(classes)
        if wanted:
            x, y = _of_classes(x, y, wanted)
            x_test, _ = _of_classes(x_test, y_test, wanted)
            classes = [classes[label] for label in wanted]
        return ImageData(
            resized(_images(x), self.config.size, progress, pixel_art=self.pixel_art),
            None if y is None else torch.from_numpy(y.astype(np.int64)),
            classes,
            list(self.notes),
            resized(_images(x_test), self.config.size, progress, pixel_art=self.pixel_art),
        )

    def _wanted(self, classes: list[str]) -> list[int]:
        names = [name.strip() for name in getattr(self.config, "only", "").split(",") if name.strip()]
        folded = [name.casefold() for name in classes]
        listed = ", ".join(classes)
        for name in names:
            if name.casefold() not in folded:
                raise StudioError(f"there is no class {name!r}; the classes are {listed}", "data.params.only")
        return sorted({folded.index(name.casefold()) for name in names})


def _images(x: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(x if x.ndim == 4 else x[..., None]))


def _of_classes(x: np.ndarray, y: np.ndarray, wanted: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The samples of these classes, labelled 0, 1, … in their order."""
    kept = np.isin(y, wanted)
    return x[kept], np.searchsorted(wanted, y[kept])


def _split(x: np.ndarray, y: np.ndarray | None) -> tuple[tuple, tuple]:
    """(to train on, held out): every ``HELD_OUT_EVERY``-th row is held out."""
    out = np.arange(len(x)) % HELD_OUT_EVERY == HELD_OUT_EVERY - 1
    return (x[~out], None if y is None else y[~out]), (x[out], None if y is None else y[out])


class Mnist(Shipped):
    """All 60,000 training images; the 10,000 test images are held out."""

    kind = "mnist"
    title = "MNIST"
    description = "Handwritten digits, 60,000 of 28 × 28 pixels. Y. LeCun, C. Cortes, C. Burges (CC BY-SA 3.0)."
    file = "mnist.npz"
    classes: ClassVar[list[str]] = list("0123456789")

    class Config(LabelledConfig):
        pass

    def load(self, progress: Progress | None = None) -> ImageData:
        x, y, x_test, y_test = self.read("x_train", "y_train", "x_test", "y_test", progress=progress)
        return self.finish((x, y), (x_test, y_test), self.classes, progress)


class FashionMnist(Mnist):
    """A class-balanced part of Fashion-MNIST: 18,000 images to train on, 2,000 held out."""

    kind = "fashion-mnist"
    title = "Fashion-MNIST (20k)"
    description = "Clothes, a class-balanced 18,000 of 28 × 28 pixels. Zalando SE (MIT)."
    file = "fashion_mnist_20k.npz"
    classes: ClassVar[list[str]] = [
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
        *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
    ]


class AnimalSilhouettes(Shipped):
    """950 images of each of ten animals; 50 of each are held out."""

    kind = "animal-silhouettes"
    title = "Animal silhouettes"
    description = "Silhouettes of ten animals, 9,500 of 28 × 28 pixels. S. Mohammadi (MIT)."
    file = "animal_silhouettes.npz"
    classes: ClassVar[list[str]] = [
        *("bear", "bird", "cat", "cow", "dog"),
        *("elephant", "giraffe", "horse", "sheep", "zebra"),
    ]

    class Config(LabelledConfig):
        pass

    def load(self, progress: Progress | None = None) -> ImageData:
        return self.finish(*_split(*self.read("x", "y", progress=progress)), self.classes, progress)


class PixelFaces(Shipped):
    """2,850 colour images of 32 × 32 pixels; 150 are held out."""

    kind = "pixel-faces"
    title = "Pixel faces"
    description = (
        "Pixel-art faces, composed by a program from drawn parts: 2,850 in colour, 32 × 32 pixels. "
        'DiceBear "pixel-art" (CC0 1.0).'
    )
    file = "pixel_faces32.npz"
    pixel_art = True
    notes = ("These faces are pixel art, composed by a program from drawn parts; they show no real person.",)

    def load(self, progress: Progress | None = None) -> ImageData:
        (x,) = self.read("x", progress=progress)
        return self.finish(*_split(x, None), [], progress)


class Emoji(Shipped):
    """1,273 drawings in colour, 64 × 64 pixels on white, with their categories as classes; 66 are held out.

    The sets are row-aligned: image i is the same concept in each, held-out rows included.
    """

    kind = "emoji"
    title = "Emoji"
    description = (
        "Drawings of the same 1,339 concepts by several artists, 64 × 64 pixels. Fluent: Microsoft (MIT); OpenMoji: "
        "OpenMoji project (CC BY-SA 4.0); Noto: Google (Apache-2.0); Twemoji: Twitter and contributors (CC BY 4.0)."
    )
    sets: ClassVar[dict[str, tuple[str, str]]] = {
        "fluent-flat": ("emoji64_fluent.npz", "flat"),
        "fluent-3d": ("emoji64_fluent.npz", "three_d"),
        "fluent-line": ("emoji64_fluent.npz", "line"),
        "openmoji": ("emoji64_openmoji.npz", "colour"),
        "openmoji-black": ("emoji64_openmoji.npz", "black"),
        "noto": ("emoji64_noto.npz", "colour"),
        "twemoji": ("emoji64_twemoji.npz", "colour"),
    }

    class Config(LabelledConfig):
        set: EmojiSet = param("fluent-flat", "Set", "Whose drawings, in which style.")

    def load(self, progress: Progress | None = None) -> ImageData:
        self.file, name = self.sets[self.config.set]
        x, category = self.read(name, "category", progress=progress)
        classes, y = np.unique(category, return_inverse=True)
        return self.finish(*_split(x, y), [str(category) for category in classes], progress)
