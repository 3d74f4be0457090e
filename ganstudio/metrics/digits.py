"""A small shipped classifier of handwritten digits: the judge of what a generator of MNIST draws."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from ganstudio.experiment.errors import StudioError
from ganstudio.resources import resource

SIDE, CLASSES = 28, 10
CONFIDENT = 0.9
"""A sample counts as a digit when the classifier gives one class at least this probability."""
CHUNK = 500


class DigitClassifier(nn.Sequential):
    """Three 3×3 convolutions with batch norm and ReLU, one linear layer: (N, 1, 28, 28) in [−1, 1] → logits (N, 10)."""

    def __init__(self) -> None:
        layers: list[nn.Module] = []
        for inputs, outputs in ((1, 16), (16, 32), (32, 48)):
            stride = 1 if inputs == 1 else 2
            layers += [nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        super().__init__(*layers, nn.Flatten(), nn.Linear(48 * 7 * 7, CLASSES))


@dataclass(frozen=True)
class DigitScore:
    """How many of a generator's samples are digits, and which."""

    samples: int
    confident: float
    """Share of the samples that are classified with at least ``CONFIDENT`` probability, 0…1."""
    counts: tuple[int, ...]
    """Confident samples of each digit, 0 to 9."""

    @property
    def classes(self) -> int:
        """How many of the ten digits are among the confident samples."""
        return sum(count > 0 for count in self.counts)


def weights_file() -> Path:
    """Where the shipped weights lie."""
    return resource("models", "digit_classifier.safetensors")


@cache
def classifier() -> DigitClassifier:
    """The shipped classifier on the CPU, in evaluation mode; ``StudioError`` when its file is gone or damaged."""
    # Without memory there is nothing to initialise, so the constructors of layers draw no random number.
    with torch.device("meta"):
        network = DigitClassifier()
    try:
        network.load_state_dict(load_file(weights_file()), assign=True)
    except (OSError, SafetensorError, RuntimeError):
        raise StudioError(
            "the digit classifier cannot be read; install GAN Studio again", str(weights_file())
        ) from None
    return network.eval().requires_grad_(False)


@torch.no_grad()
def probabilities(images: Tensor) -> Tensor:
    """(N, 1, 28, 28) in [−1, 1] → probabilities of the digits (N, 10).

    Raises ``StudioError`` for images of another shape.
    """
    if tuple(images.shape[1:]) != (1, SIDE, SIDE):
        raise StudioError(f"the digit classifier reads grey images of 28 × 28 pixels, not {tuple(images.shape[1:])}")
    network = classifier()
    return torch.cat([network(part).softmax(1) for part in images.float().cpu().split(CHUNK)])


def score(images: Tensor) -> DigitScore:
    """Judge samples (N, 1, 28, 28) in [−1, 1], N ≥ 1."""
    confidence, label = probabilities(images).max(1)
    sure = confidence >= CONFIDENT
    counts = torch.bincount(label[sure], minlength=CLASSES).tolist()
    return DigitScore(len(images), float(sure.float().mean()), tuple(counts))
