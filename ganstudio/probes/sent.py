"""The players of a game on points as one array: enough to look through them in another process."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment.experiment import Experiment
from ganstudio.probes.mirror import tensors
from ganstudio.training.trainer import Trainer


@dataclass(frozen=True, eq=False)
class Sent:
    """G as it trains and D, at one moment."""

    experiment: Experiment
    """As it was then: the same object while no edit acts."""
    weights: np.ndarray
    """(numbers,) float32: weights and buffers, one after another."""


@torch.no_grad()
def send(trainer: Trainer) -> Sent:
    """Copy the players, between steps."""
    flat = torch.cat([one.reshape(-1).float() for one in _players(trainer)])
    return Sent(trainer.experiment, flat.cpu().numpy())


@torch.no_grad()
def receive(trainer: Trainer, sent: Sent, steps: int) -> None:
    """Give a trainer of the same experiment these players, as after so many steps."""
    flat, start = torch.from_numpy(sent.weights), 0
    for one in _players(trainer):
        one.copy_(flat[start : start + one.numel()].view_as(one))
        start += one.numel()
    trainer.steps = steps


def _players(trainer: Trainer) -> list[Tensor]:
    return [tensor for name in ("generator", "discriminator") for tensor in tensors(trainer.players[name].network)]
