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
        players = [trainer.players[name].network for name in PLAYERS]
        self._rows = [one.view(-1) for network in players for one in tensors(network)]
        self._sizes = [len(row) for row in self._rows]

    def send(self) -> Sent:
        """Copy the players, between steps."""
        return Sent(self._trainer.experiment, torch.cat(self._rows).float().cpu().numpy())

    @torch.no_grad()
    def receive(self, weights: np.ndarray, steps: int) -> None:
        """Give the trainer these ``Sent.weights``, as after so many steps."""
        torch._foreach_copy_(self._rows, torch.from_numpy(weights).split(self._sizes))
        self._trainer.steps = steps
