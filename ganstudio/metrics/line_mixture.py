"""Mixtures of Gaussians on a line, in NumPy alone: what the static toys of theory are made of."""

from dataclasses import dataclass
from math import log, pi, sqrt

import numpy as np


@dataclass(frozen=True)
class LineMixture:
    """Σ wₖ N(x; μₖ, σₖ²). The weights are positive and add up to 1, every σ is above zero."""

    weights: tuple[float, ...]
    means: tuple[float, ...]
    sigmas: tuple[float, ...]

    def log_density(self, x: np.ndarray) -> np.ndarray:
        """log p of places of any shape, float64; finite everywhere."""
        x = np.asarray(x, np.float64)
        found = np.full(x.shape, -np.inf)
        for weight, mean, sigma in zip(self.weights, self.means, self.sigmas, strict=True):
            found = np.logaddexp(found, log(weight) + log_normal(x, mean, sigma))
        return found

    def density(self, x: np.ndarray) -> np.ndarray:
        """p of places of any shape."""
        return np.exp(self.log_density(x))

    @property
    def mean(self) -> float:
        """E x."""
        return sum(weight * mean for weight, mean in zip(self.weights, self.means, strict=True))

    @property
    def sigma(self) -> float:
        """Standard deviation of x."""
        parts = zip(self.weights, self.means, self.sigmas, strict=True)
        return sqrt(sum(weight * (sigma**2 + (mean - self.mean) ** 2) for weight, mean, sigma in parts))

    def extent(self, sigmas: float) -> tuple[float, float]:
        """The range that reaches so many σ beyond every component."""
        parts = list(zip(self.means, self.sigmas, strict=True))
        return min(m - sigmas * s for m, s in parts), max(m + sigmas * s for m, s in parts)


def gaussian(mean: float, sigma: float) -> LineMixture:
    """N(mean, sigma²)."""
    return LineMixture((1.0,), (mean,), (sigma,))


def log_normal(x: np.ndarray, mean: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    """log N(x; mean, sigma²), broadcast."""
    return -0.5 * ((x - mean) / sigma) ** 2 - np.log(sigma) - 0.5 * log(2 * pi)
