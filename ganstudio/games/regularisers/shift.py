"""Random shifts of real images by a few pixels."""

import torch
from torch import Tensor

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Augmentation


def shifted(x: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Images (N, C, H, W), each moved by its own whole number of pixels; what is uncovered repeats the edge.

    ``down`` and ``right`` are (N,) int64, negative for up and left. Differentiable in x.
    """
    count, channels, height, width = x.shape
    rows = (torch.arange(height, device=x.device) - down[:, None]).clamp(0, height - 1)
    columns = (torch.arange(width, device=x.device) - right[:, None]).clamp(0, width - 1)
    source = (rows[:, :, None] * width + columns[:, None, :]).view(count, 1, height * width)
    return x.flatten(2).gather(2, source.expand(-1, channels, -1)).view(x.shape)


def random_shifts(count: int, most: int, generator: torch.Generator, device: torch.device) -> Tensor:
    """(count,) int64, uniform from −most to most."""
    return torch.randint(-most, most + 1, (count,), generator=generator, device=device)


class Shift(Augmentation):
    """Each real image is moved by up to n pixels along both axes; what is uncovered repeats the edge."""

    kind = "shift"
    title = "Shift"
    description = "Moves real images by a few pixels at random, for small data sets."
    needs_images = True

    class Config(ComponentConfig):
        pixels: int = param(
            0, "Largest shift", "Along each axis, either way; 0 is off.", unit="pixels", live=True, ge=0, le=64
        )

    @property
    def active(self) -> bool:
        return self.config.pixels > 0

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        down = random_shifts(len(x), self.config.pixels, generator, x.device)
        right = random_shifts(len(x), self.config.pixels, generator, x.device)
        return shifted(x, down, right)
