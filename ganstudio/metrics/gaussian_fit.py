"""One Gaussian q for a mixture p, as near as it can be by three measures: where each of them puts its mass.

* forward KL(p ‖ q), that is maximum likelihood: E_p log p/q. Dear where p has mass and q has none: q covers all modes.
* reverse KL(q ‖ p): E_q log q/p. Dear where q has mass and p has none: q keeps to one mode.
* JS(p ‖ q): half of each, measured against their average (Goodfellow et al. 2014, equation 5).

Goodfellow 2016 (NIPS tutorial), section 3.2.5 and figure 14; Theis et al. 2016, figure 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import e, log, pi
from typing import Literal

import numpy as np

from ganstudio.metrics.line_mixture import LineMixture, log_normal
from ganstudio.metrics.minimax import nodes

Measure = Literal["forward", "reverse", "js"]

STANDARD = np.linspace(-8.0, 8.0, 257)
"""Places at which expectations over a Gaussian are taken, in its σ."""
WEIGHTS = np.exp(log_normal(STANDARD, 0.0, 1.0)) * (STANDARD[1] - STANDARD[0])
FINE = 7.0
"""Nodes in a σ for expectations over the mixture."""
COARSE = (33, 17)
"""Means and standard deviations that are tried first."""
BASINS = 2
"""So many of the best places of that grid are followed to their minimum."""
ROUNDS, SHRINK = 16, 0.45
SAME = 1e-10
"""Divergences that differ by less are alike: of mirrored optima the left one is taken."""


@dataclass(frozen=True)
class Fit:
    """The Gaussian that is nearest by one measure."""

    mean: float
    sigma: float
    divergence: float
    """In nats, at least 0."""


def fit(p: LineMixture, measure: Measure) -> Fit:
    """The nearest Gaussian. Forward KL by the moments of ``p``, exactly; the others by a search, the same each time."""
    if measure == "forward":
        return Fit(p.mean, p.sigma, float(forward(p, p.mean, p.sigma)))
    return _search(p, reverse if measure == "reverse" else js)


def forward(p: LineMixture, mean: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    """KL(p ‖ N(mean, sigma²)) in nats, broadcast over ``mean`` and ``sigma``."""
    x, width = nodes(p, fine=FINE)
    of_p = p.log_density(x)
    entropy = -float(np.exp(of_p) @ of_p) * width
    square = (p.sigma**2 + (p.mean - np.asarray(mean)) ** 2) / np.square(sigma)
    return 0.5 * square + np.log(sigma) + 0.5 * log(2 * pi) - entropy


def reverse(p: LineMixture, mean: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    """KL(N(mean, sigma²) ‖ p) in nats, broadcast over ``mean`` and ``sigma``."""
    return -np.log(sigma) - 0.5 * log(2 * pi * e) - p.log_density(_places(mean, sigma)) @ WEIGHTS


def js(p: LineMixture, mean: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    """JSD(p ‖ N(mean, sigma²)) in nats, broadcast over ``mean`` and ``sigma``."""
    mean, sigma = np.asarray(mean, np.float64), np.asarray(sigma, np.float64)
    x, width = nodes(p, fine=FINE)
    of_p = p.log_density(x)
    over_p = _above_middle(of_p, log_normal(x, mean[..., None], sigma[..., None])) @ np.exp(of_p) * width
    places = _places(mean, sigma)
    of_q = log_normal(STANDARD, 0.0, 1.0) - np.log(sigma)[..., None]
    return 0.5 * (over_p + _above_middle(of_q, p.log_density(places)) @ WEIGHTS)


def _above_middle(log_one: np.ndarray, log_other: np.ndarray) -> np.ndarray:
    """log of one density over the average of both."""
    return log(2) - np.logaddexp(0, log_other - log_one)


def _places(mean: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    return np.asarray(mean, np.float64)[..., None] + np.asarray(sigma, np.float64)[..., None] * STANDARD


def _search(p: LineMixture, measure: Callable[..., np.ndarray]) -> Fit:
    """A grid over (μ, log σ), and from its best local minima ever finer grids around the best place."""
    means = np.linspace(min(p.means), max(p.means), COARSE[0])
    logs = np.linspace(log(0.5 * min(p.sigmas)), log(1.3 * p.sigma), COARSE[1])
    values = measure(p, means[:, None], np.exp(logs)[None, :])
    steps = np.array([max(means[1] - means[0], 0.1 * min(p.sigmas)), logs[1] - logs[0]])
    found = [
        _descend(p, measure, np.array([means[row], logs[column]]), steps) for row, column in _minima(values)[:BASINS]
    ]
    least = min(one.divergence for one in found)
    return min((one for one in found if one.divergence <= least + SAME), key=lambda one: one.mean)


def _minima(values: np.ndarray) -> list[tuple[int, int]]:
    """Places no higher than their neighbours, the lowest first."""
    padded = np.pad(values, 1, constant_values=np.inf)
    rows, columns = values.shape
    around = [padded[i : i + rows, j : j + columns] for i in range(3) for j in range(3)]
    lowest = np.argwhere(values <= np.min(around, axis=0))
    return sorted(((int(i), int(j)) for i, j in lowest), key=lambda at: float(values[at]))


def _descend(p: LineMixture, measure: Callable[..., np.ndarray], at: np.ndarray, steps: np.ndarray) -> Fit:
    offsets = np.linspace(-1, 1, 5)
    for _ in range(ROUNDS):
        means, logs = at[0] + steps[0] * offsets, at[1] + steps[1] * offsets
        values = measure(p, means[:, None], np.exp(logs)[None, :])
        row, column = np.unravel_index(int(values.argmin()), values.shape)
        at = np.array([means[row], logs[column]])
        steps = steps * SHRINK
    return Fit(float(at[0]), float(np.exp(at[1])), float(values.min()))
