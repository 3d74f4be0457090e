"""Curves in the plane: chains of Gaussians no further than σ from each other, so that their density is exactly known.

The points of a curve are spread evenly over its length, and around it with standard deviation σ in every direction.
With a Gaussian at each σ of the length, the density along the curve is constant to one part in 10⁸: the ripple of such
a sum is 2·exp(−2π²σ²/h²) for a distance of h (Poisson's summation formula).
"""

from collections.abc import Callable, Sequence
from math import ceil, pi, tau

import numpy as np
from pydantic import field_validator

from ganstudio.data.densities.density import Density
from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.number_line import FURTHEST, LEAST
from ganstudio.data.points import PointsSource
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

Curve = Callable[[np.ndarray], np.ndarray]
"""(N,) parameters in 0…1 → (N, 2) points."""
FINE = 4096
"""Straight pieces by which the length of a curve is measured."""
MOST_LINKS = 4096


def chains(curves: Sequence[Curve], sigma: float) -> Mixture:
    """The density of points around several curves, each a mode of its own; all have as many points for their length.

    Raises ``StudioError`` where σ is too small for the curves' length.
    """
    paths = [curve(np.linspace(0, 1, FINE + 1)) for curve in curves]
    along = [np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()]) for path in paths]
    total = sum(float(length[-1]) for length in along)
    if total / sigma > MOST_LINKS:
        needed = total / MOST_LINKS
        raise StudioError(f"is too small for curves of this length; make it {needed:.2g} or more", "data.sigma")
    links = [_links(path, length, sigma) for path, length in zip(paths, along, strict=True)]
    return Mixture(np.concatenate(links), sigma, groups=np.repeat(np.arange(len(links)), [len(one) for one in links]))


def _links(path: np.ndarray, along: np.ndarray, sigma: float) -> np.ndarray:
    """(K, 2) centres at equal distances along a path (N, 2), whose length up to each place is (N,)."""
    closed = np.allclose(path[0], path[-1])  # its two ends are one link
    count = ceil(along[-1] / sigma)
    places = np.linspace(0, along[-1], count + (not closed), endpoint=not closed)
    return np.stack([np.interp(places, along, path[:, axis]) for axis in (0, 1)], 1)


def breadth(sigma: float) -> float:
    """The field that every curve has: σ, of this default."""
    return param(sigma, "σ", "Standard deviation of the points around the curve.", ge=LEAST, le=10)


class Line(PointsSource):
    """A straight line; by default GAN Lab's, its unit square stretched to ±1."""

    kind = "line"
    title = "Line"
    description = "Points along a straight line, as in GAN Lab."

    class Config(ComponentConfig):
        ends: list[float] = param([0.6, 0.2, -0.9, 0.8], "Ends", "x and y of one end, then of the other.")
        sigma: float = breadth(0.02)

        @field_validator("ends")
        @classmethod
        def _two_places(cls, values: list[float]) -> list[float]:
            if len(values) != 4 or max(map(abs, values)) > FURTHEST or values[:2] == values[2:]:
                raise ValueError(f"must be four numbers from −{FURTHEST} to {FURTHEST}, x, y, x, y, of two places")
            return values

    def density(self) -> Density:
        start, end = np.array(self.config.ends).reshape(2, 2)
        return chains([lambda t: start + t[:, None] * (end - start)], self.config.sigma)


class Circle(PointsSource):
    """A circle or an ellipse; by default GAN Lab's ring, its unit square stretched to ±1, around the origin."""

    kind = "circle"
    title = "Circle"
    description = "Points along a circle or an ellipse, as in GAN Lab's ring."

    class Config(ComponentConfig):
        width: float = param(1.2, "Width", "Of the ellipse.", gt=0, le=FURTHEST)
        height: float = param(1.0, "Height", "Of the ellipse; the width again makes a circle.", gt=0, le=FURTHEST)
        centre: list[float] = param([0.0, 0.0], "Centre", "x and y of the ellipse's middle.")
        sigma: float = breadth(0.05)

        @field_validator("centre")
        @classmethod
        def _one_place(cls, values: list[float]) -> list[float]:
            if len(values) != 2 or max(map(abs, values)) > FURTHEST:
                raise ValueError(f"must be two numbers from −{FURTHEST} to {FURTHEST}: x, y")
            return values

    def density(self) -> Density:
        radii, centre = np.array([self.config.width, self.config.height]) / 2, np.array(self.config.centre)
        return chains([lambda t: centre + radii * polar(np.ones_like(t), tau * t)], self.config.sigma)


class Moons(PointsSource):
    """Two half circles, each with one end in the hollow of the other."""

    kind = "moons"
    title = "Two moons"
    description = "Two half circles that reach into each other."

    class Config(ComponentConfig):
        radius: float = param(1.0, "Radius", "Of each half circle.", gt=0, le=FURTHEST)
        sigma: float = breadth(0.08)

    def density(self) -> Density:
        radius = self.config.radius
        shift = radius * np.array([0.5, 0.25])
        return chains(
            [
                lambda t: radius * polar(np.ones_like(t), pi * t) - shift,
                lambda t: shift - radius * polar(np.ones_like(t), pi * t),
            ],
            self.config.sigma,
        )


class SwissRoll(PointsSource):
    """A spiral whose distance from the origin is in proportion to its angle, from ¾ of a turn on."""

    kind = "swiss-roll"
    title = "Swiss roll"
    description = "One long spiral, the section of a rolled sheet."

    class Config(ComponentConfig):
        turns: float = param(1.5, "Turns", "How often the roll goes round.", gt=0, le=10)
        radius: float = param(2.0, "Radius", "Of the roll's outer end.", gt=0, le=FURTHEST)
        sigma: float = breadth(0.06)

    def density(self) -> Density:
        start, turns, radius = 0.75, self.config.turns, self.config.radius

        def roll(t: np.ndarray) -> np.ndarray:
            angle = start + turns * t
            return polar(radius * angle / (start + turns), tau * angle)

        return chains([roll], self.config.sigma)


class Spiral(PointsSource):
    """Arms that leave the origin in different directions and wind around it."""

    kind = "spiral"
    title = "Spiral"
    description = "Two arms that wind around the origin, or as many as you like."

    class Config(ComponentConfig):
        arms: int = param(2, "Arms", "How many.", ge=1, le=8)
        turns: float = param(1.0, "Turns", "How often each arm goes round.", gt=0, le=10)
        radius: float = param(2.0, "Radius", "Of the arms' outer ends.", gt=0, le=FURTHEST)
        sigma: float = breadth(0.06)

    def density(self) -> Density:
        arms, turns, radius = self.config.arms, self.config.turns, self.config.radius

        def arm(number: int) -> Curve:
            # Near the origin all arms would be one.
            return lambda t: polar(radius * (0.15 + 0.85 * t), tau * (number / arms + turns * t))

        return chains([arm(number) for number in range(arms)], self.config.sigma)


def polar(radius: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """(N, 2) points from (N,) radii and angles in radians."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
