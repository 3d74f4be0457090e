"""The game in the plane: real and generated points, D and D* as heat maps, G's manifold, and which way G is pushed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Density
from ganstudio.probes.manifold import Manifold, Warp
from ganstudio.probes.plane_optimum import SAMPLES, Extent, cell_masses, optimum, sample_masses, smoothed
from ganstudio.probes.points_view import PointsView, density_of
from ganstudio.probes.ranges import round_step
from ganstudio.probes.sent import Carrier, Sent
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

POINTS, GENERATED = 1000, 400
"""Real and generated points that are shown; an arrow starts at each generated one."""
CELLS = 40
MARGIN = 0.06
"""Room around the data's own extent, as a share of it."""
SEED = 2
FAR = 95
"""Percentile of a critic's distance from its middle that the colour scale reaches."""
SMALLEST = 0.3
"""The colour scale of a critic shrinks only when less than this share of it is used."""


@dataclass(frozen=True, eq=False)
class Plane:
    """What is known of the plane; a layer that was not asked for is None. Grids have y, upwards, as first index."""

    extent: Extent
    """(low, high) of x and of y: a square that holds the data; never moves while the data stay."""
    noise: int
    """Numbers in z."""
    probability: bool
    """Whether D(x) is a probability; else a critic's output."""
    level: float
    """Where the line between real and fake is drawn: ½, or the middle of a critic's scale."""
    span: float
    """Half the colour scale: it ends at ``level`` ± this."""
    real: np.ndarray | None
    """(M, 2) float32, the same array in every frame of the same data."""
    generated: np.ndarray | None
    """(N, 2) float32, from the same z in every frame."""
    scores: np.ndarray | None
    """(N,) float32: D at the generated points."""
    heat: np.ndarray | None
    """(cells, cells) float32: D in the middle of each cell."""
    optimal: np.ndarray | None
    """(cells, cells) float32: D* (``plane_optimum``); NaN where there is neither data nor sample."""
    density: np.ndarray | None
    """(cells, cells) float32: mean p_data of each cell, per unit of area; comes with ``optimal``."""
    manifold: Manifold | None
    """None also where z has more than two numbers."""
    arrows: np.ndarray | None
    """(A, 2, 2) float32: a generated point x, and −N ∂J_G/∂x there: the way in which its own loss falls fastest."""
    inputs: np.ndarray | None = None
    """(N, ``noise``) float32: z of each generated point, the same array in every frame while the prior stays."""


@dataclass(frozen=True)
class PlaneFrame(Frame):
    """``plane`` is None where the data are not points of a plane, or where it is to be computed elsewhere."""

    plane: Plane | None
    sent: Sent | None = None
    """The players, for another process to compute the plane."""


class PlaneProbe:
    """Looks through copies of the players, at points from generators of its own. Without ``copies`` it looks through
    the players themselves, which nobody trains.
    """

    name: ClassVar[str] = "plane"
    needs_data: ClassVar[bool] = True

    def __init__(self, copies: bool = True) -> None:
        self._copies = copies
        self._view: PointsView | None = None
        self._carrier: Carrier | None = None
        self._warp = Warp()
        self._real: tuple[np.ndarray, Tensor] | None = None
        self._grid: tuple[int, Tensor] | None = None
        self._masses: tuple[int, np.ndarray, np.ndarray] | None = None
        self._span = 0.0
        self._inputs: tuple[Tensor, np.ndarray] | None = None

    def frame(self, trainer: Trainer, **layers: bool) -> PlaneFrame:
        """All at once: see ``look``."""
        found = self.look(trainer, **layers)
        return found if isinstance(found, PlaneFrame) else found()

    def look(
        self,
        trainer: Trainer,
        *,
        real: bool = True,
        generated: bool = True,
        heat: bool = True,
        optimal: bool = False,
        manifold: bool = False,
        arrows: bool = False,
        cells: int = CELLS,
        elsewhere: bool = False,
    ) -> Callable[[], PlaneFrame] | PlaneFrame:
        """Copy the players; what is computed afterwards is what is switched on. ``cells`` is the grid's side.

        ``elsewhere``: nothing is; the frame holds the players themselves.
        """
        density, step, name = density_of(trainer, 2), trainer.steps, trainer.name
        if density is None:
            return PlaneFrame(step, name, None)
        if elsewhere:
            if self._carrier is None:
                self._carrier = Carrier(trainer)
            return PlaneFrame(step, name, None, self._carrier.send())
        if self._view is None:
            self._view = PointsView(trainer, SEED, self._copies)
        view, points = self._view, trainer.data.points
        view.refresh(trainer)

        def compute() -> PlaneFrame:
            extent = square(density)
            shown = self._real_points(density, points)
            critic = not view.objective.probability
            z = view.z(SAMPLES)
            made, warped = self._made(view, z[:GENERATED], generated or arrows or critic, manifold)
            scores = pushes = None
            if made is not None:
                pushes, logits = directions(view, made, shown) if arrows else (None, view.logits(made))
                scores = view.score(logits)
            grid = self._scores(view, extent, cells) if heat else None
            level, span = self._scale(view, shown, scores, grid)
            best, masses = self._best(view, density, extent, cells) if optimal else (None, None)
            return PlaneFrame(
                step,
                name,
                Plane(
                    extent,
                    z.shape[1],
                    not critic,
                    level,
                    span,
                    shown if real else None,
                    None if made is None or not generated else made.astype(np.float32),
                    None if scores is None or not generated else scores.astype(np.float32),
                    grid,
                    best,
                    masses,
                    warped,
                    pushes,
                    self._inputs_of(z) if generated else None,
                ),
            )

        return compute

    def _made(
        self, view: PointsView, z: Tensor, points: bool, manifold: bool
    ) -> tuple[np.ndarray | None, Manifold | None]:
        """G(z) and G's manifold, as far as they are wanted, in one pass: small ones cost what the call of G costs."""
        grid = self._warp.z(view.noise) if manifold else None
        inputs = [one for one in (z if points else None, grid) if one is not None]
        if not inputs:
            return None, None
        found = view.generated(torch.cat(inputs))
        made, rest = (found[: len(z)], found[len(z) :]) if points else (None, found)
        return made, None if grid is None else self._warp.manifold(rest)

    def _real_points(self, density: Density, points: Tensor | None) -> np.ndarray:
        if self._real is None:
            generator = torch.Generator().manual_seed(SEED)
            if points is None:
                drawn = density.sample(POINTS, generator)
            else:
                drawn = points[torch.randperm(len(points), generator=generator)[:POINTS]].cpu()
            self._real = drawn.numpy(), drawn
        return self._real[0]

    def _inputs_of(self, z: Tensor) -> np.ndarray:
        if self._inputs is None or self._inputs[0] is not z:
            self._inputs = z, z[:GENERATED].numpy()
        return self._inputs[1]

    def _scores(self, view: PointsView, extent: Extent, cells: int) -> np.ndarray:
        if self._grid is None or self._grid[0] != cells:
            middles = (np.arange(cells) + 0.5) / cells
            x, y = (low + middles * (high - low) for low, high in extent)
            self._grid = cells, np.stack([one.ravel() for one in np.meshgrid(x, y)], 1)
        return view.scores(self._grid[1]).astype(np.float32).reshape(cells, cells)

    def _scale(
        self, view: PointsView, real: np.ndarray, fake: np.ndarray | None, grid: np.ndarray | None
    ) -> tuple[float, float]:
        """The middle and half the length of the colour scale; that of a critic grows and shrinks by leaps."""
        if view.objective.probability:
            return 0.5, 0.5
        of_real = view.scores(real)
        rest = view.objective.equilibrium(view.real_target).score
        level = float(of_real.mean() + fake.mean()) / 2 if rest is None else rest
        all_scores = np.concatenate([of_real, fake] if grid is None else [of_real, fake, grid.ravel()])
        far = max(1e-6, float(np.percentile(np.abs(all_scores - level), FAR)))
        if not SMALLEST * self._span <= far <= self._span:
            self._span = 2 * round_step(far)
            while self._span < far:
                self._span *= 2
        return level, self._span

    def _best(self, view: PointsView, density: Density, extent: Extent, cells: int) -> tuple[np.ndarray, np.ndarray]:
        if self._masses is None or self._masses[0] != cells:
            masses = cell_masses(density, extent, cells)
            area = np.prod([high - low for low, high in extent]) / cells**2
            self._masses = cells, smoothed(masses), (masses / area).astype(np.float32)
        q = smoothed(sample_masses(view.generated(view.z(SAMPLES)), extent, cells))
        return optimum(self._masses[1], q, view.real_target).astype(np.float32), self._masses[2]


def square(density: Density) -> Extent:
    """The data's extent with a margin, as long in x as in y."""
    (left, right), (bottom, top) = density.extent
    half = max(right - left, top - bottom) * (0.5 + MARGIN)
    x, y = (left + right) / 2, (bottom + top) / 2
    return (x - half, x + half), (y - half, y + half)


def directions(view: PointsView, made: np.ndarray, real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2, 2) float32: each of (N, 2) generated points, and −N ∂J_G/∂x there; (N,) float64: D's logits there.

    N undoes the mean in J_G, so that an arrow does not depend on how many there are. ``real`` (M, 2) are read by
    relativistic losses alone. Regularisers that change what D is shown are left out.
    """
    x = torch.from_numpy(made).float().requires_grad_()
    of_real = torch.zeros(1)
    if view.objective.relativistic:
        with torch.no_grad():
            of_real = view.discriminator(torch.from_numpy(real).float())
    logits = view.discriminator(x)
    (gradient,) = torch.autograd.grad(view.objective.generator_loss(of_real, logits), x)
    arrows = np.stack([x.detach().numpy(), -len(made) * gradient.numpy()], 1)
    return arrows, logits.detach().double().numpy()
