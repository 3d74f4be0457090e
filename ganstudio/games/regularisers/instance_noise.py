"""Instance noise (Sønderby et al. 2017, section 3.5; Arjovsky & Bottou 2017, section 3)."""

import torch
from torch import Tensor

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Regulariser


class InstanceNoise(Regulariser):
    """D sees x + σ_t·ε, ε ~ N(0, I), of real and fake samples alike: their distributions then overlap everywhere.

    σ_t = σ · max(0, 1 − t/decay) after t steps; a decay of 0 steps keeps σ.
    """

    kind = "instance-noise"
    title = "Instance noise"
    description = "Gaussian noise on everything that D sees, fading out linearly."

    class Config(ComponentConfig):
        sigma: float = param(
            0.0, "σ", "Standard deviation at step 0, where samples lie in [−1, 1]; 0 is off.", live=True, ge=0, le=10
        )
        decay_steps: int = param(
            0, "Decay", "The noise fades to nothing over this many steps; 0 keeps it.", unit="steps", live=True, ge=0
        )

    @property
    def active(self) -> bool:
        return self.config.sigma > 0

    def sigma(self, step: int) -> float:
        """σ_t after ``step`` steps."""
        decay = self.config.decay_steps
        return self.config.sigma * (max(0.0, 1 - step / decay) if decay else 1.0)

    def discriminator_input(self, x: Tensor, step: int, generator: torch.Generator) -> Tensor:
        sigma = self.sigma(step)
        return x + torch.empty_like(x).normal_(0, sigma, generator=generator) if sigma else x
