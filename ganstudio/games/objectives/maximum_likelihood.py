"""The maximum-likelihood game: with the optimal D, G descends KL(p_data ‖ p_g)."""

import torch
from torch import Tensor

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective
from ganstudio.games.objectives.non_saturating import (
    cross_entropy,
    cross_entropy_equilibrium,
    cross_entropy_gradients,
)


class MaximumLikelihood(Objective):
    """J_G = −E exp(logit): exp(logit) = D/(1 − D) is the optimal D's estimate of p_data/p_g.

    Nothing is clamped. The few samples that D finds most real carry nearly all of the gradient, and in float32 a logit
    above 88 makes the loss infinite: that is the objective's own weakness, and the run then stops and says so.
    """

    kind = "maximum-likelihood"
    title = "Maximum likelihood"
    description = "G maximises D/(1 − D): its most convincing samples carry nearly all of the gradient."
    formula = "J_D = −E log D(x) − E log(1 − D(G(z)))    J_G = −E exp(logit D(G(z)))"
    source = "Goodfellow 2016 (NIPS tutorial), section 3.2.4, twice its value"

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        return cross_entropy(real, fake, real_target)

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return -fake.exp().mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        d_real, d_fake = cross_entropy_gradients(real, fake, real_target)
        return LogitGradients(d_real, d_fake, torch.zeros_like(real), -fake.exp() / fake.numel())

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        loss, best = cross_entropy_equilibrium(real_target)
        return Equilibrium(loss, -best / (1 - best), best)
