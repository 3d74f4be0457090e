"""Points of a known density as a data set: fresh ones for each batch, or a finite set that was given."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import torch
from torch import Tensor

from ganstudio.data.dataset import Batch, DataSource, Progress, sent
from ganstudio.data.densities.density import Density
from ganstudio.data.sampler import EpochSampler, Sampler

CHUNK = 1 << 16
"""Fresh points that are drawn at once, and what counts as an epoch where data are without end."""


class FreshSampler(Sampler):
    """Independent draws from a density, without end.

    Like ``EpochSampler``, its state is (seed, epoch, position): each chunk of points follows from the first two alone.
    """

    def __init__(self, density: Density, seed: int):
        self.density = density
        super().__init__(CHUNK, seed)

    def _shuffled(self) -> Tensor:
        return self.density.sample(CHUNK, self._stream())

    def next(self, count: int) -> Tensor:
        """(count, dim) float32 points."""
        parts = []
        while count:
            if self.position == CHUNK:
                self._turn()
            part = self._order[self.position : self.position + count]
            self.position += len(part)
            count -= len(part)
            parts.append(part)
        return parts[0] if len(parts) == 1 else torch.cat(parts)


@dataclass
class PointsData:
    """Real points (D,) and the density that they come from. Shared between trainers: never written to."""

    density: Density
    points: Tensor | None = None
    """(N, D) float32 when there is a finite set of them; None draws fresh ones for every batch."""
    notes: list[str] = field(default_factory=list)
    """What a person should know."""
    device: torch.device | None = None
    """Where batches go; None leaves them on the CPU."""

    absence: ClassVar[None] = None
    labels: ClassVar[None] = None
    classes: ClassVar[list[str]] = []

    def __len__(self) -> int:
        return CHUNK if self.points is None else len(self.points)

    @property
    def shape(self) -> tuple[int]:
        """(D,) of one sample."""
        return (self.density.dim,)

    def to(self, device: torch.device | str) -> "PointsData":
        """The same data for training on a device."""
        return replace(self, device=torch.device(device))

    def sampler(self, seed: int) -> Sampler:
        """What batches are drawn by, from the start."""
        return FreshSampler(self.density, seed) if self.points is None else EpochSampler(len(self.points), seed)

    def draw(self, sampler: Sampler, count: int) -> Batch:
        """The next batch, (count, D), on the device."""
        found = sampler.next(count)
        if self.points is not None:
            # Torch's memory, as for images: with NumPy's alignment the last bits of a matrix product differ.
            found = self.points.index_select(0, found)
        return Batch(sent(found, self.device or found.device))

    def mean(self) -> None:
        """Points need no output bias."""


class PointsSource(DataSource):
    """A data set of points that an experiment can name. ``density`` is all that most of them have to say."""

    def density(self) -> Density:
        """The distribution, configured. Raises ``StudioError`` that names the field at fault."""
        raise NotImplementedError

    def load(self, progress: Progress | None = None) -> PointsData:
        return PointsData(self.density())
