"""Linear layers with ReLU between them as one node of autograd's graph.

A game on points is bound by the overhead of many small operations more than by its arithmetic: one node whose backward
pass is written out takes half of torch's operations for the same numbers.
"""

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


class Stack(nn.Sequential):
    """A Sequential whose run of linear layers, with ReLU or leaky ReLU between them, is computed as one.

    Same weights, names and results; in evaluation mode (copies to look through) the layers are called one by one.
    """

    def __init__(self, *layers: nn.Module):
        super().__init__(*layers)
        found = [i for i, layer in enumerate(layers) if isinstance(layer, nn.Linear)]
        if not all(b == a + 2 and isinstance(layers[a + 1], nn.ReLU | nn.LeakyReLU) for a, b in pairwise(found)):
            raise ValueError("a stack is linear layers with one ReLU or leaky ReLU between two of them")
        between = layers[found[0] + 1]
        self._slope = between.negative_slope if isinstance(between, nn.LeakyReLU) else 0.0
        self._linear = [layers[index] for index in found]
        self._before, self._after = list(layers[: found[0]]), list(layers[found[-1] + 1 :])

    @staticmethod
    def possible(hidden: list[nn.Module]) -> bool:
        """Whether these hidden layers, activations included, are such a run."""
        pairs = list(zip(hidden[::2], hidden[1::2], strict=False))
        kinds = {type(activation) for _, activation in pairs}
        linear = all(isinstance(layer, nn.Linear) for layer, _ in pairs)
        return 2 * len(pairs) == len(hidden) and linear and kinds in ({nn.ReLU}, {nn.LeakyReLU})

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or torch.is_autocast_enabled(x.device.type):
            return super().forward(x)
        for layer in self._before:
            x = layer(x)
        x = _Run.apply(x, self._slope, *self._weights())
        for layer in self._after:
            x = layer(x)
        return x

    def input_gradients(self, x: Tensor) -> Tensor:
        """(N, inputs): ∂/∂x of the sum of the outputs at each x, differentiable with respect to the weights alone.

        It is W₁ᵀ(s₁ ∘ W₂ᵀ(s₂ ∘ …)) with s the slopes of the activations, which are constant almost everywhere.
        """
        return _InputGradients.apply(x.flatten(1), self._slope, *self._weights())

    def _weights(self) -> list[Tensor]:
        """W₁, b₁, W₂, b₂, …"""
        return [tensor for layer in self._linear for tensor in (layer.weight, layer.bias)]


class _Run(torch.autograd.Function):
    """x ↦ the last layer's output. It can be differentiated once: see ``Stack.input_gradients`` for the rest."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: float, *weights: Tensor) -> Tensor:
        inputs = _layer_inputs(x, slope, weights)
        ctx.slope = slope
        ctx.save_for_backward(*weights, *inputs)
        return torch.addmm(weights[-1], inputs[-1], weights[-2].t())

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        count = len(ctx.needs_input_grad) - 2
        weights, inputs = ctx.saved_tensors[:count], ctx.saved_tensors[count:]
        found: list[Tensor | None] = [None] * (count + 2)
        for index in reversed(range(0, count, 2)):
            h = inputs[index // 2]
            if ctx.needs_input_grad[index + 2]:
                found[index + 2] = _product(gradient, h)
                found[index + 3] = gradient.sum(0)
            if index:
                gradient = _through(gradient @ weights[index], h, ctx.slope)
            elif ctx.needs_input_grad[0]:
                found[0] = _product(weights[0], gradient.t()).t()
        return tuple(found)


class _InputGradients(torch.autograd.Function):
    """x ↦ ∂(sum of the outputs)/∂x, linear in each weight while no activation changes its slope."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, slope: float, *weights: Tensor) -> Tensor:
        hidden = _layer_inputs(x, slope, weights)[1:]
        matrices = weights[::2]
        flows = [_through(matrices[-1].sum(0).expand(len(x), -1), hidden[-1], slope)]
        for matrix, h in zip(reversed(matrices[1:-1]), reversed(hidden[:-1]), strict=True):
            flows.append(_through(flows[-1] @ matrix, h, slope))
        ctx.slope = slope
        ctx.save_for_backward(*matrices, *hidden, *reversed(flows))
        return _product(matrices[0], flows[-1].t()).t()

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        depth = (len(ctx.needs_input_grad) - 2) // 2
        saved = ctx.saved_tensors
        matrices, hidden, flows = saved[:depth], saved[depth : 2 * depth - 1], saved[2 * depth - 1 :]
        found: list[Tensor | None] = [None, None]
        for matrix, h, flow in zip(matrices[:-1], hidden, flows, strict=True):
            found += [_product(flow, gradient), None]
            gradient = _through(gradient @ matrix.t(), h, ctx.slope)
        return (*found, gradient.sum(0).expand_as(matrices[-1]), None)


def _layer_inputs(x: Tensor, slope: float, weights: tuple[Tensor, ...]) -> list[Tensor]:
    """What each linear layer is fed: x, then the hidden layers' outputs after their activation."""
    found = [x]
    for index in range(0, len(weights) - 2, 2):
        h = torch.addmm(weights[index + 1], found[-1], weights[index].t())
        found.append(torch.relu_(h) if slope == 0 else nn.functional.leaky_relu_(h, slope))
    return found


def _through(gradient: Tensor, output: Tensor, slope: float) -> Tensor:
    """A gradient behind an activation → before it, given the activation's output."""
    if slope == 0:
        return torch.ops.aten.threshold_backward(gradient, output, 0)
    return torch.ops.aten.leaky_relu_backward(gradient, output, slope, True)


def _product(a: Tensor, b: Tensor) -> Tensor:
    """aᵀ b, the short side first: MKL takes seven times as long for a tall matrix with two columns on the right.

    Contiguous, because torch's fused optimisers read a gradient in its weight's order whatever its strides say.
    """
    return (b.t() @ a).t().contiguous() if b.shape[1] < a.shape[1] else a.t() @ b
