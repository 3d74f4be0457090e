"""Densities on the number line: data for the picture in which Goodfellow et al. 2014 explain the game (figure 1)."""

import numpy as np
from pydantic import field_validator

from ganstudio.data.densities.density import Density
from ganstudio.data.densities.histogram import Histogram
from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.densities.skew_normal import SkewNormal
from ganstudio.data.points import PointsSource
from ganstudio.experiment.component import ComponentConfig, param

MOST_COMPONENTS = 16
FURTHEST = 100
"""Networks see the numbers as they are: far from 0 they learn nothing."""
LEAST = 1e-4
"""Of a breadth: between narrower ends float32 has hardly any numbers."""


class NormalLine(PointsSource):
    """N(μ, σ²)."""

    kind = "normal"
    title = "Normal (1-D)"
    description = "One bell curve on the number line, as in figure 1 of the 2014 paper."

    class Config(ComponentConfig):
        mean: float = param(1.0, "Mean μ", "Where the bell stands.", ge=-FURTHEST, le=FURTHEST)
        sigma: float = param(0.6, "σ", "Standard deviation.", ge=LEAST, le=FURTHEST)

    def density(self) -> Density:
        return Mixture(np.array([[self.config.mean]]), self.config.sigma)


class MixtureLine(PointsSource):
    """Σ wₖ N(μₖ, σₖ²): two bells or three, or more."""

    kind = "mixture"
    title = "Mixture (1-D)"
    description = "Two or more bell curves on the number line, of which G may miss some."

    class Config(ComponentConfig):
        means: list[float] = param([-1.5, 1.5], "Means μ", "Where each bell stands; as many as there are bells.")
        sigmas: list[float] = param(
            [0.4], "σ", "Standard deviation of each bell, in the same order; the last one serves for all that follow."
        )
        weights: list[float] = param(
            [1.0], "Weights", "Relative size of each bell, in the same order; the last one serves for all that follow."
        )

        @field_validator("means")
        @classmethod
        def _some_bells(cls, means: list[float]) -> list[float]:
            if not 1 <= len(means) <= MOST_COMPONENTS or not all(abs(mean) <= FURTHEST for mean in means):
                raise ValueError(f"must be 1 to {MOST_COMPONENTS} numbers from −{FURTHEST} to {FURTHEST}")
            return means

        @field_validator("sigmas", "weights")
        @classmethod
        def _positive(cls, values: list[float]) -> list[float]:
            if not values or not all(LEAST <= value <= FURTHEST for value in values):
                raise ValueError(f"must be numbers from {LEAST} to {FURTHEST}, at least one")
            return values

    def density(self) -> Density:
        means = self.config.means
        sigmas, weights = (lengthened(one, len(means)) for one in (self.config.sigmas, self.config.weights))
        return Mixture(np.array(means)[:, None], sigmas, weights)


class UniformLine(PointsSource):
    """The same density everywhere between two ends."""

    kind = "uniform"
    title = "Uniform (1-D)"
    description = "All numbers of an interval alike."

    class Config(ComponentConfig):
        centre: float = param(0.0, "Centre", "Middle of the interval.", ge=-FURTHEST, le=FURTHEST)
        width: float = param(2.0, "Width", "Of the interval.", ge=LEAST, le=FURTHEST)

    def density(self) -> Density:
        half = self.config.width / 2
        return Histogram(np.ones(1), (self.config.centre - half,), (self.config.centre + half,))


class SkewNormalLine(PointsSource):
    """A bell curve that leans to one side (``densities.skew_normal``)."""

    kind = "skew-normal"
    title = "Skewed (1-D)"
    description = "A bell curve with one steep side and one long tail."

    class Config(ComponentConfig):
        location: float = param(-1.0, "Location ξ", "About where the steep side is.", ge=-FURTHEST, le=FURTHEST)
        scale: float = param(1.5, "Scale ω", "Breadth of the bell.", ge=LEAST, le=FURTHEST)
        skewness: float = param(
            5.0, "Skewness α", "0 is a normal distribution; the further from 0, the steeper; below 0 it leans over.",
            ge=-100, le=100,
        )  # fmt: skip

    def density(self) -> Density:
        return SkewNormal(self.config.location, self.config.scale, self.config.skewness)


def lengthened(values: list[float], count: int) -> np.ndarray:
    """(count,): the values, then the last one again: lists are edited one at a time, so their lengths may differ."""
    return np.array((values + values[-1:] * count)[:count])
