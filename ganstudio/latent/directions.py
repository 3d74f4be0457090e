"""Directions in the space of z, and z seen along them. Pure functions on arrays; vectors are rows, of length 1.

A *coordinate* of z along a direction v is v · z: for z ~ N(0, I) it is itself standard normal, so coordinates along
any direction are read in the prior's standard deviations σ.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Principal:
    """Principal directions of G, strongest first."""

    vectors: np.ndarray
    """(k, dim) float64, orthonormal."""
    shares: np.ndarray
    """(k,) share of the activation's variance that each brings about, 0…1; what G's bends add belongs to none."""


def axes(indices: list[int], dim: int) -> np.ndarray:
    """(len(indices), dim): the unit vectors of single numbers of z, counted from 0."""
    return np.eye(dim)[indices]


def principal_directions(inputs: np.ndarray, activations: np.ndarray, count: int) -> Principal:
    """The ``count`` orthonormal directions in z, or as many as z has numbers, along which a layer of G moves most.

    ``inputs`` (n, dim) are z drawn from the prior, n > dim; ``activations`` (n, features) what the layer makes of them.
    As in GANSpace (Härkönen et al. 2020, section 2) PCA in the layer is carried over to z by linear regression; here
    the regression comes first: PCA of what of the activations is linear in z. The coefficients B (dim, features) are,
    for normal z, the layer's mean Jacobian (Stein's lemma), so that the directions, eigenvectors of B Bᵀ, are those
    of SeFa (Shen & Zhou 2021, section 3.2) with the batch norm and the nonlinearity taken into account.
    """
    z = np.asarray(inputs, np.float64)
    z = z - z.mean(0)
    y = activations - activations.mean(0)
    coefficients = np.linalg.solve(z.T @ z, (z.T.astype(y.dtype) @ y).astype(np.float64))
    responses, vectors = np.linalg.eigh(coefficients @ coefficients.T)
    strongest = slice(None, -min(count, z.shape[1]) - 1, -1)
    total, variance = y.var(0, dtype=np.float64).sum(), z.var()
    shares = np.maximum(responses[strongest], 0) * variance / total if total > 0 else np.zeros(len(vectors))[strongest]
    return Principal(oriented(vectors.T[strongest]), shares)


def orthonormal(vectors: np.ndarray) -> np.ndarray:
    """(k, dim) any vectors → (rank, dim) orthonormal rows that span the same space."""
    _, sizes, rows = np.linalg.svd(np.atleast_2d(vectors), full_matrices=False)
    return rows[sizes > 1e-9 * max(sizes.max(initial=0.0), 1e-300)]


def oriented(vectors: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Signs made definite: each vector's largest number is positive.

    With ``like`` (earlier directions, by row) a vector rather keeps to the side of its predecessor, so that a slider
    does not turn round when the directions are found again after some training.
    """
    signs = np.sign(vectors[np.arange(len(vectors)), np.abs(vectors).argmax(1)]) if len(vectors) else np.ones(0)
    if like is not None:
        both = min(len(vectors), len(like))
        sides = np.einsum("kd,kd->k", vectors[:both], like[:both])
        signs[:both] = np.where(sides != 0, np.sign(sides), signs[:both])
    return vectors * signs[:, None]


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
