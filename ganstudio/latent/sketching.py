"""Sketching: what is asked of G with a brush, and how candidates are judged and ranked. Pure arrays; no torch.

Zhu et al. 2016 ("Generative visual manipulation on the natural image manifold", iGAN), section 4: of many z found by
optimisation from many starts the best are offered, and the image changes into the chosen one through z.
"""

from dataclasses import dataclass, field

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.edits import Edits
from ganstudio.latent.requests import Study

STARTS = 64
CANDIDATES = 16
ITERATIONS = 40
"""Of all starts, for each edit; the best go on until they no longer improve."""
MORPH_STEPS = 16
LEAST_APART = 0.02
"""Root mean square difference, of the full range, below which two images are the same to the eye."""


@dataclass(frozen=True)
class Weights:
    """What counts how much in the energy, besides the painted colours, which count 1."""

    edge: float = 0.2
    """Drawn edges (iGAN's weight)."""
    near: float = 0.05
    """Staying near the start: the distance of z from z₀, or of what is not painted from the picture."""
    realism: float = 0.0
    """D's opinion, as a log probability where D's output is log odds; in other games in units of their own."""

    def check(self) -> None:
        """Raise ``StudioError`` for a weight that is negative or no number."""
        for name in ("edge", "near", "realism"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise StudioError(f"must be a number from 0 on (it is {value})", f"weights.{name}")


@dataclass(frozen=True)
class FindSketched(Study):
    """z whose images look as the edits ask. Answered again and again by ``Candidates``, each time better."""

    edits: Edits
    seed: int = 0
    z0: np.ndarray | None = None
    """(dim,) float32: the input of the image that is edited; None when it has none."""
    picture: np.ndarray | None = None
    """(H, W, C) uint8: without ``z0``, the picture that unpainted parts stay near to, if any."""
    starts: np.ndarray | None = None
    """(n, dim) float32: where to go on from, the candidates of the sketch so far."""
    weights: Weights = field(default_factory=Weights)


@dataclass(frozen=True)
class Candidates:
    """The best z found so far, best first; near-duplicates are left out."""

    inputs: np.ndarray
    """(k, dim) float32, k ≤ ``CANDIDATES``."""
    images: np.ndarray
    """(k, H, W, C) uint8."""
    errors: np.ndarray
    """(k,) by which they are ranked: the mean squared colour error under the mask, in [−1, 1] units, plus the edges'
    term.
    """
    ids: np.ndarray
    """(k,) int: which start each came from, so that one can be followed as ranks change."""
    iterations: int
    """Done so far."""


def masked_error(images: np.ndarray, edits: Edits) -> np.ndarray:
    """(n,) root mean square difference of images (n, H, W, C) uint8 from the colours asked for, 0…1 of the full range.

    0 where no colour is asked for.
    """
    weights = edits.weights.astype(np.float64)
    total = weights.sum() * edits.shape[2]
    if total == 0:
        return np.zeros(len(images))
    squares = np.square((images.astype(np.float64) - edits.targets) / 255).sum(-1)
    return np.sqrt((squares * weights).sum((1, 2)) / total)


def ranked(errors: np.ndarray, images: np.ndarray, most: int = CANDIDATES, apart: float = LEAST_APART) -> np.ndarray:
    """Indices of the best ``most`` images (n, H, W, C) uint8 by their errors (n,), best first, ties in order.

    One that differs from a better one by less than ``apart`` (root mean square, of the full range) is left out, and so
    is one whose error is no number.
    """
    flat = images.reshape(len(images), -1).astype(np.float32) / 255
    found: list[int] = []
    for index in np.argsort(errors, kind="stable"):
        if len(found) == most:
            break
        distances = np.sqrt(np.square(flat[found] - flat[index]).mean(1))
        if np.isfinite(errors[index]) and (distances >= apart).all():
            found.append(int(index))
    return np.array(found, int)
