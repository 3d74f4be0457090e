"""The relativistic average game: is a sample more real than the average sample of the other side?"""

from math import log

from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.games.objectives.base import Equilibrium, LogitGradients, Objective


class RelativisticAverage(Objective):
    """Cross-entropy of each logit minus the mean logit of the other side; G plays the same with the sides exchanged.

    The logit alone has no meaning (adding a constant to all changes nothing), so D is a critic. At p_g = p_data a
    constant critic is optimal whatever the real target: each term is convex in a difference whose mean is zero.
    """

    kind = "relativistic-average"
    title = "Relativistic average"
    description = "D says how much more real a sample is than the others' average; G is taught by real samples too."
    formula = (
        "D̃(x) = σ(C(x) − E C(G(z)))    D̃(G(z)) = σ(C(G(z)) − E C(x))    "
        "J_D = −E log D̃(x) − E log(1 − D̃(G(z)))    J_G = −E log D̃(G(z)) − E log(1 − D̃(x))"
    )
    source = "Jolicoeur-Martineau 2018, algorithm 2 (RaGAN)"
    probability = False
    relativistic = True

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        x, g = real - fake.mean(), fake - real.mean()
        return real_target * softplus(-x).mean() + (1 - real_target) * softplus(x).mean() + softplus(g).mean()

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        return softplus(real.mean() - fake).mean() + softplus(real - fake.mean()).mean()

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        x, g = (real - fake.mean()).sigmoid(), (fake - real.mean()).sigmoid()
        # Each logit also moves the mean that every logit of the other side is measured against.
        return LogitGradients(
            (x - real_target - g.mean()) / real.numel(),
            (g - (x - real_target).mean()) / fake.numel(),
            (x - (g - 1).mean()) / real.numel(),
            (g - 1 - x.mean()) / fake.numel(),
        )

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        return Equilibrium(2 * log(2), 2 * log(2), None)
