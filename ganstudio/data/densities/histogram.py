"""Densities that are constant in each cell of a grid: drawn shapes, pictures, and blurred points."""

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Belonging, Density
from ganstudio.data.densities.levels import Levels, parts, spread

MARGIN = 0.08
"""What a plot shows around the grid, in its sides."""
ROUNDING = 1e-6
"""Samples are float32: one on the border may lie outside by so much of the grid's side."""


class Histogram(Density):
    """A piecewise constant density on a grid over an interval or a rectangle; nothing lies outside.

    Its modes are the connected parts of the region that holds the densest 80 % of the mass, and a point belongs to the
    nearest of them. How far a point lies from it is measured by how dense it is there, in the σ of a Gaussian with as
    much mass denser (``Levels.sigmas``): the densest place has 0, and a good sample, within 3σ, lies where the densest
    98.9 % of the mass do (in one dimension 99.7 %).
    """

    def __init__(self, heights: np.ndarray, low: tuple[float, ...], high: tuple[float, ...]):
        """``heights`` (X,) or (X, Y) ≥ 0, some of them more, of any sum: x grows along the first axis, y the second.

        The grid spans from ``low`` to ``high``, one number for each axis.
        """
        heights = np.asarray(heights, np.float64)
        self.dim = heights.ndim
        self.low, high = np.array(low, np.float64), np.array(high, np.float64)
        self.cell = (high - self.low) / heights.shape
        """(dim,) sides of a cell."""
        self.mass = heights / heights.sum()
        self.heights = self.mass / self.cell.prod()
        """Density in each cell."""
        margin = MARGIN * (high - self.low)
        self.extent = tuple((float(a), float(b)) for a, b in zip(self.low - margin, high + margin, strict=True))
        labels = parts(self.heights, self.mass)
        self.modes = np.stack([self._middle(labels == label) for label in range(labels.max() + 1)])
        self._nearest = spread(labels)
        self._levels = Levels(self.heights, self.mass)
        self._torch = tuple(
            torch.from_numpy(one.astype(np.float32)) for one in (self.mass.ravel(), self.low, self.cell)
        )

    def _middle(self, part: np.ndarray) -> np.ndarray:
        """The middle of a mode's densest cell; of several, of that nearest to the mode's centre of mass."""
        cells = np.argwhere(part)
        weights = self.mass[part]
        centre = (cells * weights[:, None]).sum(0) / weights.sum()
        densest = cells[weights == weights.max()]
        chosen = densest[((densest - centre) ** 2).sum(1).argmin()]
        return self.low + (chosen + 0.5) * self.cell

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        mass, low, cell = self._torch
        chosen = torch.multinomial(mass, count, replacement=True, generator=generator)
        columns = self.mass.shape[-1]
        place = torch.stack([chosen // columns, chosen % columns][-self.dim :], 1)
        return low + cell * (place + torch.rand(count, self.dim, generator=generator))

    def density(self, x: np.ndarray) -> np.ndarray:
        cells, inside = self._cells(x)
        return np.where(inside, self.heights[cells], 0.0)

    def log_density(self, x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.log(self.density(x))

    def masses(self, *edges: np.ndarray) -> np.ndarray:
        first, *others = (self._overlaps(axis, one) for axis, one in enumerate(edges))
        found = first @ self.mass
        return found @ others[0].T if others else found

    def _overlaps(self, axis: int, edges: np.ndarray) -> np.ndarray:
        """(n, cells) share of each of its own cells that lies between neighbouring edges (n + 1,) along this axis."""
        own = np.arange(self.mass.shape[axis] + 1)
        places = ((edges - self.low[axis]) / self.cell[axis])[:, None]
        return np.maximum(0.0, np.minimum(places[1:], own[1:]) - np.maximum(places[:-1], own[:-1]))

    def belonging(self, x: np.ndarray) -> Belonging:
        cells, _ = self._cells(x)
        return Belonging(self._nearest[cells], self._levels.sigmas(self.density(x), self.dim))

    def _cells(self, x: np.ndarray) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Index of the cell that each point lies in or nearest to, and (N,) bool whether it lies in the grid."""
        places = (np.asarray(x, np.float64).reshape(-1, self.dim) - self.low) / self.cell
        shape = np.array(self.mass.shape)
        inside = ((places >= -ROUNDING * shape) & (places <= (1 + ROUNDING) * shape)).all(1)
        cells = np.clip(np.nan_to_num(places), 0, shape - 1).astype(np.int64)
        return tuple(cells.T), inside
