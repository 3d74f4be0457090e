"""What may be asked of the explorer, and what it answers. All values: they could as well travel over a socket."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Render:
    """G(z) for these inputs (N, dim) float32. Answered by samples (N, *shape) float32, images in [−1, 1].

    A further part of G's input (a class) would be one more optional field, as in ``Parcel``, told of by ``Prior``.
    """

    inputs: np.ndarray


@dataclass(frozen=True)
class Draw:
    """``count`` z from the prior in force. Answered by inputs (count, dim) float32, the same for the same seed."""

    seed: int
    """0…2⁶³ − 1."""
    count: int = 1


class Study:
    """A request that takes long. It is answered again and again, each time better, until the answer's ``share`` is 1.

    A subclass is a frozen dataclass of plain values; the function that does the work stands in ``studies.STUDIES``.
    """

    patient: bool = False
    """Nobody waits for the answer: training does not yield to it."""


Request = Render | Draw | Study


@dataclass(frozen=True)
class Prior:
    """What G's input is like."""

    dim: int
    std: float
    """Of each number; the mean is 0."""
    limit: float
    """No number lies further from 0; infinity when there is no such limit."""


@dataclass(frozen=True)
class Asked:
    """A request on its way: by whom, which one, when."""

    client: str
    number: int
    request: Request
    at: float = field(default_factory=perf_counter)
    """``time.perf_counter()`` of the moment it was asked."""
    again: bool = False
    """Not asked anew: an earlier request is answered again because G has moved on."""


@dataclass(frozen=True)
class Answer:
    """The answer to one request, with the state of G that gave it."""

    asked: Asked
    value: Any
    """As the request says; None when there was an error."""
    step: int
    """Completed steps of the trainer whose weights were used."""
    trainer: str
    live: bool
    """Whether they were the weights that train; else their running average."""
    prior: Prior | None
    """None when G could not be copied at all."""
    error: str = ""
    """A plain sentence, when it could not be answered."""
    share: float = 1.0
    """How much of the work is done, 0…1: below 1 a better answer to the same request follows."""

    @property
    def weights(self) -> str:
        """Whose weights gave it, in words."""
        return f"{'live' if self.live else 'EMA'} weights after step {self.step:,}"

    @property
    def briefly(self) -> str:
        """``weights`` where there is little room."""
        return f"{'live' if self.live else 'EMA'}, step {self.step:,}"


def as_bytes(samples: np.ndarray) -> np.ndarray:
    """Images (N, C, H, W) in [−1, 1] → (N, H, W, C) uint8; what lies outside is cut off, and NaN is black."""
    inside = np.nan_to_num(np.clip(samples, -1, 1), nan=-1.0)
    scaled = np.rint((inside + 1) * 127.5).astype(np.uint8)
    return np.ascontiguousarray(scaled.transpose(0, 2, 3, 1))
