"""Mixtures of Gaussians in the plane that the GAN literature judges mode coverage by."""

import numpy as np

from ganstudio.data.densities.density import Density
from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.points import PointsSource
from ganstudio.experiment.component import ComponentConfig, param


class Ring(PointsSource):
    """Gaussians evenly spaced on a circle; their angles stop short of 2π, so that all are distinct modes."""

    kind = "ring"
    title = "Ring"
    description = "Narrow Gaussians on a circle, eight as usual, of which G may miss some."

    class Config(ComponentConfig):
        count: int = param(8, "Modes", "Gaussians on the circle.", ge=1, le=64)
        radius: float = param(2.0, "Radius", "Of the circle.", gt=0, le=100)
        sigma: float = param(0.02, "σ", "Standard deviation of each Gaussian, along each axis.", gt=0, le=10)

    def density(self) -> Density:
        angles = np.arange(self.config.count) * 2 * np.pi / self.config.count
        centres = self.config.radius * np.stack([np.cos(angles), np.sin(angles)], 1)
        return Mixture(centres, self.config.sigma)


class Grid(PointsSource):
    """Gaussians on a square grid, centred on the origin."""

    kind = "grid"
    title = "Grid"
    description = "Gaussians on a square grid, twenty-five as usual."

    class Config(ComponentConfig):
        side: int = param(5, "Side", "Gaussians along each side.", ge=1, le=16)
        spacing: float = param(1.0, "Spacing", "Distance between neighbours.", gt=0, le=100)
        sigma: float = param(0.05, "σ", "Standard deviation of each Gaussian, along each axis.", gt=0, le=10)

    def density(self) -> Density:
        ticks = (np.arange(self.config.side) - (self.config.side - 1) / 2) * self.config.spacing
        centres = np.stack(np.meshgrid(ticks, ticks, indexing="ij"), -1).reshape(-1, 2)
        return Mixture(centres, self.config.sigma)
