"""The order in which a run sees its data: a fresh permutation each epoch, from the run's own generator."""

from abc import ABC, abstractmethod

import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError


class Sampler(ABC):
    """Chooses the real samples of each batch, epoch after epoch.

    The state is (seed, epoch, position): what an epoch holds follows from the first two alone, so a resumed run goes
    on where it stopped without a saved permutation.
    """

    def __init__(self, size: int, seed: int):
        self.size = size
        """Samples in an epoch."""
        self.seed = seed
        self.epoch = 0
        self.position = 0
        self._order = self._shuffled()

    @abstractmethod
    def next(self, count: int) -> Tensor:
        """What the next batch of this size is made of, (count, …)."""

    @abstractmethod
    def _shuffled(self) -> Tensor:
        """(size, …): all of this epoch, in order."""

    def _stream(self) -> torch.Generator:
        """The generator of this epoch."""
        return torch.Generator().manual_seed((self.seed * 1_000_003 + self.epoch) % 2**63)

    def _turn(self) -> None:
        """Begin the next epoch."""
        self.epoch += 1
        self.position = 0
        self._order = self._shuffled()

    def state(self) -> dict[str, int]:
        """What is needed to go on exactly here."""
        return {"seed": self.seed, "epoch": self.epoch, "position": self.position}

    def load(self, state: dict[str, int]) -> None:
        """Go on from a saved ``state``."""
        self.seed, self.epoch, self.position = state["seed"], state["epoch"], state["position"]
        self._order = self._shuffled()


class EpochSampler(Sampler):
    """Draws indices without replacement, epoch after epoch; batches may change size and straddle epochs."""

    def _shuffled(self) -> Tensor:
        return torch.randperm(self.size, generator=self._stream())

    def next(self, count: int) -> Tensor:
        """(count,) int64 indices into the data set; ``StudioError`` when there are fewer samples than that."""
        if count > self.size:
            raise StudioError(f"the batch ({count}) is larger than the data set ({self.size} samples)", "batch_size")
        part = self._order[self.position : self.position + count]
        self.position += len(part)
        missing = count - len(part)
        if missing:
            self._turn()
            self.position = missing
            part = torch.cat([part, self._order[:missing]])
        return part
