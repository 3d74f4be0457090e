"""The order in which a run sees its data: a fresh permutation each epoch, from the run's own generator."""

import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError


class EpochSampler:
    """Draws indices without replacement, epoch after epoch; batches may change size and straddle epochs.

    The state is (seed, epoch, position): each epoch's order follows from the first two alone, so a resumed run goes
    on where it stopped without a saved permutation.
    """

    def __init__(self, size: int, seed: int):
        self.size = size
        self.seed = seed
        self.epoch = 0
        self.position = 0
        self._order = self._shuffled()

    def _shuffled(self) -> Tensor:
        generator = torch.Generator().manual_seed((self.seed * 1_000_003 + self.epoch) % 2**63)
        return torch.randperm(self.size, generator=generator)

    def next(self, count: int) -> Tensor:
        """(count,) int64 indices into the data set; ``StudioError`` when there are fewer samples than that."""
        if count > self.size:
            raise StudioError(f"the batch ({count}) is larger than the data set ({self.size} samples)", "batch_size")
        part = self._order[self.position : self.position + count]
        self.position += len(part)
        missing = count - len(part)
        if missing:
            self.epoch += 1
            self._order = self._shuffled()
            self.position = missing
            part = torch.cat([part, self._order[:missing]])
        return part

    def state(self) -> dict[str, int]:
        """What is needed to go on exactly here."""
        return {"seed": self.seed, "epoch": self.epoch, "position": self.position}

    def load(self, state: dict[str, int]) -> None:
        """Go on from a saved ``state``."""
        self.seed, self.epoch, self.position = state["seed"], state["epoch"], state["position"]
        self._order = self._shuffled()
