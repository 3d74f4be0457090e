"""The least-squares game: D regresses 1 on real samples and 0 on fake ones."""

import torch
from torch import Tensor

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective


class LeastSquares(Objective):
    """Targets 0 and 1, without the paper's ½. D is the network's raw output, no sigmoid: it rests at ½ by itself.

    With the real target α, D* = α·p_data/(p_data + p_g); G always aims at 1.
    """

    kind = "least-squares"
    title = "Least squares"
    description = "D regresses 1 on real and 0 on fake samples; far-off samples are pulled as well as doubtful ones."
    formula = "J_D = E (D(x) − 1)² + E D(G(z))²    J_G = E (D(G(z)) − 1)²    (D: raw output)"
    source = "Mao et al. 2017 (LSGAN), section 3.2, with 0–1 coding, twice its values"
    probability = False

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        return (real - real_target).square().mean() + fake.square().mean()

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return (fake - 1).square().mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        return LogitGradients(
            2 * (real - real_target) / real.numel(),
            2 * fake / fake.numel(),
            torch.zeros_like(real),
            2 * (fake - 1) / fake.numel(),
        )

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        best = real_target / 2
        return Equilibrium(2 * best**2, (1 - best) ** 2, best)
