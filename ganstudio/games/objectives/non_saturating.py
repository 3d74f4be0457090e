"""The non-saturating game: G maximises log D(G(z)) instead of minimising log(1 − D(G(z)))."""

from math import log

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective


def cross_entropy(real: Tensor, fake: Tensor, real_target: float) -> Tensor:
    """−E[α log D(x) + (1 − α) log(1 − D(x))] − E[log(1 − D(G(z)))], with D = sigmoid(logit) and α the real target."""
    return real_target * softplus(-real).mean() + (1 - real_target) * softplus(real).mean() + softplus(fake).mean()


def cross_entropy_gradients(real: Tensor, fake: Tensor, real_target: float) -> tuple[Tensor, Tensor]:
    """∂J_D/∂logit = (D(x) − α)/n on real samples, D(G(z))/n on fake ones."""
    return (real.sigmoid() - real_target) / real.numel(), fake.sigmoid() / fake.numel()


def cross_entropy_equilibrium(real_target: float) -> tuple[float, float]:
    """(J_D, D) at p_g = p_data, where D* = α/2: with α = 1 they are 2 log 2 and ½."""
    best = real_target / 2
    return -(real_target * log(best) + (2 - real_target) * log(1 - best)), best


class NonSaturating(Objective):
    """J_D as in the minimax game; J_G = −E log D(G(z)), whose gradient is largest where D rejects the sample."""

    kind = "non-saturating"
    title = "Non-saturating"
    description = "G maximises log D(G(z)): a strong gradient even where D rejects its samples."
    formula = "J_D = −E log D(x) − E log(1 − D(G(z)))    J_G = −E log D(G(z))"
    source = "Goodfellow et al. 2014, section 3, last paragraph"

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        return cross_entropy(real, fake, real_target)

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return softplus(-fake).mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        d_real, d_fake = cross_entropy_gradients(real, fake, real_target)
        return LogitGradients(d_real, d_fake, torch.zeros_like(real), (fake.sigmoid() - 1) / fake.numel())

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        loss, best = cross_entropy_equilibrium(real_target)
        return Equilibrium(loss, -log(best), best)
