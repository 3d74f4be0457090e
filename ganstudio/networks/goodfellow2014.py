"""The pair that learned MNIST in Goodfellow et al. 2014, as its published code has it (``mnist.yaml``, pylearn2).

That code works on pixels in [0, 1], samples here lie in [−1, 1]: G's sigmoid is followed by 2σ − 1, and D first maps x
to (x + 1)/2. Between these two maps everything is the published pair.
"""

from math import prod

import torch
from torch import Tensor, nn

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError
from ganstudio.networks.layers import Dropout, Logit, Maxout
from ganstudio.networks.network import NetworkSpec, Shapes

GENERATOR_RANGE, DISCRIMINATOR_RANGE = 0.05, 0.005
KEEP_INPUT, KEEP_HIDDEN = 0.8, 0.5
CLIP = 1e-7
"""Pixel marginals are kept this far from 0 and 1 (pylearn2, ``init_sigmoid_bias_from_array``)."""


class Pixels(nn.Module):
    """Logits → samples in [−1, 1]: 2σ(a) − 1, which is tanh(a/2)."""

    def forward(self, a: Tensor) -> Tensor:
        return (a / 2).tanh()


class Unit(nn.Module):
    """Samples in [−1, 1] → pixels in [0, 1]."""

    def forward(self, x: Tensor) -> Tensor:
        return (x + 1) / 2


def initialise(network: nn.Module, half_range: float) -> None:
    """Weights ~ U(−half_range, half_range), biases 0."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.uniform_(module.weight, -half_range, half_range)
            nn.init.zeros_(module.bias)


def marginal_bias(mean: Tensor) -> Tensor:
    """The output bias with which sigmoid units have the data's mean pixels, ``mean`` in [0, 1] of any shape; flat."""
    return torch.logit(mean.detach().cpu().double().flatten(), eps=CLIP).float()


def check_images(shapes: Shapes, role: str) -> None:
    """Raise ``StudioError`` for data that are not images: these outputs cannot leave [−1, 1]."""
    if len(shapes.data) != 3:
        raise StudioError("the 2014 pair works on images; choose an MLP for points", f"players.{role}.network")


class Generator2014(NetworkSpec):
    """z → ReLU → ReLU → sigmoid; biases of the output from the data's pixel marginals, where they are known."""

    kind = "goodfellow-generator"
    title = "Goodfellow 2014"
    description = "The first generator: two ReLU layers and a sigmoid output that starts at the mean image."
    role = "generator"

    class Config(ComponentConfig):
        width: int = param(1200, "Width", "Units of each of the two hidden layers.", unit="units", ge=1, le=8192)

    def build(self, shapes: Shapes) -> nn.Module:
        check_images(shapes, self.role)
        width = self.config.width
        output = nn.Linear(width, prod(shapes.data))
        network = nn.Sequential(
            nn.Linear(shapes.noise, width),
            nn.ReLU(),
            nn.Linear(width, width),
            nn.ReLU(),
            output,
            Pixels(),
            nn.Unflatten(1, shapes.data),
        )
        initialise(network, GENERATOR_RANGE)
        if shapes.mean is not None:
            with torch.no_grad():
                output.bias.copy_(marginal_bias(shapes.mean))
        return network


class Discriminator2014(NetworkSpec):
    """x → maxout → maxout → logit, with dropout before each of the three linear maps."""

    kind = "goodfellow-discriminator"
    title = "Goodfellow 2014"
    description = "The first discriminator: two maxout layers, with dropout on its input and on both of them."
    role = "discriminator"

    class Config(ComponentConfig):
        width: int = param(240, "Width", "Units of each of the two maxout layers.", unit="units", ge=1, le=8192)
        pieces: int = param(5, "Maxout pieces", "Linear pieces of each maxout unit.", ge=2, le=16)

    def build(self, shapes: Shapes) -> nn.Module:
        check_images(shapes, self.role)
        width, pieces = self.config.width, self.config.pieces
        network = nn.Sequential(
            nn.Flatten(),
            Unit(),
            Dropout(KEEP_INPUT),
            nn.Linear(prod(shapes.data), width * pieces),
            Maxout(pieces),
            Dropout(KEEP_HIDDEN),
            nn.Linear(width, width * pieces),
            Maxout(pieces),
            Dropout(KEEP_HIDDEN),
            nn.Linear(width, 1),
            Logit(),
        )
        initialise(network, DISCRIMINATOR_RANGE)
        return network
