"""How near G has come to data of known density: divergences, transport, modes, and what D still tells apart."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from ganstudio.data.densities.density import Density
from ganstudio.metrics import modes
from ganstudio.metrics.divergence import Cells
from ganstudio.metrics.wasserstein import Transport
from ganstudio.probes.points_view import PointsView, density_of
from ganstudio.probes.trail import Trail
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

SAMPLES = 10_000
"""Of G, for divergences and transport."""
CHUNK = 2500
"""Samples that pass through G at once: more of them leave the processor's cache."""
REAL_SEED = 2
"""Of the real points at which D is asked, and of those that tell what chance alone gives."""
NAMES = (
    "js",
    "kl_data",
    "kl_generator",
    "wasserstein",
    "covered",
    "good",
    "entropy",
    "score_real",
    "score_fake",
    "score_distance",
)


@dataclass(frozen=True)
class Convergence:
    """All numbers of one look, and what they have been."""

    numbers: dict[str, float]
    """By the names of ``NAMES``:

    ``js``, ``kl_data`` = KL(p_data‖p_g), ``kl_generator`` = KL(p_g‖p_data), in nats (``metrics.divergence``);
    ``wasserstein`` in the units of the points, sliced in two dimensions; ``covered`` modes, ``good`` share of the
    samples 0…1, ``entropy`` over modes in nats (``metrics.modes``); ``score_real`` and ``score_fake`` the mean of D
    over real and generated points; ``score_distance`` how far these two lie from D at the equilibrium, ½ as a rule,
    on average; NaN where theory gives D no value there, as for most critics.
    """
    chance: dict[str, float]
    """The divergences and ``wasserstein`` of as many points of the data themselves: p_g = p_data gives no less."""
    shares: np.ndarray
    """(K,) float64: share of the samples nearest to each mode."""
    good_shares: np.ndarray
    """(K,) float64: the same of good samples."""
    real_shares: np.ndarray
    """(K,) float64: the same of real samples, as many as there are of G's."""
    most_entropy: float
    """log K, nats."""
    rest: float | None
    """D at the equilibrium; None where theory gives none."""
    probability: bool
    """Whether D(x) is a probability; else the scores are a critic's outputs."""
    trail: dict[str, np.ndarray]
    """``step`` and all ``NAMES``: (T,) float64 each, oldest first."""


@dataclass(frozen=True)
class ConvergenceFrame(Frame):
    """``found`` is None where the density of the data is not known."""

    dim: int
    """Numbers in one point of the data; 0 for images."""
    live: bool
    """Whether G's weights as they train are judged; else their running average."""
    found: Convergence | None


class _Judge:
    """A density with all that is computed of it once."""

    def __init__(self, density: Density, samples: int):
        self.density, self.samples = density, samples
        self.cells, self.transport = Cells(density), Transport(density)
        points = density.sample(max(samples, modes.SAMPLES), torch.Generator().manual_seed(REAL_SEED)).double().numpy()
        self.real = points[: modes.SAMPLES]
        self.chance = self.distances(points[:samples])
        self.real_shares = modes.judge(density, points).shares

    def distances(self, x: np.ndarray) -> dict[str, float]:
        """Divergences and transport of (samples, dim) points."""
        return {**vars(self.cells.compare(x)), "wasserstein": self.transport.distance(x)}


class ConvergenceProbe:
    """The worker copies the weights; whoever calls the answer draws the samples and judges them.

    The inputs z are the same in each look, so that what moves in the numbers is G.
    """

    name: ClassVar[str] = "convergence"
    needs_data: ClassVar[bool] = True

    def __init__(self) -> None:
        self._view: PointsView | None = None
        self._judge: _Judge | None = None
        self._trail, self._trail_of = Trail(NAMES), (SAMPLES, False)

    def frame(self, trainer: Trainer, *, samples: int = SAMPLES, live: bool = False) -> ConvergenceFrame:
        """Copy and compute at once."""
        return self.look(trainer, samples=samples, live=live)()

    def look(self, trainer: Trainer, *, samples: int = SAMPLES, live: bool = False) -> Callable[[], ConvergenceFrame]:
        """Copy G's running average, or its ``live`` weights, and D; ``samples`` ≥ 1 of G are judged.

        Modes are judged on ``modes.SAMPLES`` of them, as in the literature, or on all where there are fewer.
        """
        density = density_of(trainer)
        if density is None:
            nothing = ConvergenceFrame(trainer.steps, trainer.name, 0, live, None)
            return lambda: nothing
        if self._view is None:
            self._view = PointsView(trainer)
        view = self._view
        view.refresh(trainer, live)
        return lambda: ConvergenceFrame(
            view.step, view.trainer, density.dim, live, self._found(view, density, samples, live)
        )

    def _found(self, view: PointsView, density: Density, samples: int, live: bool) -> Convergence:
        if self._judge is None or self._judge.samples != samples:
            self._judge = _Judge(density, samples)
        if self._trail_of != (samples, live):
            self._trail, self._trail_of = Trail(NAMES), (samples, live)
        x = np.concatenate([view.generated(part) for part in view.z(samples).split(CHUNK)])
        score = modes.judge(density, x[: modes.SAMPLES])
        means = [float(np.mean(view.scores(points))) for points in (self._judge.real, x[: modes.SAMPLES])]
        rest = view.objective.equilibrium(view.real_target).score
        numbers = {
            **self._judge.distances(x),
            "covered": float(score.covered),
            "good": score.good,
            "entropy": score.entropy,
            "score_real": means[0],
            "score_fake": means[1],
            "score_distance": float("nan") if rest is None else float(np.mean([abs(mean - rest) for mean in means])),
        }
        self._trail.add(view.step, [numbers[name] for name in NAMES])
        return Convergence(
            numbers,
            self._judge.chance,
            score.shares,
            score.good_shares,
            self._judge.real_shares,
            score.most_entropy,
            rest,
            view.objective.probability,
            self._trail.arrays(),
        )
