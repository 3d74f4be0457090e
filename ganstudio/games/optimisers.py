"""Optimisers: each player has its own, and every number of theirs may change while training goes on."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn

from ganstudio.experiment.component import Component, ComponentConfig, param


class OptimiserSpec(Component):
    """An update rule that an experiment can name. All its fields are live; only a change of kind loses the moments."""

    room: ClassVar[str] = "optimiser"

    class Config(ComponentConfig):
        lr: float = param(2e-4, "Learning rate", "Step size of the update.", live=True, gt=0, le=10, log=True)
        decay_updates: int = param(
            0, "Decay to zero", "The rate falls in a straight line to zero over so many updates; 0 keeps it.",
            unit="updates", live=True, ge=0,
        )  # fmt: skip

    def left(self, updates: int) -> float:
        """Share of the rate that the decay has left after so many updates, 1…0."""
        return max(0.0, 1 - updates / self.config.decay_updates) if self.config.decay_updates else 1.0

    def build(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """A torch optimiser over these weights."""
        raise NotImplementedError

    def configure(self, optimiser: torch.optim.Optimizer, updates: int) -> None:
        """Set the optimiser's numbers for the update after ``updates`` of them."""
        group = optimiser.param_groups[0]
        for name, value in self.settings(updates).items():
            group[name] = value

    def settings(self, updates: int) -> dict:
        """torch's names of the numbers, with their values for the update after ``updates`` of them."""
        raise NotImplementedError

    def directions(self, optimiser: torch.optim.Optimizer, parameters: Sequence[nn.Parameter]) -> list[Tensor] | None:
        """What the last update took away from each weight, per unit of the rate; None before the first.

        Only read: some of it is the optimiser's own state.
        """
        raise NotImplementedError


class Adam(OptimiserSpec):
    """Adam (Kingma & Ba 2015, algorithm 1); β₁ = ½ or 0 is usual for GANs."""

    kind = "adam"
    title = "Adam"
    description = "Adaptive step for each weight from running means of gradient and squared gradient."

    class Config(OptimiserSpec.Config):
        beta1: float = param(0.5, "β₁", "Decay of the gradient's running mean, per update.", live=True, ge=0, lt=1)
        beta2: float = param(0.999, "β₂", "Decay of the squared gradient's mean, per update.", live=True, ge=0, lt=1)

    def build(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.Adam(parameters, **self.settings(0), fused=True)

    def settings(self, updates: int) -> dict:
        return {"lr": self.config.lr * self.left(updates), "betas": (self.config.beta1, self.config.beta2)}

    def directions(self, optimiser: torch.optim.Optimizer, parameters: Sequence[nn.Parameter]) -> list[Tensor] | None:
        if not optimiser.state:
            return None
        group, states = optimiser.param_groups[0], [optimiser.state[parameter] for parameter in parameters]
        count = float(states[0]["step"])
        beta1, beta2 = group["betas"]
        roots = torch._foreach_sqrt([state["exp_avg_sq"] for state in states])
        torch._foreach_div_(roots, (1 - beta2**count) ** 0.5)
        torch._foreach_add_(roots, group["eps"])
        steps = torch._foreach_div([state["exp_avg"] for state in states], roots)
        torch._foreach_div_(steps, 1 - beta1**count)
        return list(steps)


class RMSprop(OptimiserSpec):
    """RMSprop, the choice of the WGAN paper (Arjovsky et al. 2017, algorithm 1)."""

    kind = "rmsprop"
    title = "RMSprop"
    description = "Step divided by a running root mean square of the gradient."

    class Config(OptimiserSpec.Config):
        lr: float = param(5e-5, "Learning rate", "Step size of the update.", live=True, gt=0, le=10, log=True)
        alpha: float = param(0.99, "α", "Decay of the squared gradient's mean, per update.", live=True, ge=0, lt=1)
        momentum: float = param(0.0, "Momentum", "Share of the last update that is kept.", live=True, ge=0, lt=1)

    def build(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.RMSprop(parameters, **self.settings(0), foreach=True)

    def settings(self, updates: int) -> dict:
        return {"lr": self.config.lr * self.left(updates), "alpha": self.config.alpha, "momentum": self.config.momentum}

    def configure(self, optimiser: torch.optim.Optimizer, updates: int) -> None:
        super().configure(optimiser, updates)
        if self.config.momentum > 0:
            # torch makes these before its first update alone, when momentum may still have been 0.
            for parameter, state in optimiser.state.items():
                if "momentum_buffer" not in state:
                    state["momentum_buffer"] = torch.zeros_like(parameter, memory_format=torch.preserve_format)

    def directions(self, optimiser: torch.optim.Optimizer, parameters: Sequence[nn.Parameter]) -> list[Tensor] | None:
        if not optimiser.state:
            return None
        group, states = optimiser.param_groups[0], [optimiser.state[parameter] for parameter in parameters]
        if group["momentum"] > 0:
            return [state["momentum_buffer"] for state in states]
        if any(parameter.grad is None for parameter in parameters):
            return None  # a run that was opened: its last gradients are gone
        roots = torch._foreach_sqrt([state["square_avg"] for state in states])
        torch._foreach_add_(roots, group["eps"])
        return list(torch._foreach_div([parameter.grad for parameter in parameters], roots))


class SGD(OptimiserSpec):
    """Gradient descent with the schedules of Goodfellow et al. 2014: lr divided a little at each update down to a
    floor, momentum raised in a straight line.
    """

    kind = "sgd"
    title = "SGD"
    description = "Plain gradient descent with momentum; rate and momentum may follow the 2014 schedules."

    class Config(OptimiserSpec.Config):
        lr: float = param(0.1, "Learning rate", "Step size of the first update.", live=True, gt=0, le=10, log=True)
        lr_divisor: float = param(
            1.0, "Rate divisor", "The rate is divided by this at each update.", live=True, ge=1, le=2
        )
        lr_floor: float = param(1e-6, "Rate floor", "The rate never falls below this.", live=True, ge=0, le=10)
        momentum: float = param(
            0.5, "Momentum", "Share of the last update that is kept, at first.", live=True, ge=0, lt=1
        )
        final_momentum: float = param(0.5, "Final momentum", "Where momentum ends.", live=True, ge=0, lt=1)
        momentum_updates: int = param(
            0, "Momentum ramp", "Updates until momentum has ended; 0 keeps it.", unit="updates", live=True, ge=0
        )

    def build(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        return torch.optim.SGD(parameters, **self.settings(0), fused=True)

    def settings(self, updates: int) -> dict:
        c = self.config
        ramp = min(1.0, updates / c.momentum_updates) if c.momentum_updates else 0.0
        rate = max(c.lr * c.lr_divisor**-updates, min(c.lr, c.lr_floor))
        return {"lr": rate * self.left(updates), "momentum": c.momentum + ramp * (c.final_momentum - c.momentum)}

    def directions(self, optimiser: torch.optim.Optimizer, parameters: Sequence[nn.Parameter]) -> list[Tensor] | None:
        if optimiser.param_groups[0]["momentum"] > 0:
            states = [optimiser.state[parameter] for parameter in parameters] if optimiser.state else None
            return states and [state["momentum_buffer"] for state in states]
        return [parameter.grad for parameter in parameters]
