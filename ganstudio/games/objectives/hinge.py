"""The hinge game: D cares only for samples within its margin of 1."""

import torch
from torch import Tensor
from torch.nn.functional import relu

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective


class Hinge(Objective):
    """At p_g = p_data every constant in [−1, 1] is an optimal critic, so J_D = 2 and J_G has no value of its own."""

    kind = "hinge"
    title = "Hinge"
    description = "A critic with a margin: samples beyond ±1 on their own side no longer teach it."
    formula = "J_D = E max(0, 1 − D(x)) + E max(0, 1 + D(G(z)))    J_G = −E D(G(z))"
    source = "Lim & Ye 2017 (Geometric GAN), section 3; Miyato et al. 2018 (spectral norm), equations 16 and 17"
    probability = False
    smoothable = False

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        return relu(1 - real).mean() + relu(1 + fake).mean()

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return -fake.mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        return LogitGradients(
            -(real < 1).to(real.dtype) / real.numel(),
            (fake > -1).to(fake.dtype) / fake.numel(),
            torch.zeros_like(real),
            torch.full_like(fake, -1 / fake.numel()),
        )

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        return Equilibrium(2.0, None, None)
