"""Layers that the families share: activations by name, maxout, and a dropout that draws from the run's generator."""

from typing import Literal

import torch
from torch import Tensor, nn

Activation = Literal["relu", "leaky-relu", "tanh", "maxout"]

LEAK = 0.2
"""Slope of leaky ReLU on negative inputs, as in DCGAN (Radford et al. 2016, section 3)."""

CHANCES = 4
"""Numbers of 16 bits in one of 64."""


class Dropout(nn.Module):
    """Keeps each number with probability ``keep`` and divides it by ``keep``; passes all through in evaluation.

    The masks come from ``generator`` alone, which ``use_generator`` hands out: torch's own dropout draws from the
    process-wide generator, which other threads share. A copy of the layer starts without a generator.
    """

    def __init__(self, keep: float):
        super().__init__()
        self.keep = keep
        self.generator: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        mask = self.mask(x)
        return x if mask is None else x * mask

    def mask(self, x: Tensor) -> Tensor | None:
        """0 or 1/keep for each number of x, with ``keep`` rounded to 1/65536; None where all pass."""
        if not self.training or self.keep == 1:
            return None
        if self.generator is None:
            raise RuntimeError("this network has dropout: call use_generator before training it")
        # Four chances from each draw of 64 bits: a quarter of the time of uniform_, a third of bernoulli_'s.
        drawn = torch.empty(-(-x.numel() // CHANCES), dtype=torch.int64, device=x.device)
        drawn.random_(-(2**63), None, generator=self.generator)
        chances = drawn.view(torch.int16)[: x.numel()].view(x.shape)
        return (chances < round(self.keep * 2**16) - 2**15).to(x.dtype).div_(self.keep)

    def __getstate__(self) -> dict:
        return {**self.__dict__, "generator": None}

    def extra_repr(self) -> str:
        return f"keep={self.keep:g}"


class Maxout(nn.Module):
    """(N, pieces · units) → (N, units): each unit is the largest of its linear pieces (Goodfellow et al. 2013)."""

    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        # Pieces outermost: the maximum then runs over whole rows of units, several times faster than over neighbours.
        return x.unflatten(1, (self.pieces, -1)).amax(dim=1)

    def extra_repr(self) -> str:
        return f"pieces={self.pieces}"


class Logit(nn.Module):
    """(N, 1) → (N,)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.squeeze(1)


def activation(name: Activation, pieces: int = 1) -> nn.Module:
    """The activation of that name; ``pieces`` is the number of inputs to each unit of ``maxout``."""
    if name == "maxout":
        return Maxout(pieces)
    return {"relu": nn.ReLU(), "leaky-relu": nn.LeakyReLU(LEAK), "tanh": nn.Tanh()}[name]
