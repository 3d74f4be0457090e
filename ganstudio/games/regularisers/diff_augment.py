"""Differentiable augmentation of everything D sees (Zhao et al. 2020, DiffAugment, section 3.2 and appendix)."""

import torch
from torch import Tensor

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Regulariser
from ganstudio.games.regularisers.shift import random_shifts, shifted


class DiffAugment(Regulariser):
    """Real and fake images are changed at random before D sees them, in both players' updates.

    G learns through the change, and so does not learn to imitate it: D cannot memorise a small data set, yet samples
    stay clean. What is moved out of the picture or cut out is 0, mid-grey, as in the paper's code.
    """

    kind = "diff-augment"
    title = "DiffAugment"
    description = "Random colours, shifts and cutouts on all that D sees; for data sets of a few thousand or fewer."
    needs_images = True

    class Config(ComponentConfig):
        colour: float = param(
            0.0, "Colour", "Brightness, saturation and contrast; 0 is off, 1 is the paper's.", live=True, ge=0, le=1
        )
        translation: float = param(
            0.0, "Translation", "Largest shift, in sides; 0 is off, ⅛ is the paper's.", live=True, ge=0, le=0.5
        )
        cutout: float = param(
            0.0, "Cutout", "Side of the square cut out, in sides; 0 is off, ½ is the paper's.", live=True, ge=0, le=1
        )

    @property
    def active(self) -> bool:
        return any(strength > 0 for strength in (self.config.colour, self.config.translation, self.config.cutout))

    def discriminator_input(self, x: Tensor, step: int, generator: torch.Generator) -> Tensor:
        if self.config.colour:
            x = recoloured(x, self.config.colour, generator)
        if self.config.translation:
            x = translated(x, self.config.translation, generator)
        if self.config.cutout:
            x = cut_out(x, self.config.cutout, generator)
        return x


def recoloured(x: Tensor, strength: float, generator: torch.Generator) -> Tensor:
    """Brightness + s·U(−½, ½); saturation · (1 + s·U(−1, 1)); contrast · (1 + s·U(−½, ½)), for each image."""
    draws = torch.rand(3, len(x), 1, 1, 1, generator=generator, device=x.device).to(x.dtype)
    brightness, saturation, contrast = (2 * draws - 1) * strength
    x = x + brightness / 2
    if x.shape[1] > 1:
        grey = x.mean(1, keepdim=True)
        x = torch.lerp(grey, x, 1 + saturation)
    mean = x.mean((1, 2, 3), keepdim=True)
    return torch.lerp(mean, x, 1 + contrast / 2)


def translated(x: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Each image moved by up to ``share`` of its sides along both axes, 0 moving in."""
    height, width = x.shape[2:]
    down = random_shifts(len(x), round(height * share), generator, x.device)
    right = random_shifts(len(x), round(width * share), generator, x.device)
    row, column = _positions(x)
    from_row, from_column = row - down.view(-1, 1, 1, 1), column - right.view(-1, 1, 1, 1)
    inside = (from_row >= 0) & (from_row < height) & (from_column >= 0) & (from_column < width)
    return shifted(x, down, right) * inside


def cut_out(x: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """A rectangle of ``share`` of the sides, centred anywhere in the image, set to 0."""
    height, width = x.shape[2:]
    high, wide = round(height * share), round(width * share)
    corner = {"generator": generator, "device": x.device}
    # An even side has its centre between pixels, where there is one place more, the borders included.
    top = torch.randint(0, height + 1 - high % 2, (len(x), 1, 1, 1), **corner) - high // 2
    left = torch.randint(0, width + 1 - wide % 2, (len(x), 1, 1, 1), **corner) - wide // 2
    row, column = _positions(x)
    inside = (row >= top) & (row < top + high) & (column >= left) & (column < left + wide)
    return x * ~inside


def _positions(x: Tensor) -> tuple[Tensor, Tensor]:
    """Row (H, 1) and column (W,) of each pixel."""
    height, width = x.shape[2:]
    return torch.arange(height, device=x.device)[:, None], torch.arange(width, device=x.device)
