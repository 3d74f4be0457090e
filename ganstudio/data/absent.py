"""Stands for real data that cannot be had here, so that a trained generator can be explored without them."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ganstudio.data.dataset import Batch, DataSource, Progress, RealData
from ganstudio.data.load import load
from ganstudio.data.sampler import Sampler
from ganstudio.experiment.errors import StudioError


class _PlaceKept(Sampler):
    """Keeps a run's place among data that are not there: how long their epochs are is not known."""

    def __init__(self, data: "AbsentData", seed: int):
        self._data = data
        super().__init__(sys.maxsize, seed)

    def _shuffled(self) -> Tensor:
        return torch.empty(0)

    def next(self, count: int) -> Tensor:
        """Raises the ``StudioError`` that says what is missing."""
        raise self._data.absence


@dataclass(frozen=True)
class AbsentData:
    """Real data of which nothing is known but the shape of a sample."""

    shape: tuple[int, ...]
    """(C, H, W) of an image, (D,) of a point."""
    sentence: str
    """Why there are none, and what to do."""
    where: str
    """The file or field at fault."""
    notes: list[str] = field(default_factory=list)

    @property
    def absence(self) -> StudioError:
        """A fresh one each time, for it may be raised often."""
        return StudioError(self.sentence, self.where)

    def __len__(self) -> int:
        return 0

    def to(self, device: torch.device | str) -> "AbsentData":
        """Itself."""
        return self

    def sampler(self, seed: int) -> Sampler:
        """One that keeps a run's place."""
        return _PlaceKept(self, seed)

    def draw(self, sampler: Sampler, count: int) -> Batch:
        """Raises the ``StudioError`` that says what is missing."""
        raise self.absence

    def mean(self) -> None:
        """Not known."""


def load_or_do_without(
    source: DataSource, shape: Callable[[], tuple[int, ...] | None], progress: Progress | None = None
) -> RealData:
    """A source's data; ``AbsentData`` of this ``shape`` where they cannot be loaded.

    ``shape`` is only asked then. Where it is None, ``source``'s own ``StudioError`` is raised.
    """
    try:
        return load(source, progress)
    except StudioError as error:
        found = shape()
        if found is None:
            raise
        ways = "this generator can be explored all the same, and trained once its data are back and it is opened again"
        return AbsentData(found, f"{error.message}; {ways}", error.field)
