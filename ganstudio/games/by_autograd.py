"""The updates of a GAN through autograd: any networks, objectives and regularisers."""

from collections.abc import Callable

import torch
from torch import Tensor

from ganstudio.games.game import Table
from ganstudio.games.regularisers.base import real_target
from ganstudio.games.updates import D, Fooled, G, Judged, Made
from ganstudio.networks.network import couples_batch


def make(table: Table, learns: bool) -> Made:
    """G's samples for fresh z; ``learns``: with the way back to its weights."""
    z = table.noise()
    with torch.set_grad_enabled(learns), _precision(table):
        return Made(table.players[G].network(z).float())


def judge(table: Table, real: Tensor, made: Made) -> Judged:
    """J_D with its penalties, and its gradient in D's weights."""
    real_shown, fake_shown = _shown(table, real), _shown(table, made.x.detach())
    real_logits, fake_logits = _score_both(table, real_shown, fake_shown)
    loss = table.objective.discriminator_loss(real_logits, fake_logits, real_target(table.regularisers))
    penalty = _penalty(table, real_shown, fake_shown)
    gradients = torch.autograd.grad(_total(loss, penalty), table.players[D].parameters)
    return Judged(loss, penalty, real_logits, fake_logits, gradients)


def fool(table: Table, made: Made, real_logits: Callable[[], Tensor]) -> Fooled:
    """J_G, and its gradient in G's weights; ``real_logits`` is called once the fakes have been scored."""
    with _frozen(table.players[D].parameters):
        fake_logits = _score(table, _shown(table, made.x))
        loss = table.objective.generator_loss(real_logits(), fake_logits)
    return Fooled(loss, torch.autograd.grad(loss, table.players[G].parameters))


def both(table: Table, real: Tensor) -> tuple[Judged, Fooled]:
    """Both gradients from one D(G(z))."""
    real_shown = _shown(table, real)
    fake_shown = _shown(table, make(table, learns=True).x)
    real_logits, fake_logits = _score(table, real_shown), _score(table, fake_shown)
    loss = table.objective.discriminator_loss(real_logits, fake_logits, real_target(table.regularisers))
    penalty = _penalty(table, real_shown, fake_shown.detach())
    fooled = table.objective.generator_loss(real_logits.detach(), fake_logits)
    d_gradients = torch.autograd.grad(_total(loss, penalty), table.players[D].parameters, retain_graph=True)
    g_gradients = torch.autograd.grad(fooled, table.players[G].parameters)
    return Judged(loss, penalty, real_logits, fake_logits, d_gradients), Fooled(fooled, g_gradients)


@torch.no_grad()
def judge_real(table: Table, real: Tensor) -> Tensor:
    """D's logits of real samples as it stands now."""
    return _score(table, _shown(table, real))


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


def _total(loss: Tensor, penalty: Tensor | None) -> Tensor:
    return loss if penalty is None else loss + penalty
