"""How far mass must be moved to make one distribution the other: the Wasserstein-1 (earth mover's) distance.

On a line it is ∫ |F(x) − G(x)| dx = ∫ |F⁻¹(u) − G⁻¹(u)| du (Villani 2003, *Topics in Optimal Transportation*,
section 2.2), in the units of x. In the plane it is *sliced*: the mean over all directions of the distance between the
projections (after Bonneel et al. 2015, *Sliced and Radon Wasserstein Barycenters of Measures*). That is at most the
Wasserstein-1 distance itself; between a distribution and itself shifted by v it is 2/π·‖v‖.
"""

import numpy as np
import torch

from ganstudio.data.densities.density import Density

DIRECTIONS = 16
"""Of the slices: angles evenly spaced over half a turn, which serve better than as many random ones."""
REFERENCE = 1 << 16
"""Points that stand for a density in the plane."""
FINE = 8192


def wasserstein(a: np.ndarray, b: np.ndarray) -> float:
    """The exact distance between two samples on a line, (n,) and (m,), each point of a sample weighing the same."""
    a, b = np.sort(a), np.sort(b)
    if len(a) == len(b):
        return float(np.abs(a - b).mean())
    both = np.sort(np.concatenate([a, b]))
    shares = (np.searchsorted(one, both[:-1], "right") / len(one) for one in (a, b))
    return float((np.abs(np.subtract(*shares)) * np.diff(both)).sum())


def directions() -> np.ndarray:
    """(2, DIRECTIONS) unit vectors, evenly spaced over half a turn, none along an axis."""
    angles = (np.arange(DIRECTIONS) + 0.5) * np.pi / DIRECTIONS
    return np.stack([np.cos(angles), np.sin(angles)])


def sliced(a: np.ndarray, b: np.ndarray) -> float:
    """The sliced distance between two samples in the plane, (n, 2) and (m, 2)."""
    ways = directions()
    return float(np.mean([wasserstein(one, other) for one, other in zip((a @ ways).T, (b @ ways).T, strict=True)]))


class Transport:
    """The distance of samples from a density: exact in one dimension, sliced in two.

    The density stands as its quantiles: on a line from its own distribution function, in the plane from the
    projections of ``REFERENCE`` points, drawn once with a generator of their own. N points of the density itself are
    not at distance 0 but at about the density's breadth over √N.
    """

    def __init__(self, density: Density):
        self.density = density
        self._quantiles = np.empty((0, 0), np.float32)

    def distance(self, x: np.ndarray) -> float:
        """Of N points (N, dim), at least one, in the density's units; ∞ when one is not finite."""
        if not np.isfinite(x).all():
            return float("inf")
        if self._quantiles.shape[1] != len(x):
            self._quantiles = self._made(len(x))
        slices = x.T if self.density.dim == 1 else directions().T @ x.T
        # float32 sorts twice as fast.
        return float(np.abs(np.sort(slices.astype(np.float32), axis=1) - self._quantiles).mean())

    def _made(self, count: int) -> np.ndarray:
        """(slices, count) the quantiles at (i + ½)/count."""
        levels = (np.arange(count) + 0.5) / count
        if self.density.dim == 1:
            return quantiles(self.density, levels)[None].astype(np.float32)
        points = self.density.sample(REFERENCE, torch.Generator().manual_seed(0)).double().numpy()
        slices = np.sort(directions().T @ points.T, axis=1)
        places = (np.arange(REFERENCE) + 0.5) / REFERENCE
        return np.stack([np.interp(levels, places, one) for one in slices]).astype(np.float32)


def quantiles(density: Density, levels: np.ndarray) -> np.ndarray:
    """Where a density on a line has so much of its mass to the left, for levels (n,) between 0 and 1.

    Its mass is taken to be even within each of ``FINE`` cells of its extent.
    """
    edges = np.linspace(*density.extent[0], FINE + 1)
    below = np.concatenate([[0.0], np.cumsum(density.masses(edges))])
    return np.interp(levels * below[-1], below, edges)
