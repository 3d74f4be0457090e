"""The candidate generators of the minimax picture: Gaussians, each with its curve of V(G, D). No Qt."""

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, pi, sqrt

import numpy as np

from ganstudio.metrics.gaussian_fit import fit
from ganstudio.metrics.line_mixture import LineMixture, gaussian
from ganstudio.metrics.minimax import best_value, value

DATA = LineMixture((0.6, 0.4), (-1.2, 1.5), (0.6, 0.8))
"""p_data."""
T = np.linspace(-0.5, 2.5, 121)
"""The discriminators: multiples of the optimal one's logit."""
FARTHEST = 6.0
"""Means lie between minus and plus this."""
SIGMAS = (0.2, 4.0)
MOST = 6
FIRST = ((-1.6, 0.45), (0.5, 1.9), (3.4, 0.9))
"""Means and standard deviations at the beginning."""


@dataclass(frozen=True)
class Game:
    """What one candidate's game looks like."""

    values: np.ndarray
    """V(G, D_t) for each of ``T``."""
    best: float
    """V(G, D*) = −log 4 + 2·JSD."""


@dataclass
class Candidate:
    """A generator whose samples are N(mean, sigma²)."""

    mean: float
    sigma: float
    hue: int
    """Which of ``MOST`` colours it has; its own as long as it lives."""

    @property
    def mixture(self) -> LineMixture:
        return gaussian(self.mean, self.sigma)

    @property
    def peak(self) -> float:
        """The density at the mean."""
        return 1 / (self.sigma * sqrt(2 * pi))

    @property
    def game(self) -> Game:
        return _game(self.mean, self.sigma)


class Candidates:
    """At least one of them and at most ``MOST``; one is selected."""

    def __init__(self) -> None:
        self.all: list[Candidate] = []
        self.selected = 0
        self.reset()

    def reset(self) -> None:
        """The three of the beginning."""
        self.all = [Candidate(mean, sigma, hue) for hue, (mean, sigma) in enumerate(FIRST)]
        self.selected = 0

    @property
    def chosen(self) -> Candidate:
        """The selected one."""
        return self.all[self.selected]

    @property
    def winner(self) -> int:
        """Which is G*: the one whose maximum over D is lowest."""
        return min(range(len(self.all)), key=lambda index: self.all[index].game.best)

    def add(self, mean: float = 0.0, sigma: float = 1.0) -> bool:
        """Add one and select it. Answers False when there are ``MOST``."""
        if len(self.all) >= MOST:
            return False
        hue = min(set(range(MOST)) - {one.hue for one in self.all})
        self.all.append(Candidate(0.0, 1.0, hue))
        self.selected = len(self.all) - 1
        self.place(mean, sigma)
        return True

    def remove(self) -> bool:
        """Remove the selected one. Answers False when it is the last."""
        if len(self.all) <= 1:
            return False
        del self.all[self.selected]
        self.selected = min(self.selected, len(self.all) - 1)
        return True

    def place(self, mean: float | None = None, sigma: float | None = None) -> None:
        """Move the selected one, within the limits."""
        if mean is not None:
            self.chosen.mean = min(FARTHEST, max(-FARTHEST, float(mean)))
        if sigma is not None:
            self.chosen.sigma = min(SIGMAS[1], max(SIGMAS[0], float(sigma)))

    def settle(self) -> None:
        """Make the selected one the Gaussian with the least maximum that there is."""
        best = fit(DATA, "js")
        self.place(best.mean, best.sigma)

    def state(self) -> list[list[float]]:
        """Means, standard deviations and colours, as plain numbers."""
        return [[one.mean, one.sigma, one.hue] for one in self.all]

    def load(self, state: object) -> None:
        """Take up a remembered state; one that does not fit is ignored."""
        if not isinstance(state, list) or not 1 <= len(state) <= MOST:
            return
        found = []
        for one in state:
            if not (isinstance(one, list) and len(one) == 3 and all(_is_number(number) for number in one)):
                return
            found.append(Candidate(float(one[0]), float(one[1]), int(one[2])))
        hues = {one.hue for one in found}
        if len(hues) < len(found) or not hues <= set(range(MOST)):
            return
        self.all = found
        for self.selected in reversed(range(len(found))):
            self.place(self.chosen.mean, self.chosen.sigma)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


@lru_cache(maxsize=64)
def _game(mean: float, sigma: float) -> Game:
    one = gaussian(mean, sigma)
    return Game(value(DATA, one, T), best_value(DATA, one))
