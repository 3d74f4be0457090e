"""Figure 1 of Goodfellow et al. 2014, live: both densities, D and its optimum on the number line, and how G maps z."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch

from ganstudio.data.densities.density import Density
from ganstudio.metrics.divergence import divergences
from ganstudio.probes.minimax_value import optimal_discriminator, shortfall, value, value_at_best
from ganstudio.probes.points_view import PointsView, density_of
from ganstudio.probes.pushforward import SLICES, change_of_variables, equal_steps, is_monotone, smoothed, spread
from ganstudio.probes.trail import Trail
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

CELLS = 400
ARROWS = 25
SLOPES = 2_000
"""Places at which dG/dz is asked for."""
STEPS, REACH = 4, 4
"""The axis follows G's samples beyond the data by so many quarters of the data's extent; the rest is counted only."""
SLACK = 0.5
"""The axis shrinks only when that leaves so much of a quarter free, lest it twitch."""
TAIL = 1e-3
"""Share of the samples that the axis may leave out at either end."""
NOTHING = 1e-3
"""Where both densities are below this share of the data's peak, D* is not drawn: hardly a sample ever falls there."""


@dataclass(frozen=True)
class Figure:
    """Curves over M = ``CELLS`` cells of the number line, all float64; densities per unit of length."""

    x: np.ndarray
    """(M,) middles of the cells, evenly spaced."""
    extent: tuple[float, float]
    """Where the data lie; the axis may go on to where G's samples do."""
    p_data: np.ndarray
    """(M,) the known density of the data, its mean in each cell."""
    p_g: np.ndarray
    """(M,) G's density, from ``SLICES`` samples."""
    exact: np.ndarray | None
    """(M,) G's density by change of variables; None where G is not monotone, or z is more than one number."""
    monotone: bool | None
    """Whether G rises or falls all over the prior's range; None where z is more than one number."""
    score: np.ndarray
    """(M,) D(x), or a critic's output."""
    best: np.ndarray | None
    """(M,) D*(x), NaN where there is neither data nor sample; None where theory gives D no values of its own."""
    probability: bool
    """Whether D(x) is a probability."""
    real_target: float
    """α of label smoothing; 1 without."""
    rest: float | None
    """D at the equilibrium, ½ as a rule; None where theory gives none."""
    z: np.ndarray
    """(``ARROWS``,) z at equal steps of the prior's probability; (0,) where z is more than one number."""
    gz: np.ndarray
    """(``ARROWS``,) where G maps them; where z is more than one number, samples at equal steps of p_g's probability."""
    z_limits: tuple[float, float]
    """Where the z axis ends: at ±3 σ at the most."""
    beyond: float
    """Share of G's samples that lie off the axis."""
    jsd: float
    """JSD(p_data ‖ p_g), nats, 0 … log 2."""
    value: float
    """V(G, D), nats; NaN for a critic, as are the next two."""
    value_at_best: float
    """V(G, D*), nats; D* is what D aims at, so with smoothing it lies below −log 4 + 2 JSD."""
    shortfall: float
    """What D could still gain while G stays, nats: V(G, D*) − V(G, D) when there is no smoothing; never below 0."""
    trail: dict[str, np.ndarray]
    """What the numbers have been, (T,) each: ``step``, ``value``, ``value_at_best`` and ``jsd``."""


@dataclass(frozen=True)
class DensityFrame(Frame):
    """``figure`` is None where the data have no known density on the number line."""

    figure: Figure | None
    dim: int = 0
    """Numbers in one point of the data; 0 for images."""

    @property
    def jsd(self) -> float | None:
        """JSD(p_data ‖ p_g), nats; None without a figure."""
        return self.figure.jsd if self.figure is not None else None

    @property
    def shortfall(self) -> float | None:
        """What D could still gain while G stays, nats; None for a critic and without a figure."""
        return self.figure.shortfall if self.figure is not None and self.figure.probability else None


class DensityProbe:
    """The worker copies the weights; samples, densities and values are computed by whoever calls the answer."""

    name: ClassVar[str] = "density"
    needs_data: ClassVar[bool] = True

    def __init__(self) -> None:
        self._view: PointsView | None = None
        self._beyond = np.zeros(2, int)  # quarters by which the axis goes beyond the data on either side
        self._trail = Trail(("value", "value_at_best", "jsd"))

    def frame(self, trainer: Trainer) -> DensityFrame:
        """Copy and compute at once."""
        return self.look(trainer)()

    def look(self, trainer: Trainer) -> Callable[[], DensityFrame]:
        """Copy G as it trains and D; the answer computes."""
        density = density_of(trainer, dim=1)
        if density is None:
            shape = trainer.data.shape
            nothing = DensityFrame(trainer.steps, trainer.name, None, shape[0] if len(shape) == 1 else 0)
            return lambda: nothing
        if self._view is None:
            self._view = PointsView(trainer)
        view = self._view
        view.refresh(trainer)
        return lambda: DensityFrame(view.step, view.trainer, self._figure(view, density), 1)

    def _figure(self, view: PointsView, density: Density) -> Figure:
        noise, objective = view.noise, view.objective
        one = noise.config.dim == 1
        z = noise.quantile(equal_steps(SLICES)) if one else None
        gz = _generated(view, z) if z is not None else view.generated(view.z(SLICES))[:, 0]
        edges = self._edges(density, gz)
        x, cell = (edges[1:] + edges[:-1]) / 2, edges[1] - edges[0]
        p_data = density.masses(edges) / cell
        q = spread(gz, edges) if one else smoothed(gz, edges)
        monotone = is_monotone(gz) if one else None
        score = view.scores(x[:, None])
        rest = objective.equilibrium(view.real_target).score
        # What the axis does not show is one more cell at either end, with D as it is in its midst.
        before, after = gz[gz < edges[0]], gz[gz >= edges[-1]]
        ends = [float(np.median(part)) if len(part) else float(edge) for part, edge in ((before, x[0]), (after, x[-1]))]
        logit = view.logits(np.concatenate([x, ends])[:, None])
        short = max(0.0, 1.0 - float(q.sum()))
        outside = np.array([len(before), len(after)]) / max(1, len(before) + len(after)) * short
        p = np.concatenate([p_data / p_data.sum(), [0.0, 0.0]])
        masses = p, np.concatenate([q, outside])
        numbers = _numbers(*masses, logit, view.real_target, objective.probability)
        self._trail.add(view.step, [numbers[name] for name in self._trail.names])
        best = optimal_discriminator(p_data, q / cell, view.real_target) if rest is not None else None
        if best is not None:
            best[np.maximum(p_data, q / cell) < NOTHING * p_data.max()] = np.nan
        shares = equal_steps(ARROWS)
        return Figure(
            x=x,
            extent=density.extent[0],
            p_data=p_data,
            p_g=q / cell,
            exact=_exact(view, x) if monotone else None,
            monotone=monotone,
            score=score,
            best=best,
            probability=objective.probability,
            real_target=view.real_target,
            rest=rest,
            z=noise.quantile(shares) if one else np.empty(0),
            gz=_generated(view, noise.quantile(shares)) if one else np.quantile(gz, shares),
            z_limits=(-min(noise.limit, 3 * noise.std), min(noise.limit, 3 * noise.std)),
            beyond=float(outside.sum()),
            trail=self._trail.arrays(),
            **numbers,
        )

    def _edges(self, density: Density, gz: np.ndarray) -> np.ndarray:
        """(M + 1,) edges of cells that hold the data, and G's samples within reason."""
        low, high = density.extent[0]
        step = (high - low) / STEPS
        first, last = np.quantile(gz, [TAIL, 1 - TAIL])
        needed = np.array([low - first, last - high]) / step
        least, most = (np.ceil(np.clip(needed + slack, 0, REACH)).astype(int) for slack in (0.0, SLACK))
        self._beyond = np.where((least <= self._beyond) & (self._beyond <= most), self._beyond, least)
        return np.linspace(low - self._beyond[0] * step, high + self._beyond[1] * step, CELLS + 1)


def _generated(view: PointsView, z: np.ndarray) -> np.ndarray:
    """G at (N,) single numbers z: (N,) float64."""
    return view.generated(torch.from_numpy(z).float()[:, None])[:, 0]


def _exact(view: PointsView, x: np.ndarray) -> np.ndarray:
    """p_g by change of variables, dG/dz by automatic differentiation; (M,)."""
    z = view.noise.quantile(equal_steps(SLOPES))
    leaf = torch.from_numpy(z).float()[:, None].requires_grad_()
    gz = view.generator(leaf)
    (slope,) = torch.autograd.grad(gz.sum(), leaf)
    return change_of_variables(
        gz.detach().double().numpy()[:, 0], slope.double().numpy()[:, 0], view.noise.density(z), x
    )


def _numbers(p: np.ndarray, q: np.ndarray, logit: np.ndarray, target: float, probability: bool) -> dict[str, float]:
    nan = float("nan")
    return {
        "jsd": divergences(p, q).js,
        "value": value(p, q, logit) if probability else nan,
        "value_at_best": value_at_best(p, q, target) if probability else nan,
        "shortfall": shortfall(p, q, logit, target) if probability else nan,
    }
