"""G's manifold: where an even grid of z is mapped to, and how densely."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import torch
from torch import Tensor

from ganstudio.networks.noise import Noise

TAIL = 0.005
"""Probability beyond the grid's ends along each number of a z without limits."""
SEGMENTS = 300
SIDE = 16
"""Cells along each side of the grid of a two-dimensional z."""
LEAST = 1e-12
"""A cell that G has folded up to nothing is taken to be this large, in units of area or length."""


@dataclass(frozen=True, eq=False)
class Manifold:
    """A warped grid of z. Its lines stand at equal steps of the prior's probability, so all cells have the same."""

    vertices: np.ndarray
    """float32: (K + 1, 2) of a curve, for a z of one number; (n + 1, n + 1, 2) of a surface, for a z of two."""
    density: np.ndarray
    """float32: p_g from each segment (K,) or cell (n, n), per unit of area; of a curve, per unit of its length.

    What G folds onto the same place adds up."""
    mass: float
    """Probability of each segment or cell under the prior."""


class Warp:
    """Draws the grid of z once for a prior, and maps it for every look."""

    def __init__(self) -> None:
        self._prior: tuple[str, str] = ("", "")
        self._z: Tensor | None = None
        self._mass = 0.0

    def z(self, noise: Noise) -> Tensor | None:
        """(vertices, dim): the grid; None where z has more than two numbers, and so no such picture."""
        prior = (noise.kind, noise.config.model_dump_json())
        if prior != self._prior:
            self._prior = prior
            self._z, self._mass = _grid(noise)
        return None if self._z is None else self._z.reshape(-1, self._z.shape[-1])

    def manifold(self, flat: np.ndarray) -> Manifold:
        """The grid of the last ``z`` as G maps it: (vertices, 2)."""
        assert self._z is not None
        vertices = flat.reshape(*self._z.shape[:-1], 2)
        sizes = lengths(vertices) if vertices.ndim == 2 else areas(vertices)
        density = self._mass / np.maximum(sizes, LEAST)
        return Manifold(vertices.astype(np.float32), density.astype(np.float32), self._mass)


def lengths(vertices: np.ndarray) -> np.ndarray:
    """(K,) of the segments between (K + 1, 2) points."""
    return np.linalg.norm(np.diff(vertices, axis=0), axis=1)


def areas(vertices: np.ndarray) -> np.ndarray:
    """(n, m) of the cells between (n + 1, m + 1, 2) corners, each taken as two triangles: a folded one has both."""
    a, b, c, d = vertices[:-1, :-1], vertices[1:, :-1], vertices[1:, 1:], vertices[:-1, 1:]
    return (np.abs(_cross(b - a, c - a)) + np.abs(_cross(c - a, d - a))) / 2


def _cross(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    return u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0]


def _grid(noise: Noise) -> tuple[Tensor | None, float]:
    """z of the vertices, (K + 1, 1) or (n + 1, n + 1, 2), and the probability of each cell."""
    dim = noise.config.dim
    if dim > 2:
        return None, 0.0
    count = SEGMENTS if dim == 1 else SIDE
    tail = 0.0 if isfinite(noise.limit) else TAIL
    ticks = torch.from_numpy(noise.quantile(np.linspace(tail, 1 - tail, count + 1))).float()
    step = (1 - 2 * tail) / count
    if dim == 1:
        return ticks[:, None], step
    return torch.stack(torch.meshgrid(ticks, ticks, indexing="ij"), -1), step**2
