"""What a side of a duel has to show for itself: how diverse G's samples are, and how near p_g has come to the data."""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Density
from ganstudio.metrics import modes
from ganstudio.metrics.divergence import Cells
from ganstudio.metrics.doctor.samples import spread
from ganstudio.metrics.duel_verdict import Side, Standing, plain, verdict
from ganstudio.probes.mirror import Mirror
from ganstudio.probes.points_view import density_of
from ganstudio.training.duel import Duel
from ganstudio.training.duelling import contestant
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

SAMPLES = 64
"""Of G, and as many real ones, whose distances from each other are compared."""
SEED = 6


@dataclass(frozen=True)
class StandingFrame(Frame):
    """Of G as it trains, on inputs that stay the same."""

    standing: Standing
    probability: bool
    """Whether D gives a probability; else it is a critic."""


class StandingProbe:
    """The worker copies G; the answer draws samples from the copy and judges them."""

    name: ClassVar[str] = "standing"
    needs_data: ClassVar[bool] = True

    def __init__(self) -> None:
        self._mirror: Mirror | None = None
        self._breadth = nan
        self._cells: Cells | None = None

    def frame(self, trainer: Trainer) -> StandingFrame:
        """Copy and judge at once."""
        return self.look(trainer)()

    def look(self, trainer: Trainer) -> Callable[[], StandingFrame]:
        """Copy G's weights as they train."""
        self._mirror = self._mirror or Mirror(trainer.players["generator"].network)
        network = self._mirror.refresh()
        density = density_of(trainer)
        count = SAMPLES if density is None else modes.SAMPLES
        z = trainer.noise.draw(count, torch.Generator().manual_seed(SEED)).to(trainer.device)
        step, name, probability = trainer.steps, trainer.name, trainer.objective.probability

        def judge() -> StandingFrame:
            if not self._breadth > 0:
                self._breadth = spread(flat(real(trainer, density)))
            with torch.inference_mode():
                x = flat(network(z))
            return StandingFrame(step, name, self._standing(x, density), probability)

        return judge

    def _standing(self, x: np.ndarray, density: Density | None) -> Standing:
        diversity = spread(x[:SAMPLES]) / self._breadth if np.isfinite(x[:SAMPLES]).all() else nan
        if density is None:
            return Standing(diversity)
        self._cells = self._cells or Cells(density)
        score = modes.judge(density, x)
        return Standing(diversity, score.covered, score.count, self._cells.compare(x).js)


def real(trainer: Trainer, density: Density | None) -> Tensor:
    """``SAMPLES`` real samples, or all where there are fewer, from a generator of their own."""
    own = torch.Generator().manual_seed(SEED)
    if density is not None:
        return density.sample(SAMPLES, own)
    return trainer.data.batch(torch.randperm(len(trainer.data), generator=own)[:SAMPLES]).x


def flat(x: Tensor) -> np.ndarray:
    """(N, …) → (N, D) float32 on the CPU."""
    return x.detach().flatten(1).float().cpu().numpy()


def judge(duel: Duel) -> dict[str, Any]:
    """The verdict on a duel as plain data, None for what is not known: a ``Judge``."""
    sides = (
        Side(
            contestant(one).words,
            one.trainer.history,
            one.trainer.objective.probability,
            StandingProbe().frame(one.trainer).standing,
            one.failure,
        )
        for one in (duel.left, duel.right)
    )
    return plain(verdict(*sides, duel.fork))
