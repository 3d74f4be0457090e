"""The prior of z, G's input."""

from math import inf, pi, sqrt
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment.component import Component, ComponentConfig, param


class Noise(Component):
    """A distribution of z that an experiment can name."""

    room: ClassVar[str] = "noise"

    class Config(ComponentConfig):
        dim: int = param(100, "Dimension of z", "How many numbers G is fed.", ge=1, le=4096)

    @property
    def std(self) -> float:
        """Standard deviation of each number of z, whose mean is 0."""
        return 1.0

    @property
    def limit(self) -> float:
        """No number of z lies further from 0; infinity when there is no such limit."""
        return inf

    def draw(self, count: int, generator: torch.Generator) -> Tensor:
        """(count, dim) float32 on the generator's device."""
        raise NotImplementedError

    def quantile(self, share: np.ndarray) -> np.ndarray:
        """float64, as ``share`` in (0, 1): below which value one number of z lies with this probability."""
        raise NotImplementedError

    def density(self, z: np.ndarray) -> np.ndarray:
        """float64, as ``z``: the probability density of one number of z."""
        raise NotImplementedError


class Normal(Noise):
    """z ~ N(0, I)."""

    kind = "normal"
    title = "Normal"
    description = "Independent standard normal numbers."

    def draw(self, count: int, generator: torch.Generator) -> Tensor:
        return torch.randn(count, self.config.dim, generator=generator, device=generator.device)

    def quantile(self, share: np.ndarray) -> np.ndarray:
        return torch.special.ndtri(torch.from_numpy(np.asarray(share, np.float64))).numpy()

    def density(self, z: np.ndarray) -> np.ndarray:
        return np.exp(-0.5 * np.square(z)) / sqrt(2 * pi)


class Uniform(Noise):
    """z ~ U(−w, w), independently."""

    kind = "uniform"
    title = "Uniform"
    description = "Independent numbers between −w and w; w = √3 has unit variance (the 2014 code), w = 1 is DCGAN's."

    class Config(Noise.Config):
        half_width: float = param(sqrt(3), "Half width w", "z lies between −w and w.", live=True, gt=0, le=100)

    @property
    def std(self) -> float:
        return self.config.half_width / sqrt(3)

    @property
    def limit(self) -> float:
        return self.config.half_width

    def draw(self, count: int, generator: torch.Generator) -> Tensor:
        z = torch.rand(count, self.config.dim, generator=generator, device=generator.device)
        return z.mul_(2 * self.config.half_width).sub_(self.config.half_width)

    def quantile(self, share: np.ndarray) -> np.ndarray:
        return (2 * np.asarray(share, np.float64) - 1) * self.config.half_width

    def density(self, z: np.ndarray) -> np.ndarray:
        return np.where(np.abs(z) <= self.config.half_width, 1 / (2 * self.config.half_width), 0.0)
