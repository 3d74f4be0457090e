"""Principal directions of G: along which of its inputs a layer moves most. Pure functions and sums on arrays."""

from dataclasses import dataclass

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Study

LEAST_LIKENESS = 0.5
"""|cosine| from which a direction counts as an earlier one that has turned a little."""


@dataclass(frozen=True)
class FindDirections(Study):
    """Principal directions of G's first activation. Answered by None while it works, and then by ``Principal``."""

    count: int = 12
    samples: int = 10_000
    """z that they are found from, at least; z with many numbers takes more."""


@dataclass(frozen=True)
class Principal:
    """Principal directions of G, strongest first unless they were matched to earlier ones."""

    vectors: np.ndarray
    """(k, dim) float64, orthonormal."""
    shares: np.ndarray
    """(k,) share of the activation's variance that each brings about, 0…1; what G's bends add belongs to none."""


class Moments:
    """Means and products of z and of what a layer makes of it, summed up in float64 batch by batch.

    The memory that it takes does not grow with the number of samples: dim · (dim + features) numbers.
    """

    def __init__(self) -> None:
        self.count = 0
        """Samples so far."""
        self._z = self._y = self._squares = 0.0
        self._zz = self._zy = 0.0

    def add(self, inputs: np.ndarray, activations: np.ndarray) -> None:
        """Take in z (n, dim) and the layer's outputs (n, features). Raises ``StudioError`` unless these are finite."""
        z, y = np.asarray(inputs, np.float64), np.asarray(activations, np.float64)
        squares = np.einsum("nf,nf->f", y, y)
        if not np.isfinite(squares).all():
            raise StudioError("G makes no finite numbers; go back to its last finite state")
        self.count += len(z)
        self._z, self._zz, self._zy = self._z + z.sum(0), self._zz + z.T @ z, self._zy + z.T @ y
        self._y, self._squares = self._y + y.sum(0), self._squares + squares

    def principal(self, count: int) -> Principal:
        """The ``count`` orthonormal directions in z, or as many as z has numbers, along which the layer moves most.

        More samples are needed than z has numbers. As in GANSpace (Härkönen et al. 2020, section 2) PCA in the layer
        is carried over to z by linear regression; here the regression comes first: PCA of what of the activations is
        linear in z. The coefficients B (dim, features) are, for normal z, the layer's mean Jacobian (Stein's lemma), so
        that the directions, eigenvectors of B Bᵀ, are those of SeFa (Shen & Zhou 2021, section 3.2) with the batch norm
        and the nonlinearity taken into account.
        """
        n = self.count
        z, y = self._z / n, self._y / n
        covariance = self._zz / n - np.outer(z, z)
        coefficients = np.linalg.solve(covariance, self._zy / n - np.outer(z, y))
        responses, vectors = np.linalg.eigh(coefficients @ coefficients.T)
        strongest = slice(None, -min(count, len(z)) - 1, -1)
        total, variance = np.maximum(self._squares / n - y * y, 0).sum(), np.trace(covariance) / len(z)
        responses = np.maximum(responses[strongest], 0)
        shares = responses * variance / total if total > 0 else np.zeros_like(responses)
        return Principal(oriented(vectors.T[strongest]), shares)


def principal_directions(inputs: np.ndarray, activations: np.ndarray, count: int) -> Principal:
    """``Moments.principal`` of z (n, dim), n > dim, and the layer's outputs (n, features) at once."""
    moments = Moments()
    moments.add(inputs, activations)
    return moments.principal(count)


def oriented(vectors: np.ndarray) -> np.ndarray:
    """(k, dim) with signs made definite: each vector's largest number is positive."""
    return vectors * _signs(vectors[np.arange(len(vectors)), np.abs(vectors).argmax(1)] if len(vectors) else vectors)


def matched(found: Principal, earlier: Principal) -> Principal:
    """The directions in the places, and with the signs, of the earlier ones that they are most like.

    So a slider keeps its meaning when the directions are found again after some training. The clearest pairs go first;
    what is like none of the earlier ones (|cosine| < ``LEAST_LIKENESS``) fills the places left, the strongest first.
    """
    vectors = found.vectors
    likeness = np.abs(vectors @ earlier.vectors[: len(vectors)].T)
    sources = np.full(len(vectors), -1)  # of each place, the number of the found direction that gets it
    taken = np.zeros(len(vectors), bool)
    for pair in np.argsort(-likeness, axis=None, kind="stable"):
        number, place = np.unravel_index(pair, likeness.shape)
        if likeness[number, place] < LEAST_LIKENESS:
            break
        if sources[place] < 0 and not taken[number]:
            sources[place], taken[number] = number, True
    sources[sources < 0] = np.flatnonzero(~taken)
    vectors = vectors[sources].copy()
    both = min(len(vectors), len(earlier.vectors))
    vectors[:both] *= _signs(np.einsum("kd,kd->k", vectors[:both], earlier.vectors[:both]))
    return Principal(vectors, found.shares[sources])


def _signs(numbers: np.ndarray) -> np.ndarray:
    """(k, 1) of 1 and −1."""
    return np.where(numbers < 0, -1.0, 1.0).reshape(-1, 1)
