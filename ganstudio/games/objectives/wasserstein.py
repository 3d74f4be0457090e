"""The Wasserstein game: a critic estimates the earth mover's distance between data and samples."""

import torch
from torch import Tensor

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective


class Wasserstein(Objective):
    """−J_D estimates the distance, up to a factor, when something keeps the critic's slope bounded.

    That is weight clipping (the paper's), a gradient penalty (Gulrajani et al. 2017) or spectral norm; without one of
    them the critic's values grow without limit.
    """

    kind = "wasserstein"
    title = "Wasserstein"
    description = "A critic's mean difference; it needs clipping, a gradient penalty or spectral norm."
    formula = "J_D = E D(G(z)) − E D(x)    J_G = −E D(G(z))"
    source = "Arjovsky, Chintala & Bottou 2017, section 3, equation 2, and algorithm 1"
    probability = False
    smoothable = False

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        return fake.mean() - real.mean()

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return -fake.mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        return LogitGradients(
            torch.full_like(real, -1 / real.numel()),
            torch.full_like(fake, 1 / fake.numel()),
            torch.zeros_like(real),
            torch.full_like(fake, -1 / fake.numel()),
        )

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        return Equilibrium(0.0, None, None)
