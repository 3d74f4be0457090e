"""Which attributes of samples a shipped classifier can name, for which data. Needs no torch until it judges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

FACES = ("glasses", "long hair", "dark hair", "bright hair", "dark skin", "hat")
"""What a pixel face may have; each is judged by itself. Bright hair is blue, green or red."""
DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class Judge:
    """A classifier of the samples of some data."""

    name: str
    """What it is called in a sentence."""
    attributes: tuple[str, ...]
    judge: Callable[["Tensor"], "Tensor"]
    """Images (n, *shape) in [−1, 1] → probability of each attribute (n, len(attributes)). Raises ``StudioError`` for
    images of another shape, and when its weights cannot be read."""


def _faces(images: "Tensor") -> "Tensor":
    from ganstudio.metrics.attributes import probabilities

    return probabilities(images)


def _digits(images: "Tensor") -> "Tensor":
    from ganstudio.metrics.digits import probabilities

    return probabilities(images)


JUDGES = {
    "pixel-faces": Judge("the shipped classifier of faces", FACES, _faces),
    "mnist": Judge("the shipped classifier of digits", DIGITS, _digits),
}
"""Kind of data → who judges samples of it."""
