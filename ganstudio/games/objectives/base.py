"""What an adversarial objective is: two pure functions of logits, and what theory says about them."""

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from ganstudio.experiment.component import Component


@dataclass(frozen=True)
class Equilibrium:
    """Values at p_g = p_data with the optimal discriminator; None where the objective has no such value."""

    discriminator_loss: float | None
    generator_loss: float | None
    score: float | None
    """``Objective.score`` of every sample: D(x), or a critic's value where theory fixes one."""


@dataclass(frozen=True)
class LogitGradients:
    """Closed-form derivatives with respect to each logit, of the shapes of ``real`` and ``fake``."""

    discriminator_real: Tensor
    discriminator_fake: Tensor
    generator_real: Tensor
    """Zero but for relativistic losses, in which G also wants real samples to look fake."""
    generator_fake: Tensor


class Objective(Component):
    """The adversarial pair of losses, means over logits of any shape; lower is better for the player named.

    ``real_target`` is D's target on real samples: 1, or less with one-sided label smoothing.
    """

    room: ClassVar[str] = "objective"
    probability: ClassVar[bool] = True
    """Whether sigmoid(logit) is D's probability of real; False makes D a critic, whose logits alone mean something."""
    smoothable: ClassVar[bool] = True
    """Whether D has targets that label smoothing can change; where it has none, ``real_target`` is ignored."""
    relativistic: ClassVar[bool] = False
    """Whether G's loss reads the real logits too."""
    formula: ClassVar[str] = ""
    """Both losses in plain symbols, for tooltips."""
    source: ClassVar[str] = ""
    """Paper, section, equation."""

    def discriminator_loss(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> Tensor:
        """J_D, a scalar."""
        raise NotImplementedError

    def generator_loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """J_G, a scalar."""
        raise NotImplementedError

    def score(self, logits: Tensor) -> Tensor:
        """What is shown as D(x): sigmoid(logit) where that is a probability, else the logit as it is."""
        return logits.sigmoid() if self.probability else logits

    def gradients(self, real: Tensor, fake: Tensor, real_target: float = 1.0) -> LogitGradients:
        """What autograd must find, in closed form."""
        raise NotImplementedError

    def equilibrium(self, real_target: float = 1.0) -> Equilibrium:
        """Where the game comes to rest."""
        raise NotImplementedError
