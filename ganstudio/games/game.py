"""What a game is, and the table it is played at."""

from dataclasses import dataclass, field
from typing import ClassVar

import torch
from torch import Tensor

from ganstudio.data.dataset import Batch
from ganstudio.experiment.component import Component
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.games.objectives.base import Objective
from ganstudio.games.player import Player
from ganstudio.games.regularisers.base import Constraint, Regulariser


@dataclass
class Table:
    """What a game plays with. The trainer lays it and changes its fields when an edit acts."""

    players: dict[str, Player]
    objective: Objective
    regularisers: list[Regulariser]
    """The active ones."""
    constraints: list[Constraint]
    """The active ones."""
    generator: torch.Generator
    """For everything random in a step but z and the choice of the batch."""
    precision: str = "fp32"
    step: int = 0
    """Steps completed so far."""

    def real(self) -> Batch:
        """The next batch of real samples."""
        raise NotImplementedError

    def noise(self) -> Tensor:
        """(N, dim) fresh z, as many as a real batch has."""
        raise NotImplementedError


@dataclass
class Moment:
    """What the last step looked like from inside: D's logits and numbers by name, all still on the device."""

    metrics: dict[str, Tensor] = field(default_factory=dict)
    """0-dimensional tensors, for the history."""
    real_logits: Tensor | None = None
    """(N,) of D's last update, detached."""
    fake_logits: Tensor | None = None


class Game(Component):
    """Who plays whom. Subclasses play one player's part of a step at a time."""

    room: ClassVar[str] = "game"
    roles: ClassVar[tuple[str, ...]] = ()
    """Names of the players it needs."""
    metrics: ClassVar[tuple[str, ...]] = ()
    """Names of the numbers that each step gives, the history's columns."""

    def order(self) -> tuple[str, ...]:
        """The parts of a step in order; each is a player's name, or several joined by ``+`` that move at once."""
        raise NotImplementedError

    def play(self, table: Table, part: str, moment: Moment) -> None:
        """Play one part of a step, noting in ``moment`` what there is to see."""
        raise NotImplementedError

    def reset(self) -> None:
        """Forget what one part of a step left for the next (after an edit, or a restored state)."""

    def check(self, experiment: Experiment) -> None:
        """Raise ``StudioError`` where the experiment asks what this game cannot play."""
        missing = [role for role in self.roles if role not in experiment.players]
        if missing:
            raise StudioError(f"the game {self.kind!r} needs a player called {missing[0]!r}", "players")
        extra = [name for name in experiment.players if name not in self.roles]
        if extra:
            raise StudioError(f"the game {self.kind!r} has no player called {extra[0]!r}", "players")
