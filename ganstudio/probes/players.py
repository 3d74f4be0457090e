"""The players from inside: their layers, and whether gradients reach and move each of them."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import torch

from ganstudio.games.player import Player
from ganstudio.probes.layers import Layer, layers
from ganstudio.training.mailbox import Frame
from ganstudio.training.trainer import Trainer

Health = Literal["", "healthy", "vanishing", "exploding"]

VANISHING_SHARE = 1e-4
"""A layer whose weights get less than this share of the gradient of the player's best layer (root mean square)…"""
VANISHING_UPDATE = 1e-7
"""… or are moved by less than this share of their size, learns next to nothing."""
EXPLODING_UPDATE = 0.3
"""Weights that change by more than this share of their size in one update forget what they were."""


@dataclass(frozen=True)
class PlayerTable:
    """What never changes of a player: one object for all frames."""

    player: str
    layers: tuple[Layer, ...]

    @property
    def weights(self) -> int:
        """Number of trainable weights."""
        return sum(layer.weights for layer in self.layers)


@dataclass(frozen=True)
class Gradients:
    """The last update of a player, one number a layer; NaN where there is none (no weights, no update yet)."""

    norms: np.ndarray
    """(layers,) float64: Euclidean norm of the gradient, after clipping."""
    updates: np.ndarray
    """(layers,) float64: ‖Δw‖ / ‖w‖ of the last update."""
    health: tuple[Health, ...]
    """Empty where there is nothing to judge."""
    count: int
    """Updates so far."""


@dataclass(frozen=True)
class PlayersFrame(Frame):
    """Every player's layers and gradients, in the experiment's order."""

    tables: tuple[PlayerTable, ...]
    gradients: tuple[Gradients, ...]


class PlayersProbe:
    """Reads the gradients and the optimiser's state that the last update left behind; nothing is run again."""

    name: ClassVar[str] = "players"

    def __init__(self) -> None:
        self._tables: tuple[PlayerTable, ...] = ()

    def frame(self, trainer: Trainer) -> PlayersFrame:
        """The players as their last updates left them."""
        if not self._tables:
            self._tables = tuple(
                PlayerTable(name, layers(player.network, _input_shape(trainer, name)))
                for name, player in trainer.players.items()
            )
        gradients = tuple(_gradients(trainer.players[table.player], table) for table in self._tables)
        return PlayersFrame(trainer.steps, trainer.name, self._tables, gradients)


def _input_shape(trainer: Trainer, player: str) -> tuple[int, ...]:
    return (trainer.shapes.noise,) if player == "generator" else trainer.shapes.data


@torch.no_grad()
def _gradients(player: Player, table: PlayerTable) -> Gradients:
    count = len(table.layers)
    gradients = [parameter.grad for parameter in player.parameters]
    moved = player.rule.directions(player.optimiser, player.parameters) if player.updates else None
    if moved is None or any(gradient is None for gradient in gradients):
        nothing = np.full(count, np.nan)
        return Gradients(nothing, nothing, ("",) * count, player.updates)
    tensors = [gradients, moved, player.parameters]
    # One transfer for all, since each waits for the device.
    squares = torch.stack([torch.stack(torch._foreach_norm(one)).double().square() for one in tensors]).cpu().numpy()
    of_layers = np.array([squares[:, list(layer.parameters)].sum(1) for layer in table.layers]).reshape(count, 3)
    sizes = np.array([layer.weights for layer in table.layers], np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        norms, moves, weights = np.where(sizes[:, None] > 0, np.sqrt(of_layers), np.nan).T
        updates = player.optimiser.param_groups[0]["lr"] * moves / weights
        rms = norms / np.sqrt(sizes)
    updates[~np.isfinite(updates) & np.isfinite(moves)] = np.nan  # weights that are all zero have no size to compare
    return Gradients(norms, updates, _health(rms, updates), player.updates)


def _health(rms: np.ndarray, updates: np.ndarray) -> tuple[Health, ...]:
    """A verdict on each layer from the root mean square of its gradient and from its relative update."""
    best = max((one for one in rms if np.isfinite(one)), default=0.0)
    return tuple(_verdict(gradient, best, update) for gradient, update in zip(rms, updates, strict=True))


def _verdict(gradient: float, best: float, update: float) -> Health:
    if np.isnan(gradient) and np.isnan(update):
        return ""
    if not np.isfinite(gradient) or update > EXPLODING_UPDATE:
        return "exploding"
    if gradient <= VANISHING_SHARE * best or update < VANISHING_UPDATE:
        return "vanishing"
    return "healthy"
