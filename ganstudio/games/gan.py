"""The game of Goodfellow et al. 2014: one generator, one discriminator."""

from types import ModuleType
from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.games import by_autograd, by_hand
from ganstudio.games.game import Game, Moment, Table
from ganstudio.games.updates import D, Fooled, G, Judged, Made


class GAN(Game):
    """Generator against discriminator.

    In *discriminator first*, the minibatch of noise of D's last update serves for G's first (G has not moved in
    between, so G(z) is computed once); D scores it again after its update. *Simultaneous* is the 2014 code: both
    gradients come from one D(G(z)), and both players then move.
    """

    kind = "gan"
    title = "Generator against discriminator"
    description = "Goodfellow et al. 2014, algorithm 1."
    roles = (G, D)
    metrics = (
        "loss.discriminator",
        "loss.generator",
        "value",
        "score.real",
        "score.fake",
        "gradient.discriminator",
        "gradient.generator",
        "penalty",
    )

    class Config(ComponentConfig):
        order: Literal["discriminator first", "generator first", "simultaneous"] = param(
            "discriminator first",
            "Update order",
            "Who moves first in a step; simultaneous takes both gradients before either moves, with k = 1.",
            live=True,
        )

    def __init__(self, config: ComponentConfig | None = None):
        super().__init__(config)
        self._left: Made | None = None  # from D's last update

    def order(self) -> tuple[str, ...]:
        orders = {"discriminator first": (D, G), "generator first": (G, D), "simultaneous": (f"{G}+{D}",)}
        return orders[self.config.order]

    def reset(self) -> None:
        self._left = None

    def check(self, experiment: Experiment) -> None:
        super().check(experiment)
        if self.config.order == "simultaneous":
            for name, player in experiment.players.items():
                if player.updates != 1:
                    raise StudioError("simultaneous updates need k = 1 for each player", f"players.{name}.updates")

    def play(self, table: Table, part: str, moment: Moment) -> None:
        if part == f"{G}+{D}":
            self._play_both(table, moment)
        elif part == D:
            for last in _countdown(table.players[D].spec.updates):
                self._update_discriminator(table, moment, keep=last and self.config.order == "discriminator first")
        else:
            for _ in _countdown(table.players[G].spec.updates):
                self._update_generator(table, moment)
            self._left = None

    def _update_discriminator(self, table: Table, moment: Moment, keep: bool) -> None:
        keep = keep and table.players[G].spec.updates > 0
        way = _way(table)
        real = table.real().x
        made = way.make(table, learns=keep)
        self._left = made if keep else None
        judged = way.judge(table, real, made)
        table.players[D].move(judged.gradients)
        _constrain(table)
        _note_discriminator(table, moment, judged)

    def _update_generator(self, table: Table, moment: Moment) -> None:
        way = _way(table)
        made, self._left = self._left, None
        made = made or way.make(table, learns=True)
        fooled = way.fool(table, made, lambda: _real_logits(table, moment))
        table.players[G].move(fooled.gradients)
        _note_generator(table, moment, fooled)

    def _play_both(self, table: Table, moment: Moment) -> None:
        judged, fooled = by_autograd.both(table, table.real().x)
        table.players[D].move(judged.gradients)
        table.players[G].move(fooled.gradients)
        _constrain(table)
        _note_discriminator(table, moment, judged)
        _note_generator(table, moment, fooled)


def _way(table: Table) -> ModuleType:
    """How this table's updates are differentiated."""
    return by_hand if by_hand.plays(table) else by_autograd


def _real_logits(table: Table, moment: Moment) -> Tensor:
    """Real logits for a relativistic G: fresh ones from D as it stands now; others never read them."""
    if table.objective.relativistic:
        return by_autograd.judge_real(table, table.real().x)
    return moment.real_logits if moment.real_logits is not None else torch.zeros((), device=table.generator.device)


def _constrain(table: Table) -> None:
    for constraint in table.constraints:
        constraint.apply(table.players[D].network)


def _countdown(count: int) -> list[bool]:
    """One entry an update; True marks the last."""
    return [index == count - 1 for index in range(count)]


@torch.no_grad()
def _note_discriminator(table: Table, moment: Moment, judged: Judged) -> None:
    real, fake = judged.real.detach(), judged.fake.detach()
    moment.real_logits, moment.fake_logits = real, fake
    moment.metrics["loss.discriminator"] = judged.loss.detach()
    # V(G, D) of the unsmoothed, unregularised game; a critic has no probability, its V is the difference of means.
    if table.objective.probability:
        moment.metrics["value"] = -(softplus(-real).mean() + softplus(fake).mean())
    else:
        moment.metrics["value"] = real.mean() - fake.mean()
    moment.metrics["score.real"] = table.objective.score(real).mean()
    moment.metrics["score.fake"] = table.objective.score(fake).mean()
    moment.metrics["gradient.discriminator"] = table.players[D].gradient_norm
    if judged.penalty is not None:
        moment.metrics["penalty"] = judged.penalty.detach()


def _note_generator(table: Table, moment: Moment, fooled: Fooled) -> None:
    moment.metrics["loss.generator"] = fooled.loss.detach()
    moment.metrics["gradient.generator"] = table.players[G].gradient_norm
