"""What every generator and discriminator has in common."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from ganstudio.experiment.component import Component


@dataclass(frozen=True)
class Shapes:
    """What a network must fit: the size of z, and of one real sample without the batch."""

    noise: int
    """Length of z."""
    data: tuple[int, ...]
    """(C, H, W) of an image, (D,) of a point."""
    mean: Tensor | None = None
    """Mean real sample in [0, 1], of shape ``data``, for output biases; None where it is not known (a reloaded run)."""


class NetworkSpec(Component):
    """A family of networks that an experiment can name: builds a module for given shapes.

    A generator maps z (N, noise) to samples (N, *data), images in [−1, 1]; a discriminator maps them to logits (N,).
    Everything random in the constructor may draw from torch's process-wide generator: the trainer seeds it around
    ``build``. In ``forward`` it may not: use ``layers.Dropout``, which takes the run's generator.
    """

    room: ClassVar[str] = "network"
    role: ClassVar[str] = "generator"
    """``generator`` or ``discriminator``."""

    def build(self, shapes: Shapes) -> nn.Module:
        """The module, initialised. Raises ``StudioError`` when the family cannot produce these shapes."""
        raise NotImplementedError


def couples_batch(network: nn.Module) -> bool:
    """Whether one sample's output depends on the others of its batch (batch normalisation)."""
    return any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in network.modules())


def parameter_count(network: nn.Module) -> int:
    """Number of trainable weights."""
    return sum(parameter.numel() for parameter in network.parameters())


def use_generator(network: nn.Module, generator: torch.Generator) -> None:
    """Hand the run's generator to every layer that draws random numbers in its forward pass."""
    for module in network.modules():
        if hasattr(module, "generator"):
            module.generator = generator
