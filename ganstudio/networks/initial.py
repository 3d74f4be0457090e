"""Weights before the first step, by name."""

from math import sqrt
from typing import Literal

from torch import nn

Initial = Literal["uniform", "lecun-normal", "he-normal", "glorot-uniform", "orthogonal"]
MEANING = (
    "Of each linear layer with n numbers in and m out. uniform: weights and biases evenly in ±1/√n, as PyTorch does. "
    "The others have biases of 0 and weights: lecun-normal, of variance 1/n, as GAN Lab does; he-normal, of variance "
    "2/n; glorot-uniform, evenly in ±√(6/(n + m)); orthogonal, of which none repeats another, times √2."
)
"""What a person is told of the choice."""
ORTHOGONAL_GAIN = sqrt(2)
"""Of a layer before a ReLU (He et al. 2015, section 2.2)."""


def initialise(network: nn.Module, initial: Initial) -> None:
    """Draw the weights of all linear layers anew from torch's process-wide generator; ``uniform`` leaves them.

    LeCun et al. 1998, section 4.6; He et al. 2015, section 2.2; Glorot & Bengio 2010, equation 16;
    Saxe et al. 2014, section 3.
    """
    if initial == "uniform":
        return
    for module in network.modules():
        if not isinstance(module, nn.Linear):
            continue
        if initial == "lecun-normal":
            nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
        elif initial == "he-normal":
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif initial == "glorot-uniform":
            nn.init.xavier_uniform_(module.weight)
        else:
            nn.init.orthogonal_(module.weight, ORTHOGONAL_GAIN)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
