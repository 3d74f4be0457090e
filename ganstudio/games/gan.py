"""The game of Goodfellow et al. 2014: one generator, one discriminator."""

from typing import Literal

import torch
from torch import Tensor
from torch.nn.functional import softplus

from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.games import by_hand
from ganstudio.games.game import Game, Moment, Table
from ganstudio.games.regularisers.base import real_target
from ganstudio.networks.network import couples_batch

G, D = "generator", "discriminator"


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
        self._left: Tensor | by_hand.Made | None = None  # G(z) and the way back to its weights, from D's last update

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
        generator, discriminator = table.players[G], table.players[D]
        keep = keep and generator.spec.updates > 0
        real = table.real().x
        if by_hand.plays(table):
            made = by_hand.make(table)
            self._left = made if keep else None
            judged = by_hand.judge(table, real, made.x)
            discriminator.move(judged.gradients)
            _constrain(table)
            _note_discriminator(table, moment, judged.loss, judged.penalty, judged.real, judged.fake)
            return
        z = table.noise()
        with torch.set_grad_enabled(keep), _precision(table):
            fake = generator.network(z).float()
        self._left = fake if keep else None
        real_shown, fake_shown = _shown(table, real), _shown(table, fake.detach())
        real_logits, fake_logits = _score_both(table, real_shown, fake_shown)
        loss = table.objective.discriminator_loss(real_logits, fake_logits, real_target(table.regularisers))
        penalty = _penalty(table, real_shown, fake_shown)
        discriminator.descend(loss if penalty is None else loss + penalty)
        _constrain(table)
        _note_discriminator(table, moment, loss, penalty, real_logits, fake_logits)

    def _update_generator(self, table: Table, moment: Moment) -> None:
        generator, discriminator = table.players[G], table.players[D]
        fake, self._left = self._left, None
        if by_hand.plays(table):
            loss, gradients = by_hand.fool(table, fake or by_hand.make(table), self._real_logits(table, moment))
            generator.move(gradients)
            moment.metrics["loss.generator"] = loss
            moment.metrics["gradient.generator"] = generator.gradient_norm
            return
        if fake is None:
            with _precision(table):
                fake = generator.network(table.noise()).float()
        with _frozen(discriminator.parameters):
            fake_logits = _score(table, _shown(table, fake))
            loss = table.objective.generator_loss(self._real_logits(table, moment), fake_logits)
        generator.descend(loss)
        moment.metrics["loss.generator"] = loss.detach()
        moment.metrics["gradient.generator"] = generator.gradient_norm

    def _real_logits(self, table: Table, moment: Moment) -> Tensor:
        """Real logits for a relativistic G: fresh ones from D as it stands now; others never read them."""
        if table.objective.relativistic:
            with torch.no_grad():
                return _score(table, _shown(table, table.real().x))
        return moment.real_logits if moment.real_logits is not None else torch.zeros((), device=table.generator.device)

    def _play_both(self, table: Table, moment: Moment) -> None:
        generator, discriminator = table.players[G], table.players[D]
        real_shown = _shown(table, table.real().x)
        with _precision(table):
            fake = generator.network(table.noise()).float()
        fake_shown = _shown(table, fake)
        real_logits, fake_logits = _score(table, real_shown), _score(table, fake_shown)
        loss = table.objective.discriminator_loss(real_logits, fake_logits, real_target(table.regularisers))
        penalty = _penalty(table, real_shown, fake_shown.detach())
        generator_loss = table.objective.generator_loss(real_logits.detach(), fake_logits)
        d_loss = loss if penalty is None else loss + penalty
        d_gradients = torch.autograd.grad(d_loss, discriminator.parameters, retain_graph=True)
        g_gradients = torch.autograd.grad(generator_loss, generator.parameters)
        discriminator.move(d_gradients)
        generator.move(g_gradients)
        _constrain(table)
        _note_discriminator(table, moment, loss, penalty, real_logits, fake_logits)
        moment.metrics["loss.generator"] = generator_loss.detach()
        moment.metrics["gradient.generator"] = generator.gradient_norm


def _constrain(table: Table) -> None:
    for constraint in table.constraints:
        constraint.apply(table.players[D].network)


def _countdown(count: int) -> list[bool]:
    """One entry an update; True marks the last."""
    return [index == count - 1 for index in range(count)]


class _frozen:
    """Spares D's weight gradients while G learns through D."""

    def __init__(self, parameters: list[torch.nn.Parameter]):
        self.parameters = parameters

    def __enter__(self) -> None:
        for parameter in self.parameters:
            parameter.requires_grad_(False)

    def __exit__(self, *_: object) -> None:
        for parameter in self.parameters:
            parameter.requires_grad_(True)


def _precision(table: Table) -> torch.autocast:
    return torch.autocast(table.generator.device.type, torch.bfloat16, enabled=table.precision == "bf16")


def _shown(table: Table, x: Tensor) -> Tensor:
    for regulariser in table.regularisers:
        x = regulariser.discriminator_input(x, table.step, table.generator)
    return x


def _score(table: Table, x: Tensor) -> Tensor:
    with _precision(table):
        return table.players[D].network(x).float()


def _score_both(table: Table, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """D's logits of both batches; in one pass where no sample's logit depends on the others of its batch."""
    if couples_batch(table.players[D].network):
        return _score(table, real), _score(table, fake)
    both = _score(table, torch.cat([real, fake]))
    return both[: len(real)], both[len(real) :]


def _penalty(table: Table, real: Tensor, fake: Tensor) -> Tensor | None:
    total = None
    for regulariser in table.regularisers:
        penalty = regulariser.penalty(table.players[D].network, real, fake, table.generator)
        if penalty is not None:
            total = penalty if total is None else total + penalty
    return total


@torch.no_grad()
def _note_discriminator(
    table: Table, moment: Moment, loss: Tensor, penalty: Tensor | None, real: Tensor, fake: Tensor
) -> None:
    real, fake = real.detach(), fake.detach()
    moment.real_logits, moment.fake_logits = real, fake
    moment.metrics["loss.discriminator"] = loss.detach()
    # V(G, D) of the unsmoothed, unregularised game; a critic has no probability, its V is the difference of means.
    if table.objective.probability:
        moment.metrics["value"] = -(softplus(-real).mean() + softplus(fake).mean())
    else:
        moment.metrics["value"] = real.mean() - fake.mean()
    moment.metrics["score.real"] = table.objective.score(real).mean()
    moment.metrics["score.fake"] = table.objective.score(fake).mean()
    moment.metrics["gradient.discriminator"] = table.players[D].gradient_norm
    if penalty is not None:
        moment.metrics["penalty"] = penalty.detach()
