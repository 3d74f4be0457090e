"""Whether G can go where the data are."""

import torch
from torch import nn

from ganstudio.data.points import PointsData
from ganstudio.training.trainer import Trainer

LOOKED_AT = 2000
"""Real points by which the share beyond ±1 is found."""
WORTH_SAYING = 0.05
"""A share that no tail of a Gaussian explains: something of the data's shape lies out there."""


def out_of_reach(trainer: Trainer) -> str:
    """A sentence when points lie beyond ±1 and G's output is a tanh; empty otherwise. Draws from a generator of its
    own.
    """
    *_, last = trainer.players["generator"].network.modules()
    if not isinstance(trainer.data, PointsData) or not isinstance(last, nn.Tanh):
        return ""
    points = trainer.data.density.sample(LOOKED_AT, torch.Generator().manual_seed(0))
    share = float((points.abs() > 1).any(1).float().mean())
    if share < WORTH_SAYING:
        return ""
    return (
        f"{share:.0%} of the data lie beyond ±1, where G cannot go: its output is a tanh. "
        "Set G's Output for points to linear, and restart."
    )
