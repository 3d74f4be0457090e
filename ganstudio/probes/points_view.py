"""Copies of the players of a game on points, to look through from any thread."""

import copy

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Density
from ganstudio.data.points import PointsData
from ganstudio.games.objectives.base import Objective
from ganstudio.probes.mirror import tensors
from ganstudio.training.trainer import Trainer

PLAYERS = ("generator", "discriminator")
"""Of a game on points, by name."""


def density_of(trainer: Trainer, dim: int | None = None) -> Density | None:
    """The known density of the trainer's data, of this dimension (None: of any); None where there is none."""
    data = trainer.data
    if not isinstance(data, PointsData) or dim not in (None, data.density.dim):
        return None
    return data.density


class PointsView:
    """The players as they were at the last ``refresh``, on the CPU, in evaluation mode.

    Without ``copies`` they are those of the trainer as they are now. It must be on the CPU, and is not to train any
    more: its players are left in evaluation mode, without gradients.

    ``refresh`` belongs to the training thread; everything else may run on another thread until the next ``refresh``.
    Inputs come from a generator of its own: the same seed gives the same z for each look.
    """

    def __init__(self, trainer: Trainer, seed: int = 1, copies: bool = True):
        players = [trainer.players[name].network for name in PLAYERS]
        self.generator, self.discriminator = (
            (copy.deepcopy(network).to("cpu") if copies else network).eval().requires_grad_(False)
            for network in players
        )
        self._copies = copies
        self._seed = seed
        self._prior: tuple[str, str, int] = ("", "", 0)
        self._z = torch.empty(0)

    @torch.no_grad()
    def refresh(self, trainer: Trainer, live: bool = True) -> None:
        """Take the weights of the moment: of G that trains (``live``) or of its average, and of D.

        Without copies there is only G that trains.
        """
        assert live or self._copies
        if self._copies:
            generator = trainer.players["generator"].network if live else trainer.average.network
            for mine, theirs in (
                (self.generator, generator),
                (self.discriminator, trainer.players["discriminator"].network),
            ):
                torch._foreach_copy_(tensors(mine), tensors(theirs))
        self.step, self.trainer = trainer.steps, trainer.name
        self.noise, self.objective, self.real_target = trainer.noise, trainer.objective, trainer.real_target

    def z(self, count: int) -> Tensor:
        """(count, dim) inputs, the same ones each time while the prior stays."""
        prior = (self.noise.kind, self.noise.config.model_dump_json(), count)
        if prior != self._prior:
            self._prior = prior
            self._z = self.noise.draw(count, torch.Generator().manual_seed(self._seed))
        return self._z

    @torch.inference_mode()
    def generated(self, z: Tensor) -> np.ndarray:
        """G(z): (N, D) float64."""
        return self.generator(z).double().numpy()

    @torch.inference_mode()
    def logits(self, x: np.ndarray) -> np.ndarray:
        """D's logits at (N, D) points: (N,) float64."""
        return self.discriminator(torch.from_numpy(x).float()).double().numpy()

    def scores(self, x: np.ndarray) -> np.ndarray:
        """D(x) as the objective understands it (``Objective.score``), (N,) float64."""
        return self.score(self.logits(x))

    def score(self, logits: np.ndarray) -> np.ndarray:
        """The same of logits that are known, (N,) float64."""
        objective: Objective = self.objective
        return objective.score(torch.from_numpy(logits)).numpy()
