"""DCGAN (Radford, Metz & Chintala 2016, section 3) for square images of 16 to 128 pixels."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError
from ganstudio.networks.layers import LEAK, Logit
from ganstudio.networks.network import NetworkSpec, Shapes
from ganstudio.networks.thin import ImageConv2d, ImageConvTranspose2d

SIZES = range(16, 129, 4)
SMALLEST_MAP = 4
MOST_CHANNELS = 8
KERNEL = {"kernel_size": 4, "stride": 2, "padding": 1}


def plan(size: int) -> tuple[int, list[int]]:
    """Side of the smallest map, and the channels of each map from there on in units of the width.

    The side is halved as long as it stays whole and at least 4 (64 → 4, 48 → 6, 28 → 7, 100 → 25); channels double
    with each halving, up to 8: the paper's 64 pixels give (4, [8, 4, 2, 1]).
    """
    doublings = 0
    while size % 2 == 0 and size // 2 >= SMALLEST_MAP:
        size //= 2
        doublings += 1
    return size, [min(2**power, MOST_CHANNELS) for power in reversed(range(doublings))]


def checked_size(shapes: Shapes, role: str) -> tuple[int, int]:
    """(channels, side) of the images; ``StudioError`` naming the field when DCGAN has no such size."""
    network = f"players.{role}.network"
    if len(shapes.data) != 3:
        raise StudioError("DCGAN works on images; choose an MLP for points", network)
    channels, height, width = shapes.data
    if height != width:
        raise StudioError(f"DCGAN needs square images (these are {width}×{height}); choose an MLP", network)
    if channels not in (1, 3):
        raise StudioError(f"DCGAN needs images of 1 or 3 channels (these have {channels}); choose an MLP", network)
    if height not in SIZES:
        limits = f"from {SIZES[0]} to {SIZES[-1]} pixels that is a multiple of {SIZES.step}"
        raise StudioError(f"DCGAN needs a size {limits} (it is {height})", "data.size")
    return channels, height


def initialise(network: nn.Module) -> None:
    """Weights ~ N(0, 0.02), batch-norm scales ~ N(1, 0.02), biases 0 (the paper, section 4, and its code)."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(module.weight, 0.0, 0.02)
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)
        if getattr(module, "bias", None) is not None:
            nn.init.zeros_(module.bias)


class Project(nn.Module):
    """z (N, noise) → the first map (N, C, side, side).

    The paper's first transposed convolution, on a 1×1 map, is this linear map. Its outputs are ordered (side, side, C),
    so that the map is ``channels_last`` without a copy.
    """

    def __init__(self, noise: int, channels: int, side: int, bias: bool):
        super().__init__()
        self.map = (side, side, channels)
        self.linear = nn.Linear(noise, side * side * channels, bias=bias)

    def forward(self, z: Tensor) -> Tensor:
        return self.linear(z).unflatten(1, self.map).permute(0, 3, 1, 2)


class Judge(nn.Module):
    """The last map (N, C, side, side) → logits (N,): the paper's last convolution, which covers the whole map."""

    def __init__(self, channels: int, side: int):
        super().__init__()
        self.map = (side, side, channels)
        self.linear = nn.Linear(channels * side * side, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.permute(0, 2, 3, 1).flatten(1)).squeeze(1)


class Spread(nn.Module):
    """A map (N, C, side, side) → (N, side · side · C), in the order of ``channels_last``: a view."""

    def forward(self, x: Tensor) -> Tensor:
        return x.permute(0, 2, 3, 1).flatten(1)


def dense(inputs: int, units: int, normed: bool, activation: nn.Module) -> list[nn.Module]:
    """A fully connected layer with its batch norm and activation."""
    norm = [nn.BatchNorm1d(units)] if normed else []
    return [nn.Linear(inputs, units, bias=not normed), *norm, activation]


class DCGANConfig(ComponentConfig):
    """What both players can be told."""

    width: int = param(
        64,
        "Width",
        "Channels of the largest map (ngf, ndf); they double as the map halves.",
        ge=1,
        le=512,
    )
    norm: Literal["paper", "none"] = param(
        "paper", "Batch norm", "As in the paper: everywhere but in G's output and D's input. Or none."
    )
    hidden: int = param(
        0,
        "Hidden units",
        "Units of a fully connected layer between z and G's first map, or between D's last map and its logit, as in "
        "InfoGAN (Chen et al. 2016, appendix C.1); 0 leaves it out, as in the DCGAN paper.",
        unit="units",
        ge=0,
        le=4096,
    )


class DCGANGenerator(NetworkSpec):
    """z → a small map → 4×4 transposed convolutions of stride 2, batch norm and ReLU → tanh."""

    kind = "dcgan-generator"
    title = "DCGAN"
    description = "Transposed convolutions that double a small map until it is the image."
    role = "generator"
    Config = DCGANConfig

    def build(self, shapes: Shapes) -> nn.Module:
        channels, size = checked_size(shapes, self.role)
        side, factors = plan(size)
        widths = [factor * self.config.width for factor in factors]
        normed = self.config.norm == "paper"
        hidden = self.config.hidden
        layers = dense(shapes.noise, hidden, normed, nn.ReLU()) if hidden else []
        layers += [Project(hidden or shapes.noise, widths[0], side, bias=not normed), *self._after(widths[0])]
        for inputs, outputs in pairwise(widths):
            layers += [nn.ConvTranspose2d(inputs, outputs, bias=not normed, **KERNEL), *self._after(outputs)]
        layers += [ImageConvTranspose2d(widths[-1], channels, **KERNEL), nn.Tanh()]
        network = nn.Sequential(*layers)
        initialise(network)
        return network

    def _after(self, channels: int) -> Sequence[nn.Module]:
        norm = [nn.BatchNorm2d(channels)] if self.config.norm == "paper" else []
        return [*norm, nn.ReLU()]


class DCGANDiscriminator(NetworkSpec):
    """4×4 convolutions of stride 2, batch norm and leaky ReLU → one logit."""

    kind = "dcgan-discriminator"
    title = "DCGAN"
    description = "Convolutions that halve the image until one number is left."
    role = "discriminator"

    class Config(DCGANConfig):
        spectral_norm: bool = param(
            False, "Spectral norm", "Divide each weight by its largest singular value (Miyato et al. 2018)."
        )

    def build(self, shapes: Shapes) -> nn.Module:
        channels, size = checked_size(shapes, self.role)
        side, factors = plan(size)
        widths = [factor * self.config.width for factor in reversed(factors)]
        normed = self.config.norm == "paper"
        layers: list[nn.Module] = [ImageConv2d(channels, widths[0], **KERNEL), nn.LeakyReLU(LEAK)]
        for inputs, outputs in pairwise(widths):
            layers.append(nn.Conv2d(inputs, outputs, bias=not normed, **KERNEL))
            if normed:
                layers.append(nn.BatchNorm2d(outputs))
            layers.append(nn.LeakyReLU(LEAK))
        hidden = self.config.hidden
        if hidden:
            head = dense(widths[-1] * side * side, hidden, normed, nn.LeakyReLU(LEAK))
            layers += [Spread(), *head, nn.Linear(hidden, 1), Logit()]
        else:
            layers.append(Judge(widths[-1], side))
        network = nn.Sequential(*layers)
        initialise(network)
        if self.config.spectral_norm:
            # After the weights are drawn: the power iteration starts from what it finds.
            for module in list(network.modules()):
                if isinstance(module, nn.Conv2d | nn.Linear):
                    spectral_norm(module)
        return network
