"""Highest-density regions: which part of a distribution lies densest, and the modes that it falls into."""

import numpy as np
import torch

MODE_MASS = 0.8
"""Modes are the connected parts of the region that holds so much of the mass."""
SPECK_MASS = 0.01
"""A part with less than so much of the mass is a speck, no mode."""


class Levels:
    """How much of the mass lies denser than a given density (Hyndman 1996, section 2)."""

    def __init__(self, density: np.ndarray, mass: np.ndarray):
        """Of each cell, in any order and shape: its density ≥ 0 and its mass; the masses sum to 1."""
        order = np.argsort(density, axis=None)[::-1]
        self._density = density.ravel()[order]
        self._denser = np.concatenate([[0.0], np.cumsum(mass.ravel()[order])])

    def denser(self, density: np.ndarray) -> np.ndarray:
        """(N,) mass, 0…1, of all that is strictly denser than each of these (N,)."""
        return self._denser[np.searchsorted(-self._density, -density)]

    def sigmas(self, density: np.ndarray, dim: int) -> np.ndarray:
        """(N,): so many σ from its middle a Gaussian in ``dim`` dimensions has as much mass denser; ∞ where it is all.

        Of a Gaussian itself it is the distance from its middle in σ. In one dimension the mass within r is erf(r/√2),
        in two it is 1 − exp(−r²/2).
        """
        # Beyond the last bit of the sum lies nothing any more.
        within = np.where(density > 0, np.minimum(self.denser(density), 1 - 1e-12), 1.0)
        if dim == 1:
            return np.sqrt(2) * torch.erfinv(torch.from_numpy(within)).numpy()
        with np.errstate(divide="ignore"):
            return np.sqrt(-2 * np.log1p(-within))


def parts(density: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """int64 of the cells' shape, 1-D or 2-D: each cell's mode 0…K−1, −1 outside of all. Cells that touch are connected.

    There is at least one mode.
    """
    labels = connected(Levels(density, mass).denser(density) < MODE_MASS)
    found, number = np.unique(labels, return_inverse=True)
    masses = np.bincount(number.ravel(), mass.ravel())
    masses[found < 0] = 0
    kept = np.flatnonzero(masses >= SPECK_MASS)
    kept = kept if len(kept) else masses.argmax().reshape(1)
    renumbered = np.full(len(found), -1)
    renumbered[kept] = np.arange(len(kept))
    return renumbered[number].reshape(density.shape)


def connected(region: np.ndarray) -> np.ndarray:
    """int64 of the region's shape: one number ≥ 0 for all cells that are connected with each other, −1 outside."""
    labels = np.where(region, np.arange(region.size).reshape(region.shape), -1)
    while True:
        # Each cell takes the largest index beside it, then that cell's own: the way to go halves each time.
        grown = largest_around(labels)
        grown = np.where(region, grown.ravel()[grown], -1)
        if (grown == labels).all():
            return labels
        labels = grown


def spread(labels: np.ndarray) -> np.ndarray:
    """The labels with every −1 replaced by that of a cell nearby: all grow outwards alike until they meet."""
    while (labels < 0).any():
        labels = np.where(labels < 0, largest_around(labels), labels)
    return labels


def largest_around(values: np.ndarray) -> np.ndarray:
    """The largest value of each cell and its neighbours, across corners too."""
    for axis in range(values.ndim):
        padded = np.pad(values, [(int(axis == other),) * 2 for other in range(values.ndim)], mode="edge")
        before, at, after = (padded.take(range(way, way + values.shape[axis]), axis) for way in range(3))
        values = np.maximum(np.maximum(before, at), after)
    return values
