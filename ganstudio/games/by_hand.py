"""The two updates of a GAN on points, differentiated by hand: no graph is built and none is walked.

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
from ganstudio.networks.stack import Stack


def plays(table: Table) -> bool:
    """Whether both players are stacks on points, in float32, and no regulariser but R1 and label smoothing acts."""
    return (
        table.precision == "fp32"
        and all(isinstance(table.players[name].network, Stack) for name in (G, D))
        and table.players[G].network.bare
        and all(isinstance(one, LabelSmoothing | R1) for one in table.regularisers)
    )


@torch.no_grad()
def make(table: Table, learns: bool) -> Made:
    """G's samples for fresh z. The way back to its weights is there anyhow, whether G ``learns`` by it or not."""
    fed, x = table.players[G].network.trace(table.noise())
    return Made(x, fed)


@torch.no_grad()
def judge(table: Table, real: Tensor, made: Made) -> Judged:
    """J_D with its penalty, and its gradient in D's weights."""
    network, count = table.players[D].network, len(real)
    target = real_target(table.regularisers)
    fed, output = network.trace(torch.cat([real, made.x]))
    logits = output.squeeze(1)
    real_logits, fake_logits = logits[:count], logits[count:]
    slopes = table.objective.gradients(real_logits, fake_logits, target)
    loss = table.objective.discriminator_loss(real_logits, fake_logits, target)
    gradient = torch.cat([slopes.discriminator_real, slopes.discriminator_fake]).unsqueeze(1)
    gradients, _ = network.pull(fed, gradient)
    penalty = None
    for one in table.regularisers:
        if isinstance(one, R1):
            penalty = _add_r1(network, [part[:count] for part in fed], one.config.gamma, gradients)
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
    fed, output = discriminator.trace(made.x)
    logits = output.squeeze(1)
    real = real_logits()
    slopes = table.objective.gradients(real, logits, 1.0).generator_fake
    _, flow = discriminator.pull(fed, slopes.unsqueeze(1), weights=False, to_input=True)
    gradients, _ = generator.pull(made.fed, flow)
    return Fooled(table.objective.generator_loss(real, logits), gradients)
