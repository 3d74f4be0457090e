"""The gradient penalty of WGAN-GP (Gulrajani et al. 2017, section 4, equation 3)."""

import torch
from torch import Tensor, nn

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Regulariser
from ganstudio.games.regularisers.r1 import input_gradients


class GradientPenalty(Regulariser):
    """λ · E (‖∇D(x̂)‖ − 1)² with x̂ = εx + (1 − ε)G(z), ε ~ U(0, 1) for each pair: holds the critic's slope near 1."""

    kind = "gradient-penalty"
    title = "Gradient penalty"
    description = "λ · E (‖∇D‖ − 1)² between real and fake samples, which makes a Wasserstein critic honest."
    needs_uncoupled_batch = True

    class Config(ComponentConfig):
        weight: float = param(0.0, "λ", "Strength; 0 is off, 10 is the paper's.", live=True, ge=0, le=1e4)

    @property
    def active(self) -> bool:
        return self.config.weight > 0

    def penalty(self, discriminator: nn.Module, real: Tensor, fake: Tensor, generator: torch.Generator) -> Tensor:
        share = torch.rand(len(real), *[1] * (real.ndim - 1), generator=generator, device=real.device)
        between = torch.lerp(fake, real, share.to(real.dtype))
        slopes = torch.linalg.vector_norm(input_gradients(discriminator, between), dim=1)
        return self.config.weight * (slopes - 1).square().mean()
