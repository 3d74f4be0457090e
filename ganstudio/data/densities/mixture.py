"""Mixtures of Gaussians: rings, grids, and curves as chains of Gaussians close to each other."""

from math import log, pi

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Belonging, Density

MARGIN_SIGMAS = 4.0
CHUNK = 1 << 12
"""Points whose distances to all components are held at once."""


class Mixture(Density):
    """Σ wₖ N(x; μₖ, Σₖ), each Σₖ diagonal.

    Several components may belong to one mode: a chain of Gaussians closer than σ is a curve of constant breadth whose
    density is exactly known.
    """

    def __init__(
        self,
        centres: np.ndarray,
        sigma: float | np.ndarray,
        weights: np.ndarray | None = None,
        groups: np.ndarray | None = None,
    ):
        """``centres`` (K, dim); ``weights`` (K,) ≥ 0, any sum (default: equal).

        ``sigma`` > 0 is one for all, (K,) one for each, or (K, dim) one for each along each axis.

        ``groups`` (K,) int gives each component's mode, 0…M−1 (default: each is its own).
        """
        self.centres = np.asarray(centres, np.float64)
        count, self.dim = self.centres.shape
        sigma = np.asarray(sigma, np.float64)
        self.sigmas = np.broadcast_to(sigma[:, None] if sigma.ndim == 1 else sigma, (count, self.dim)).copy()
        weights = np.ones(count) if weights is None else np.asarray(weights, np.float64)
        self.weights = weights / weights.sum()
        self.groups = np.arange(count) if groups is None else np.asarray(groups, np.int64)
        self.modes = np.stack([self._middle(group) for group in range(int(self.groups.max()) + 1)])
        reach = MARGIN_SIGMAS * self.sigmas
        low, high = (self.centres - reach).min(0), (self.centres + reach).max(0)
        margin = 0.08 * (high - low)
        self.extent = tuple((float(a), float(b)) for a, b in zip(low - margin, high + margin, strict=True))
        self._torch = (
            torch.from_numpy(self.weights).float(),
            torch.from_numpy(self.centres).float(),
            torch.from_numpy(self.sigmas).float(),
        )

    def _middle(self, group: int) -> np.ndarray:
        """The centre of a mode; of a chain, the component in its middle, which lies on the curve."""
        members = self.centres[self.groups == group]
        return members[len(members) // 2]

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        weights, centres, sigmas = self._torch
        chosen = torch.multinomial(weights, count, replacement=True, generator=generator)
        return centres[chosen] + sigmas[chosen] * torch.randn(count, self.dim, generator=generator)

    def log_density(self, x: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):
            heights = np.log(self.weights) - 0.5 * self.dim * log(2 * pi) - np.log(self.sigmas).sum(1)
        found = []
        for part in self._parts(x):
            terms = heights - 0.5 * self._squared(part)
            top = terms.max(1, keepdims=True)
            found.append(top[:, 0] + np.log(np.exp(terms - top).sum(1)))
        return np.concatenate(found) if found else np.empty(0)

    def masses(self, *edges: np.ndarray) -> np.ndarray:
        first, *others = (self._shares(axis, one) for axis, one in enumerate(edges))
        first = self.weights[:, None] * first
        return first.T @ others[0] if others else first.sum(0)

    def _shares(self, axis: int, edges: np.ndarray) -> np.ndarray:
        """(K, n) of each component, what lies between neighbouring edges (n + 1,) along this axis."""
        z = (edges - self.centres[:, axis, None]) / self.sigmas[:, axis, None]
        below, above = (torch.special.ndtr(torch.from_numpy(one)).numpy() for one in (z, -z))
        # Each side from its own tail: differences of numbers near 1 would lose what is far out.
        return np.where(z[:, :-1] > 0, above[:, :-1] - above[:, 1:], below[:, 1:] - below[:, :-1])

    def belonging(self, x: np.ndarray) -> Belonging:
        modes, distances = [np.empty(0, np.int64)], [np.empty(0)]
        for part in self._parts(x):
            squared = self._squared(part)
            nearest = squared.argmin(1)
            modes.append(self.groups[nearest])
            distances.append(np.sqrt(squared[np.arange(len(part)), nearest]))
        return Belonging(np.concatenate(modes), np.concatenate(distances))

    def _parts(self, x: np.ndarray) -> list[np.ndarray]:
        x = np.asarray(x, np.float64).reshape(-1, self.dim)
        return [x[start : start + CHUNK] for start in range(0, len(x), CHUNK)]

    def _squared(self, x: np.ndarray) -> np.ndarray:
        """(N, K) squared distances to the centres, in σ."""
        parts = ((x[:, None, axis] - self.centres[:, axis]) / self.sigmas[:, axis] for axis in range(self.dim))
        return sum(part**2 for part in parts)
