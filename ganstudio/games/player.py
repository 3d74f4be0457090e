"""A player: a network, the optimiser that moves it, and for G the running average of its weights."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ganstudio.experiment.experiment import PlayerSpec
from ganstudio.experiment.registry import registry
from ganstudio.games.optimisers import OptimiserSpec


class Player:
    """One side of the game. ``parameters`` and their order never change during a run."""

    def __init__(self, name: str, network: nn.Module, spec: PlayerSpec):
        self.name = name
        self.network = network
        self.parameters = list(network.parameters())
        self.updates = 0
        """Updates made so far: what learning-rate schedules count."""
        self.gradient_norm = torch.zeros((), device=self.parameters[0].device)
        self.spec = spec
        self.rule = self._rule(spec)
        self.optimiser = self.rule.build(self.parameters)

    @staticmethod
    def _rule(spec: PlayerSpec) -> OptimiserSpec:
        rule = registry.build("optimiser", spec.optimiser.kind, spec.optimiser.params, "optimiser")
        assert isinstance(rule, OptimiserSpec)
        return rule

    def respecify(self, spec: PlayerSpec) -> None:
        """Follow a live edit. Another kind of optimiser starts with empty moments; other numbers keep them."""
        rule = self._rule(spec)
        if rule.kind != self.rule.kind:
            self.optimiser = rule.build(self.parameters)
        self.spec, self.rule = spec, rule

    def move(self, gradients: Sequence[Tensor]) -> None:
        """One update against these gradients, which come in the order of ``parameters``.

        Their norm is clipped first to the largest that is allowed.
        """
        # Torch's fused optimisers read a gradient in its weight's order of memory, whatever its own strides say.
        gradients = [_laid_out(one, like) for one, like in zip(gradients, self.parameters, strict=True)]
        self.gradient_norm = torch.nn.utils.get_total_norm(gradients)
        if self.spec.gradient_clip > 0:
            scale = (self.spec.gradient_clip / (self.gradient_norm + 1e-6)).clamp(max=1.0)
            torch._foreach_mul_(gradients, scale)
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            parameter.grad = gradient
        self.rule.configure(self.optimiser, self.updates)
        self.optimiser.step()
        self.updates += 1


def _laid_out(gradient: Tensor, weight: Tensor) -> Tensor:
    """The gradient with the strides of its weight."""
    if gradient.stride() == weight.stride():
        return gradient
    return torch.empty_like(weight, dtype=gradient.dtype).copy_(gradient)


class Average:
    """Exponential moving average of a network's weights and running statistics, in a network of its own.

    The decay is warmed up, min(decay, (1 + n)/(10 + n)) after n steps, so that the average is of use from the start.
    The copy is in evaluation mode: looking through it changes nothing.
    """

    def __init__(self, network: nn.Module):
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.steps = 0
        self._mine, self._mine_copied = _tensors(self.network)
        self._theirs, self._theirs_copied = _tensors(network)

    @torch.no_grad()
    def follow(self, decay: float) -> None:
        """Take in the network's weights of the moment."""
        decay = min(decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self._mine, self._theirs, 1 - decay)
        if self._mine_copied:
            torch._foreach_copy_(self._mine_copied, self._theirs_copied)
        self.steps += 1


def _tensors(network: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """What is averaged (weights, running statistics), and what is copied (counters, spectral-norm vectors)."""
    buffers = dict(network.named_buffers())
    running = [tensor for name, tensor in buffers.items() if "running_" in name]
    others = [tensor for name, tensor in buffers.items() if "running_" not in name]
    return [parameter.detach() for parameter in network.parameters()] + running, others
