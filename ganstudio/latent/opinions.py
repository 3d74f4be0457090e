"""Samples labelled by a classifier that ships with the program: its opinion, not the truth. Pure."""

from dataclasses import dataclass

import numpy as np

from ganstudio.latent.requests import Study

SURE = 0.9
"""Probability from which a sample is taken to have the attribute, and below 1 − which not to; others are left out."""
SAMPLES = 300


@dataclass(frozen=True)
class AskJudge(Study):
    """Draw samples and have them judged. Answered by ``Opinion``, of more and more samples."""

    data: str
    """The kind of data that G learns from: whose judge is asked."""
    attribute: str
    seed: int
    count: int = SAMPLES


@dataclass(frozen=True, eq=False)
class Opinion:
    """What a classifier says of fresh samples."""

    inputs: np.ndarray
    """(n, dim) float32."""
    images: np.ndarray
    """(n, H, W, C) uint8."""
    probability: np.ndarray
    """(n,) that each has the attribute."""


def sure(probability: np.ndarray) -> np.ndarray:
    """(n,) bool: of which samples the classifier is sure, one way or the other."""
    return (probability >= SURE) | (probability <= 1 - SURE)
