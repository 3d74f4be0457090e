"""The skew-normal distribution (Azzalini 1985, A class of distributions which includes the normal ones)."""

from math import log, pi, sqrt

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.densities.density import Belonging, Density
from ganstudio.data.densities.levels import Levels

TABLE = 4001
"""Places at which the density is tabulated, for its mode and its levels."""
REACH = 6.0
"""The table spans so many ω around ξ."""
NEGLIGIBLE = 1e-4
"""What is lower than so much of the peak is not shown."""


class SkewNormal(Density):
    """2/ω · φ(z) · Φ(αz) with z = (x − ξ)/ω: a bell curve that leans to one side (equation 1 of the paper).

    It has one mode; distances from it are those of ``Histogram``.
    """

    dim = 1

    def __init__(self, location: float, scale: float, skewness: float):
        """ξ, ω > 0 and α; α = 0 is the normal distribution N(ξ, ω²)."""
        self.location, self.scale, self.skewness = location, scale, skewness
        table = location + scale * np.linspace(-REACH, REACH, TABLE)
        heights = self.density(table[:, None])
        shown = table[heights > NEGLIGIBLE * heights.max()]
        self.extent = ((float(shown[0]), float(shown[-1])),)
        self.modes = table[heights.argmax()].reshape(1, 1)
        self._levels = Levels(heights, heights / heights.sum())

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """δ|u| + √(1 − δ²)·v with δ = α/√(1 + α²), u and v standard normal (Henze 1986, theorem 1)."""
        delta = self.skewness / sqrt(1 + self.skewness**2)
        u, v = torch.randn(2, count, 1, generator=generator)
        return self.location + self.scale * (delta * u.abs() + sqrt(1 - delta**2) * v)

    def log_density(self, x: np.ndarray) -> np.ndarray:
        z = (np.asarray(x, np.float64).reshape(-1) - self.location) / self.scale
        tail = torch.special.log_ndtr(torch.from_numpy(self.skewness * z)).numpy()
        return log(2 / self.scale) - 0.5 * log(2 * pi) - 0.5 * z**2 + tail

    def belonging(self, x: np.ndarray) -> Belonging:
        return Belonging(np.zeros(len(x), np.int64), self._levels.sigmas(self.density(x), 1))
