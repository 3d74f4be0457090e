"""Hooks by which a regulariser, a constraint or an augmentation takes part in a step."""

from collections.abc import Iterable
from typing import ClassVar

import torch
from torch import Tensor, nn

from ganstudio.experiment.component import Component


class Regulariser(Component):
    """Something added to D's side of the game. Its neutral default configuration switches it off.

    ``active`` says whether it does anything; the game calls the hooks of active ones only.
    """

    room: ClassVar[str] = "regulariser"
    needs_uncoupled_batch: ClassVar[bool] = False
    """Whether D's output must depend on one sample alone (no batch norm), as gradient penalties do."""
    needs_images: ClassVar[bool] = False
    """Whether samples must be images (C, H, W), not points."""

    @property
    def active(self) -> bool:
        raise NotImplementedError

    def real_target(self) -> float:
        """D's target on real samples."""
        return 1.0

    def discriminator_input(self, x: Tensor, step: int, generator: torch.Generator) -> Tensor:
        """What D is shown instead of x (real and fake alike, in both players' updates); differentiable in x."""
        return x

    def penalty(
        self, discriminator: nn.Module, real: Tensor, fake: Tensor, generator: torch.Generator
    ) -> Tensor | None:
        """A scalar added to D's loss; ``real`` and ``fake`` are what D was shown, detached. None adds nothing."""
        return None


def real_target(regularisers: Iterable[Regulariser]) -> float:
    """D's target on real samples where these are active: the lowest that one of them asks for, 1 without any."""
    return min((one.real_target() for one in regularisers), default=1.0)


class Constraint(Component):
    """What happens to a player's weights after its update."""

    room: ClassVar[str] = "constraint"

    @property
    def active(self) -> bool:
        raise NotImplementedError

    def apply(self, discriminator: nn.Module) -> None:
        """Change D's weights in place, without gradients."""
        raise NotImplementedError


class Augmentation(Component):
    """A random change of real samples as they are drawn (a flip, say); G learns the augmented distribution."""

    room: ClassVar[str] = "augmentation"
    needs_images: ClassVar[bool] = False
    """Whether samples must be images (C, H, W), not points."""

    @property
    def active(self) -> bool:
        raise NotImplementedError

    def apply(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """The batch (N, C, H, W), changed; random numbers from ``generator`` alone."""
        raise NotImplementedError
