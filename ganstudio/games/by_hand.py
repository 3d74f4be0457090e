"""The two updates of a GAN of perceptrons, differentiated by hand: no graph is built and none is walked.

It computes what ``by_autograd`` does, and the tests hold the two together; a game that ``plays`` does not know goes
that way.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from ganstudio.games.game import Table
from ganstudio.games.regularisers.base import real_target
from ganstudio.games.regularisers.label_smoothing import LabelSmoothing
from ganstudio.games.regularisers.r1 import R1
from ganstudio.games.updates import D, Fooled, G, Judged, Made
from ganstudio.networks.chain import Chain
from ganstudio.networks.network import couples_batch
from ganstudio.networks.stack import Stack


def plays(table: Table) -> bool:
    """Whether both players can be walked by hand, in float32, and no regulariser but R1 and label smoothing acts.

    D's samples must not depend on each other, since it scores real and fake ones together; R1 needs it to be a
    ``Stack``.
    """
    discriminator = table.players[D].network
    regularisers = (LabelSmoothing, R1) if isinstance(discriminator, Stack) else LabelSmoothing
    return (
        table.precision == "fp32"
        and all(isinstance(player.network, Stack | Chain) for player in table.players.values())
        and not couples_batch(discriminator)
        and all(isinstance(one, regularisers) for one in table.regularisers)
    )


@torch.no_grad()
def make(table: Table, learns: bool) -> Made:
    """G's samples for fresh z. The way back to its weights is there anyhow, whether G ``learns`` by it or not."""
    kept, x = table.players[G].network.trace(table.noise())
    return Made(x, kept)


@torch.no_grad()
def judge(table: Table, real: Tensor, made: Made) -> Judged:
    """J_D with its penalty, and its gradient in D's weights."""
    network, count = table.players[D].network, len(real)
    target = real_target(table.regularisers)
    kept, output = network.trace(torch.cat([real, made.x]).flatten(1))
    logits = output.flatten()
    real_logits, fake_logits = logits[:count], logits[count:]
    slopes = table.objective.gradients(real_logits, fake_logits, target)
    loss = table.objective.discriminator_loss(real_logits, fake_logits, target)
    gradient = torch.cat([slopes.discriminator_real, slopes.discriminator_fake])
    gradients, _ = network.pull(kept, gradient.view_as(output))
    penalty = None
    for one in table.regularisers:
        if isinstance(one, R1):
            penalty = _add_r1(network, [part[:count] for part in kept], one.config.gamma, gradients)
    return Judged(loss, penalty, real_logits, fake_logits, gradients)


def _add_r1(network: Stack, fed: list[Tensor], gamma: float, gradients: list[Tensor]) -> Tensor:
    """γ/2 · E ‖∇D(x)‖² of the real samples; its gradient is added to ``gradients``."""
    flows, slopes = network.flows(fed)
    scaled = slopes * (gamma / len(slopes))
    torch._foreach_add_(gradients[::2], network.pull_flows(fed, flows, scaled))
    return (scaled * slopes).sum() / 2


@torch.no_grad()
def fool(table: Table, made: Made, real_logits: Callable[[], Tensor]) -> Fooled:
    """J_G, and its gradient in G's weights."""
    generator, discriminator = table.players[G].network, table.players[D].network
    kept, output = discriminator.trace(made.x.flatten(1))
    logits = output.flatten()
    real = real_logits()
    slopes = table.objective.gradients(real, logits, 1.0).generator_fake
    _, flow = discriminator.pull(kept, slopes.view_as(output), weights=False, to_input=True)
    gradients, _ = generator.pull(made.kept, flow.view_as(made.x))
    return Fooled(table.objective.generator_loss(real, logits), gradients)
