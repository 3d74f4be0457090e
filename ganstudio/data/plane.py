"""Gaussians in the plane, arranged as the GAN literature and GAN Lab arrange them."""

from math import tau

import numpy as np
from pydantic import field_validator

from ganstudio.data.densities.density import Density
from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.densities.pinwheel import Pinwheel
from ganstudio.data.number_line import FURTHEST, LEAST, MOST_COMPONENTS
from ganstudio.data.points import PointsSource
from ganstudio.experiment.component import ComponentConfig, param


class Ring(PointsSource):
    """Gaussians evenly spaced on a circle; their angles stop short of 2π, so that all are distinct modes."""

    kind = "ring"
    title = "Ring of Gaussians"
    description = "Narrow Gaussians on a circle, eight as usual, of which G may miss some."

    class Config(ComponentConfig):
        count: int = param(8, "Modes", "Gaussians on the circle.", ge=1, le=64)
        radius: float = param(2.0, "Radius", "Of the circle.", gt=0, le=100)
        sigma: float = param(0.02, "σ", "Standard deviation of each Gaussian, along each axis.", ge=LEAST, le=10)

    def density(self) -> Density:
        angles = np.arange(self.config.count) * tau / self.config.count
        centres = self.config.radius * np.stack([np.cos(angles), np.sin(angles)], 1)
        return Mixture(centres, self.config.sigma)


class Grid(PointsSource):
    """Gaussians on a square grid, centred on the origin."""

    kind = "grid"
    title = "Grid of Gaussians"
    description = "Narrow Gaussians on a square grid, twenty-five as usual."

    class Config(ComponentConfig):
        side: int = param(5, "Side", "Gaussians along each side.", ge=1, le=16)
        spacing: float = param(1.0, "Spacing", "Distance between neighbours.", gt=0, le=100)
        sigma: float = param(0.05, "σ", "Standard deviation of each Gaussian, along each axis.", ge=LEAST, le=10)

    def density(self) -> Density:
        ticks = (np.arange(self.config.side) - (self.config.side - 1) / 2) * self.config.spacing
        centres = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), -1).reshape(-1, 2)
        return Mixture(centres, self.config.sigma)


class TwoGaussians(PointsSource):
    """Two Gaussians whose breadths along x and y may differ; by default GAN Lab's, its unit square stretched to ±1."""

    kind = "two-gaussians"
    title = "Two Gaussians"
    description = "A round Gaussian and a long one, as GAN Lab has them."

    class Config(ComponentConfig):
        first: list[float] = param([-0.4, 0.4, 0.2, 0.2], "First", "x and y of its centre, then σ along x and along y.")
        second: list[float] = param(
            [0.4, -0.2, 0.1, 0.4], "Second", "x and y of its centre, then σ along x and along y."
        )
        share: float = param(0.5, "Share of the first", "Of all points; the second has the rest.", gt=0, lt=1)

        @field_validator("first", "second")
        @classmethod
        def _centre_and_breadth(cls, values: list[float]) -> list[float]:
            if len(values) != 4 or max(map(abs, values)) > FURTHEST or min(values[2:]) < LEAST:
                raise ValueError(
                    f"must be four numbers from −{FURTHEST} to {FURTHEST}: x, y, σ along x, σ along y, "
                    f"both σ at least {LEAST}"
                )
            return values

    def density(self) -> Density:
        both = np.array([self.config.first, self.config.second])
        return Mixture(both[:, :2], both[:, 2:], np.array([self.config.share, 1 - self.config.share]))


class Disjoint(PointsSource):
    """Narrow Gaussians wherever one wants them; by default GAN Lab's three, its unit square stretched to ±1."""

    kind = "disjoint"
    title = "Disjoint Gaussians"
    description = "Three narrow Gaussians far from each other, as GAN Lab has them, or as many as you like."

    class Config(ComponentConfig):
        centres: list[float] = param(
            [-0.3, 0.5, 0.5, 0.2, -0.1, -0.3], "Centres", "x and y of each Gaussian in turn: three have six numbers."
        )
        sigma: float = param(0.05, "σ", "Standard deviation of each Gaussian, along each axis.", ge=LEAST, le=10)

        @field_validator("centres")
        @classmethod
        def _pairs(cls, values: list[float]) -> list[float]:
            if not values or len(values) % 2 or len(values) > 2 * MOST_COMPONENTS or max(map(abs, values)) > FURTHEST:
                raise ValueError(
                    f"must be 1 to {MOST_COMPONENTS} pairs of numbers from −{FURTHEST} to {FURTHEST}: x, y, x, y, …"
                )
            return values

    def density(self) -> Density:
        return Mixture(np.array(self.config.centres).reshape(-1, 2), self.config.sigma)


class PinwheelPlane(PointsSource):
    """Elongated Gaussians twisted into arms (``densities.pinwheel``)."""

    kind = "pinwheel"
    title = "Pinwheel"
    description = "Long Gaussians around the origin, twisted into arms."

    class Config(ComponentConfig):
        arms: int = param(5, "Arms", "How many.", ge=1, le=16)
        radius: float = param(1.2, "Radius", "Distance of the arms' middles from the origin.", gt=0, le=100)
        radial: float = param(0.35, "σ along", "Standard deviation along an arm, before the twist.", ge=LEAST, le=10)
        tangential: float = param(
            0.08, "σ across", "Standard deviation across an arm, before the twist.", ge=LEAST, le=10
        )
        twist: float = param(
            1.0, "Twist", "How far a point is turned for each unit of its distance from the origin.",
            unit="radians", ge=-20, le=20,
        )  # fmt: skip

    def density(self) -> Density:
        c = self.config
        return Pinwheel(c.arms, c.radius, c.radial, c.tangential, c.twist)
