"""A small shipped classifier of the pixel faces' attributes: the judge of what a direction in latent space changes."""

from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ganstudio.experiment.errors import StudioError
from ganstudio.metrics.judges import FACES as ATTRIBUTES
from ganstudio.resources import resource

SIDE = 32
CHUNK = 500


class AttributeClassifier(nn.Sequential):
    """Three 3×3 convolutions with batch norm and ReLU, one linear layer: (N, 3, 32, 32) in [−1, 1] → logits (N, 6)."""

    def __init__(self) -> None:
        layers: list[nn.Module] = []
        for inputs, outputs in ((3, 16), (16, 32), (32, 48)):
            stride = 1 if inputs == 3 else 2
            layers += [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        super().__init__(*layers, nn.Flatten(), nn.Linear(48 * 8 * 8, len(ATTRIBUTES)))


def weights_file() -> Path:
    """Where the shipped weights lie."""
    return resource("models", "face_attributes.safetensors")


@cache
def classifier() -> AttributeClassifier:
    """The shipped classifier on the CPU, in evaluation mode; ``StudioError`` when its file is gone or damaged."""
    # Without memory there is nothing to initialise, so the constructors of layers draw no random number.
    with torch.device("meta"):
        network = AttributeClassifier()
    try:
        network.load_state_dict(load_file(weights_file()), assign=True)
    except (OSError, SafetensorError, RuntimeError):
        raise StudioError(
            "the classifier of faces cannot be read; install GAN Studio again", str(weights_file())
        ) from None
    return network.eval().requires_grad_(False)


@torch.no_grad()
def probabilities(images: Tensor) -> Tensor:
    """(N, 3, 32, 32) in [−1, 1] → probability of each of ``ATTRIBUTES`` (N, 6).

    Raises ``StudioError`` for images of another shape.
    """
    if tuple(images.shape[1:]) != (3, SIDE, SIDE):
        raise StudioError(f"the classifier of faces reads colour images of 32 × 32, not {tuple(images.shape[1:])}")
    network = classifier()
    return torch.cat([network(part).sigmoid() for part in images.float().cpu().split(CHUNK)])
