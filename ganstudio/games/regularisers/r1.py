"""R1: a penalty on D's slope at real samples (Mescheder, Geiger & Nowozin 2018, section 4.1, equation 9)."""

import torch
from torch import Tensor, nn

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.games.regularisers.base import Regulariser
from ganstudio.networks.stack import Stack


def input_gradients(discriminator: nn.Module, x: Tensor) -> Tensor:
    """(N, numbers of a sample): ∂D(x)/∂x of each sample, itself differentiable with respect to D's weights.

    One sum over the batch serves for all samples because no logit depends on another sample.
    """
    if isinstance(discriminator, Stack) and discriminator.training:
        return discriminator.input_gradients(x.detach())
    with torch.enable_grad():
        x = x.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(discriminator(x).sum(), x, create_graph=True)
    return gradient.flatten(1)


class R1(Regulariser):
    """γ/2 · E ‖∇D(x)‖² over what D was shown of the real samples. Some code drops the ½: its γ is half of this one."""

    kind = "r1"
    title = "R1 penalty"
    description = "γ/2 · E ‖∇D(x)‖² on real samples: D flattens where the data are, and the game comes to rest."
    needs_uncoupled_batch = True

    class Config(ComponentConfig):
        gamma: float = param(0.0, "γ", "Strength; 0 is off. 0.1 suits points, 1 to 10 images.", live=True, ge=0, le=1e4)

    @property
    def active(self) -> bool:
        return self.config.gamma > 0

    def penalty(self, discriminator: nn.Module, real: Tensor, fake: Tensor, generator: torch.Generator) -> Tensor:
        return self.config.gamma / 2 * input_gradients(discriminator, real).square().sum(1).mean()
