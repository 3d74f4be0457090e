"""The minimax game, as theory has it: G minimises what D maximises."""

from math import log

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective
from ganstudio.games.objectives.non_saturating import (
    cross_entropy,
    cross_entropy_equilibrium,
    cross_entropy_gradients,
)


class Saturating(Objective):
    """J_G = E log(1 − D(G(z))): the game with the value V(G, D), whose gradient fades where D rejects the sample."""

    kind = "saturating"
    title = "Saturating (minimax)"
    description = "G minimises log(1 − D(G(z))): hardly any gradient where D rejects its samples."
    formula = "J_D = −E log D(x) − E log(1 − D(G(z)))    J_G = E log(1 − D(G(z)))"
    source = "Goodfellow et al. 2014, section 3, equation 1"

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        return cross_entropy(real, fake, real_target)

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return -softplus(fake).mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        d_real, d_fake = cross_entropy_gradients(real, fake, real_target)
        return LogitGradients(d_real, d_fake, torch.zeros_like(real), -fake.sigmoid() / fake.numel())

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        loss, best = cross_entropy_equilibrium(real_target)
        return Equilibrium(loss, log(1 - best), best)
