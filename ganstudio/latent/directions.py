"""Directions in the space of z, and z seen along them. Pure functions on arrays; vectors are rows, of length 1.

A *coordinate* of z along a direction v is v · z: for z ~ N(0, I) it is itself standard normal, so coordinates along
any direction are read in the prior's standard deviations σ.
"""

import numpy as np

LEAST_FREE = 0.1
"""Length of what must be left of a direction beside the locked ones: less than that is another direction."""


def axes(indices: list[int], dim: int) -> np.ndarray:
    """(len(indices), dim): the unit vectors of single numbers of z, counted from 0."""
    return np.eye(dim)[indices]


def random_directions(seed: int, count: int, dim: int) -> np.ndarray:
    """(min(count, dim), dim) orthonormal, uniformly distributed over all such sets; the same for the same seed.

    By QR of normal numbers with the signs made definite (Mezzadri 2007, section 5).
    """
    draws = np.random.default_rng(seed).normal(size=(dim, min(count, dim)))
    columns, triangle = np.linalg.qr(draws)
    return (columns * np.where(np.diag(triangle) < 0, -1, 1)).T


def orthonormal(vectors: np.ndarray) -> np.ndarray:
    """(k, dim) any vectors → (rank, dim) orthonormal rows that span the same space."""
    _, sizes, rows = np.linalg.svd(np.atleast_2d(vectors), full_matrices=False)
    return rows[sizes > 1e-9 * max(sizes.max(initial=0.0), 1e-300)]


def freed(vectors: np.ndarray, locked: np.ndarray) -> np.ndarray:
    """(k, dim): what of each direction is orthogonal to the locked ones (m, dim), at length 1 again.

    Moving along it leaves every locked coordinate where it is. A direction that lies among the locked ones, or almost
    (see ``LEAST_FREE``), has nothing left: its row is 0.
    """
    if not len(locked) or not len(vectors):
        return vectors
    rows = orthonormal(locked)
    shadows = vectors @ rows.T
    # Twice: what rounding leaves of the locked ones after the first time is taken away by the second.
    free = vectors - shadows @ rows
    free -= (free @ rows.T) @ rows
    lengths = np.linalg.norm(free, axis=1, keepdims=True)
    free = np.where(lengths < LEAST_FREE, 0, free / np.maximum(lengths, LEAST_FREE))
    # What is orthogonal already stays to the bit.
    return np.where(np.abs(shadows).max(1, keepdims=True) < 1e-12, vectors, free)


def coordinates(z: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """(k,) z (dim,) seen along orthonormal directions (k, dim)."""
    return vectors @ z


def moved(z: np.ndarray, vector: np.ndarray, coordinate: float) -> np.ndarray:
    """z with this coordinate along a direction; what is orthogonal to it stays as it was."""
    return z + (coordinate - vector @ z) * vector


def held(drawn: np.ndarray, z: np.ndarray, locked: np.ndarray) -> np.ndarray:
    """``drawn`` with z's components along the locked directions (k, dim), which need not be orthogonal."""
    if not len(locked):
        return drawn
    rows = orthonormal(locked)
    return drawn + rows.T @ (rows @ (z - drawn))


def truncated(z: np.ndarray, psi: float) -> np.ndarray:
    """z drawn towards the prior's mean, 0: the truncation trick z̄ + ψ(z − z̄) (Karras et al. 2019, appendix B).

    ψ = 1 gives z as it is, ψ = 0 the mean. (Brock et al. 2019, section 3.1, truncate by drawing again what lies far
    out; scaling has the same end and follows a slider.)
    """
    return z if psi == 1 else psi * z


def within(z: np.ndarray, limit: float) -> np.ndarray:
    """z with every number brought into the prior's support −limit…limit."""
    return np.clip(z, -limit, limit)
