"""What every known distribution of points can tell."""

from dataclasses import dataclass
from functools import reduce

import numpy as np
import torch
from torch import Tensor

GOOD_SIGMAS = 3.0
"""A sample is good when it lies within so many σ of its mode (REFERENCES: Srivastava et al. 2017, section 4.1)."""


@dataclass(frozen=True)
class Belonging:
    """To which mode each of N points belongs."""

    mode: np.ndarray
    """(N,) int64: index of the nearest mode."""
    distance: np.ndarray
    """(N,) float64: how far from it, in σ of that mode; ``GOOD_SIGMAS`` or less is a good sample."""


class Density:
    """A probability density over points in one or two dimensions, with its modes and its samples.

    Points are (N, dim): float64 NumPy arrays where densities are asked for, float32 tensors where samples are drawn.
    """

    dim: int
    """1 or 2."""
    extent: tuple[tuple[float, float], ...]
    """(low, high) of each axis: holds all but a negligible part of the mass, with a margin; what a plot shows."""
    modes: np.ndarray
    """(K, dim) float64: a point that stands for each mode, its centre where it has one."""

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """(count, dim) float32 independent draws; every random number comes from ``generator`` (on the CPU)."""
        raise NotImplementedError

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """(N,) float64: natural logarithm of the density at (N, dim) points; −inf where it is zero."""
        raise NotImplementedError

    def density(self, x: np.ndarray) -> np.ndarray:
        """(N,) float64: the density at (N, dim) points, per unit of length or area."""
        return np.exp(self.log_density(x))

    def masses(self, *edges: np.ndarray) -> np.ndarray:
        """Probability of each cell of a grid, (n,) or (n, m), given its (n + 1,) ascending edges along each axis.

        Here by Gauss's rule with two points an axis; families that know better are exact, however narrow they are.
        """
        offsets = 0.5 + np.array([-0.5, 0.5]) / np.sqrt(3)
        widths = [np.diff(one) for one in edges]
        ticks = [(one[:-1, None] + width[:, None] * offsets).ravel() for one, width in zip(edges, widths, strict=True)]
        points = np.stack(np.meshgrid(*ticks, indexing="ij"), -1).reshape(-1, self.dim)
        heights = self.density(points).reshape([part for width in widths for part in (len(width), 2)])
        return heights.mean(axis=tuple(range(1, heights.ndim, 2))) * reduce(np.multiply.outer, widths)

    def belonging(self, x: np.ndarray) -> Belonging:
        """To which mode (N, dim) points belong, and how far from it they lie."""
        raise NotImplementedError
