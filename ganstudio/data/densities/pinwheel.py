"""A pinwheel: Gaussians that radiate from the origin, twisted into arms."""

from math import ceil, log, pi

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Belonging, Density

MARGIN_SIGMAS = 4.0
MOST_PARTS = 512
"""Parts of a grid's cells along each axis, in which their masses are summed up: arms much thinner are not resolved."""


class Pinwheel(Density):
    """An elongated Gaussian for each arm, every point then turned about the origin by an angle that grows with radius.

    After the pinwheel of Johnson et al. 2016 (section 5.1), whose angle grows with the coordinate along the arm before
    the turn. Here it is that of the true radius: such a turn keeps areas, so that the density at a point is exactly
    the mixture's at the point turned back.
    """

    dim = 2

    def __init__(self, arms: int, radius: float, radial: float, tangential: float, twist: float):
        """The arms' Gaussians stand at ``radius``, with σ ``radial`` and ``tangential``; ``twist`` radians a unit."""
        self.radius, self.twist = radius, twist
        self.sigmas = np.array([radial, tangential])
        self.angles = np.arange(arms) * 2 * pi / arms
        reach = radius + MARGIN_SIGMAS * radial
        self.extent = ((-reach, reach), (-reach, reach))
        self.modes = radius * np.stack([np.cos(self.angles + twist * radius), np.sin(self.angles + twist * radius)], 1)

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        arm = torch.randint(len(self.angles), (count,), generator=generator)
        local = torch.randn(count, 2, generator=generator) * torch.from_numpy(self.sigmas).float()
        local[:, 0] += self.radius
        angle = torch.from_numpy(self.angles).float()[arm] + self.twist * local.norm(dim=1)
        along, across = local[:, 0], local[:, 1]
        return torch.stack([along * angle.cos() - across * angle.sin(), along * angle.sin() + across * angle.cos()], 1)

    def log_density(self, x: np.ndarray) -> np.ndarray:
        heights = -0.5 * self._squared(x) - log(2 * pi * len(self.angles) * self.sigmas.prod())
        top = heights.max(1, keepdims=True)
        return top[:, 0] + np.log(np.exp(heights - top).sum(1))

    def masses(self, *edges: np.ndarray) -> np.ndarray:
        """As of any density, but in parts no larger than an arm is thin where its middle is."""
        thin = min(self.sigmas) / np.hypot(1, self.twist * self.radius)
        cut = [self._cut(one, thin) for one in edges]
        rows, columns = (len(one) - 1 for one in edges)
        return super().masses(*cut).reshape(rows, -1, columns, (len(cut[1]) - 1) // columns).sum((1, 3))

    @staticmethod
    def _cut(edges: np.ndarray, size: float) -> np.ndarray:
        """The edges with others between them, as many in each cell."""
        most = max(1, MOST_PARTS // (len(edges) - 1))
        parts = min(most, ceil(float(np.diff(edges).max()) / size))
        between = edges[:-1, None] + np.diff(edges)[:, None] * np.arange(parts) / parts
        return np.append(between.ravel(), edges[-1])

    def belonging(self, x: np.ndarray) -> Belonging:
        """Of the arm whose Gaussian is nearest, after the turn back, in that Gaussian's σ."""
        squared = self._squared(x)
        nearest = squared.argmin(1)
        return Belonging(nearest, np.sqrt(squared[np.arange(len(nearest)), nearest]))

    def _squared(self, x: np.ndarray) -> np.ndarray:
        """(N, arms) squared distances in σ from each arm's Gaussian, after the turn back."""
        x = np.asarray(x, np.float64).reshape(-1, 2)
        back = self.twist * np.hypot(*x.T)
        columns = []
        for angle in self.angles:
            c, s = np.cos(angle + back), np.sin(angle + back)
            along, across = x[:, 0] * c + x[:, 1] * s, x[:, 1] * c - x[:, 0] * s
            columns.append(((along - self.radius) / self.sigmas[0]) ** 2 + (across / self.sigmas[1]) ** 2)
        return np.stack(columns, 1)
