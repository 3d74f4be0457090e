"""Mirroring of real images, left to right."""

import torch
from torch import Tensor

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Augmentation


class Flip(Augmentation):
    """Each real image is mirrored with the given probability; G then learns to make both kinds."""

    kind = "flip"
    title = "Mirror"
    description = "Mirrors real images left to right: twice the data where left and right mean the same."
    needs_images = True

    class Config(ComponentConfig):
        probability: float = param(
            0.0, "Probability", "Share of images that are mirrored; 0 is off, ½ is usual.", live=True, ge=0, le=1
        )

    @property
    def active(self) -> bool:
        return self.config.probability > 0

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        chosen = torch.rand(len(x), 1, 1, 1, generator=generator, device=x.device) < self.config.probability
        return torch.where(chosen, x.flip(3), x)
