"""The players of a game on points as one array: enough to look through them in another process."""

from dataclasses import dataclass

import numpy as np
import torch

from ganstudio.experiment.experiment import Experiment
from ganstudio.probes.mirror import tensors
from ganstudio.probes.points_view import PLAYERS
from ganstudio.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Sent:
    """G as it trains and D, at one moment."""

    experiment: Experiment
    """As it was then: the same object while no edit acts."""
    weights: np.ndarray
    """(numbers,) float32: weights and buffers, one after another."""


class Carrier:
    """Takes a trainer's players to a trainer of the same experiment in another process, which has its own carrier."""

    def __init__(self, trainer: Trainer):
        self._trainer = trainer
        # Kept: listing them takes as long as copying them.
        self._players = [one for name in PLAYERS for one in tensors(trainer.players[name].network)]
        self._sizes = [one.numel() for one in self._players]

    @torch.no_grad()
    def send(self) -> Sent:
        """Copy the players, between steps."""
        flat = torch.cat([one.reshape(-1).float() for one in self._players])
        return Sent(self._trainer.experiment, flat.cpu().numpy())

    @torch.no_grad()
    def receive(self, weights: np.ndarray, steps: int) -> None:
        """Give the trainer these ``Sent.weights``, as after so many steps."""
        pieces = torch.from_numpy(weights).split(self._sizes)
        shaped = [piece.view_as(one) for piece, one in zip(pieces, self._players, strict=True)]
        torch._foreach_copy_(self._players, shaped)
        self._trainer.steps = steps
