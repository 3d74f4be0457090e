"""How far two distributions lie apart: Kullback–Leibler divergence both ways and Jensen–Shannon divergence, in nats.

KL(p‖q) = Σ p log(p/q) and JSD(p‖q) = ½ KL(p‖m) + ½ KL(q‖m) with m = ½(p + q): Goodfellow et al. 2014, section 4.1,
equations 5 and 6, where the game with the optimal D is worth −log 4 + 2·JSD.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganstudio.data.densities.density import Density

MOST_CELLS = {1: 4096, 2: 512}
"""Cells along each axis, by the number of axes."""
USUAL_CELLS = {1: 256, 2: 40}
"""The same where the density does not tell its smallest σ: few enough that 10,000 samples of the data look like it."""
CELLS_PER_SIGMA = {1: 2.0, 2: 1.0}
LEAST = 1e-300
"""Of a probability that counts: half of a smaller one may be no number any more."""


@dataclass(frozen=True)
class Divergences:
    """Between p (the data) and q (the generator), in nats, each ≥ 0."""

    kl_data: float
    """KL(p‖q): large where q misses what p has; ∞ where q is zero and p is not."""
    kl_generator: float
    """KL(q‖p): large where q has what p has not."""
    js: float
    """JSD(p‖q), at most log 2."""


def divergences(p: np.ndarray, q: np.ndarray, mix: float = 0.0) -> Divergences:
    """Between two distributions over the same cells: ``p`` and ``q`` of any one shape, ≥ 0, each with the sum 1.

    Densities on a common grid become such by the cell's size: ``divergences(p * cell, q * cell)``. ``mix`` keeps KL
    finite: what p is compared with is (1 − mix) of q and ``mix`` of p, and the other way round, so that KL is at most
    log(1/mix). JSD needs no such thing and is not touched.
    """
    p, q = np.ravel(p), np.ravel(q)
    middle = 0.5 * (p + q)
    found = (
        _kl(p, q + mix * (p - q)),
        _kl(q, p + mix * (q - p)),
        0.5 * (_kl(p, middle) + _kl(q, middle)),
    )
    return Divergences(*(max(0.0, value) for value in found))


def _kl(p: np.ndarray, q: np.ndarray) -> float:
    held = p > LEAST
    p, q = p[held], q[held]
    with np.errstate(divide="ignore"):
        return float((p * (np.log(p) - np.log(q))).sum())


class Cells:
    """Regular cells over a density's extent and one more for all that lies outside, so that nothing is dropped.

    A cell is half the smallest σ of the density wide, in two dimensions one σ, where that makes no more than
    ``MOST_CELLS`` along an axis. What is measured between cells never exceeds what holds between densities (data
    processing inequality); of the JSD of a Gaussian from one half as broad they lose a tenth in one dimension and a
    fifth in two, from one that is twice as broad a fiftieth and a fifteenth.
    """

    def __init__(self, density: Density):
        self.density = density
        self._low = np.array([low for low, _ in density.extent])
        spans = np.array([high - low for low, high in density.extent])
        self._counts = np.maximum(1, np.ceil(spans / _width(density, spans) - 1e-9)).astype(int)
        self._widths = spans / self._counts
        self.inside = int(np.prod(self._counts))
        """Number of cells; the one of the outside comes after them."""

    @cached_property
    def masses(self) -> np.ndarray:
        """(inside + 1,) the density's probability of each cell."""
        edges = [
            low + np.arange(count + 1) * width
            for low, count, width in zip(self._low, self._counts, self._widths, strict=True)
        ]
        found = self.density.masses(*edges).ravel()
        found = np.append(found, max(0.0, 1.0 - found.sum()))
        return found / found.sum()

    def shares(self, x: np.ndarray) -> np.ndarray:
        """(inside + 1,) share of the points (N, dim) in each cell; what is not a number lies outside."""
        place = (np.asarray(x, np.float64) - self._low) / self._widths
        with np.errstate(invalid="ignore"):
            within = ((place >= 0) & (place < self._counts)).all(1)
        index = np.full(len(place), self.inside)
        index[within] = np.ravel_multi_index(tuple(place[within].astype(int).T), tuple(self._counts))
        return np.bincount(index, minlength=self.inside + 1) / len(place)

    def compare(self, x: np.ndarray) -> Divergences:
        """Between the density and what N points (N, dim), at least one, were drawn from.

        Of N + 1 points on either side one is taken to be the other's: so KL stays below log(N + 1), and a mode of
        mass m that was never met counts as m log(N + 1). Chance alone, with p = q, gives a JSD of about 1/8N and a
        KL(q‖p) of 1/2N for every cell that holds mass, and two to three times that of KL(p‖q). With 10,000
        points that is a JSD of 0.0002 for a normal distribution in one dimension, 0.005 for the ring of 8 and 0.015 for
        the grid of 25.
        """
        return divergences(self.masses, self.shares(x), mix=1 / (len(x) + 1))


def _width(density: Density, spans: np.ndarray) -> np.ndarray:
    """(dim,) the width that a cell should have."""
    sigmas = getattr(density, "sigmas", None)
    if sigmas is None:
        return spans / USUAL_CELLS[density.dim]
    return np.maximum(np.min(sigmas) / CELLS_PER_SIGMA[density.dim], spans / MOST_CELLS[density.dim])
