"""Inversion: the z whose sample G(z) comes closest to a given picture or point. What is asked and what is answered.

Pure values and arithmetic; the search itself stands in ``inversion_study``.
"""

from dataclasses import dataclass, field
from math import inf, log10
from typing import Literal

import numpy as np

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Study

Fit = Literal["crop", "pad", "stretch"]
"""How a picture of another shape is brought to G's: its centre, the whole of it with bars, or stretched."""
FITS: tuple[Fit, ...] = ("crop", "pad", "stretch")
LIKELY = 1e-4
"""Usual weight of the prior: a hundredth in the root mean square of z counts as a ten-thousandth in that of pixels."""
SCALES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Ends of a residual's colour scale, in pixels' range of 0…1."""
WITHIN = 99.5
"""Per cent of a residual's pixels that lie on its scale; what is further out gets the colour of the end."""


@dataclass(frozen=True)
class PictureFile:
    """An image file of any size."""

    path: str


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels from elsewhere: the clipboard, a grid."""

    pixels: np.ndarray
    """(H, W, C) uint8 of 1 or 3 channels, of any size."""


@dataclass(frozen=True)
class RealSample:
    """One of the real samples, drawn by a seed; of those that are never trained on, where there are any."""

    seed: int


@dataclass(frozen=True, eq=False)
class OwnSample:
    """What G itself makes of a z: the search should find it again."""

    z: np.ndarray
    """(dim,) float32."""


@dataclass(frozen=True)
class PointTarget:
    """A point, for generators of points."""

    values: tuple[float, ...]


Subject = PictureFile | Picture | RealSample | OwnSample | PointTarget


@dataclass(frozen=True, eq=False)
class Invert(Study):
    """Search the z of a subject. Answered by ``Projection``, each time closer.

    Minimised is the mean squared error of the pixels, in their range of 0…1, plus ``likely`` times the mean square of
    z in the prior's standard deviations; for a uniform prior z stays in its box instead.
    """

    subject: Subject
    fit: Fit = "crop"
    background: tuple[int, int, int] = (255, 255, 255)
    """RGB behind transparent pixels and of the bars beside a padded picture."""
    negative: bool = False
    """Whether a picture's bright and dark are exchanged: ink on paper for a G of white digits on black."""
    likely: float = LIKELY
    """≥ 0. The larger, the more z looks like one that was drawn."""
    seed: int = 0
    """Of the starts."""
    starts: tuple[np.ndarray, ...] = field(default=())
    """z (dim,) float32 to start from as well: what an earlier search has found."""
    seconds: float = 5.0
    """The search ends after so long at the latest, if need be before it has converged."""
    encoder: str = ""
    """File of an encoder, for when none is kept; empty for none."""


@dataclass(frozen=True, eq=False)
class Projection:
    """The closest sample so far."""

    target: np.ndarray
    """(H, W, C) uint8, as G could have made it; (D,) float64 of a point."""
    words: str
    """What the target is, in a few words: ``held-out image 371``."""
    z: np.ndarray | None = None
    """(dim,) float32; None while nothing has been tried."""
    sample: np.ndarray | None = None
    """G(z): (H, W, C) uint8, or (D,) float32."""
    mse: float = inf
    """Mean squared error: of G(z) before it is rounded, pixels in 0…1."""
    errors: tuple[tuple[float, float], ...] = ()
    """(seconds of search, mean squared error of the best z by then), from the first on."""
    method: str = ""
    """What it is doing: ``12 starts, Adam``."""
    encoder_mse: float | None = None
    """Error of the encoder's own guess; None without an encoder."""
    encoder_words: str = ""
    """Which encoder gave a start, or why none did, in a sentence."""


def psnr(mse: float) -> float:
    """Peak signal-to-noise ratio in dB of a mean squared error of pixels in 0…1: 10 log₁₀(1 / MSE); +∞ for none."""
    return -10 * log10(mse) if mse > 0 else inf


def residual(target: np.ndarray, sample: np.ndarray, signed: bool) -> np.ndarray:
    """(H, W) float64: sample − target in −1…1, averaged over colours; unsigned, the mean of their absolute values.

    Both are (H, W, C) uint8.
    """
    difference = (sample.astype(np.float64) - target) / 255
    return (difference if signed else np.abs(difference)).mean(2)


def scale_of(values: np.ndarray) -> float:
    """The least of ``SCALES`` that holds nearly all of a residual."""
    reach = float(np.percentile(np.abs(values), WITHIN))
    return next((scale for scale in SCALES if reach <= scale * (1 + 1e-9)), SCALES[-1])


def point(text: str, dim: int | None = None) -> tuple[float, ...]:
    """``0.5, −1.2`` → numbers. Raises ``StudioError`` for anything else, or other than ``dim`` of them."""
    parts = text.replace("−", "-").replace(";", " ").replace(",", " ").replace("(", " ").replace(")", " ").split()
    try:
        values = tuple(float(part) for part in parts)
    except ValueError:
        raise StudioError("write its coordinates as numbers, for instance 0.5, −1.2", "point") from None
    if not values or not all(abs(value) < inf for value in values):
        raise StudioError("write its coordinates as finite numbers, for instance 0.5, −1.2", "point")
    if dim is not None and len(values) != dim:
        raise StudioError(f"G makes points of {dim} coordinates (these are {len(values)})", "point")
    return values
