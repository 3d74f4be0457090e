"""Linear layers with ReLU between them, their gradients written out.

A game on points is bound by the overhead of many small operations more than by its arithmetic: what autograd does in
three hundred of them takes a third as many by hand.
"""

from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable


class Stack(nn.Sequential):
    """A Sequential whose run of linear layers, with ReLU or leaky ReLU between them, is one node of autograd's graph.

    Same weights, names and results; in evaluation mode (copies to look through) the layers are called one by one.
    ``trace``, ``pull``, ``flows`` and ``pull_flows`` are the same passes without a graph.
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
        x = _Run.apply(self, x, *self._weights())
        for layer in self._after:
            x = layer(x)
        return x

    def input_gradients(self, x: Tensor) -> Tensor:
        """(N, inputs): ∂/∂x of the sum of the outputs at each x, differentiable with respect to the weights alone."""
        return _InputGradients.apply(self, x.flatten(1), *self._weights())

    # without a graph; x is (N, inputs), what the first linear layer is fed

    def trace(self, x: Tensor) -> tuple[list[Tensor], Tensor]:
        """What each linear layer is fed (x, then the hidden layers' outputs), and the last one's output."""
        fed = [x]
        for layer in self._linear[:-1]:
            h = torch.addmm(layer.bias, fed[-1], layer.weight.t())
            fed.append(torch.relu_(h) if self._slope == 0 else nn.functional.leaky_relu_(h, self._slope))
        last = self._linear[-1]
        return fed, torch.addmm(last.bias, fed[-1], last.weight.t())

    def pull(
        self, fed: list[Tensor], gradient: Tensor, weights: bool = True, to_input: bool = False
    ) -> tuple[list[Tensor | None], Tensor | None]:
        """Back from the output: gradients of W₁, b₁, W₂, b₂, … (None where not wanted), and of the input."""
        found: list[Tensor | None] = [None] * (2 * len(fed))
        for index in reversed(range(len(fed))):
            if weights:
                found[2 * index] = _product(gradient, fed[index])
                found[2 * index + 1] = gradient.sum(0)
            if index:
                gradient = self._through(gradient @ self._linear[index].weight, fed[index])
        return found, _product(self._linear[0].weight, gradient.t()).t() if to_input else None

    def flows(self, fed: list[Tensor]) -> tuple[list[Tensor], Tensor]:
        """∂(sum of the outputs) with respect to each hidden layer before its activation, and to the input.

        It is W₁ᵀ(s₁ ∘ W₂ᵀ(s₂ ∘ …)) with s the slopes of the activations, which are constant almost everywhere.
        """
        flow = self._through(self._linear[-1].weight.sum(0).expand(len(fed[0]), -1), fed[-1])
        found = [flow]
        for layer, h in zip(reversed(self._linear[1:-1]), reversed(fed[1:-1]), strict=True):
            found.append(self._through(found[-1] @ layer.weight, h))
        return found[::-1], _product(self._linear[0].weight, found[-1].t()).t()

    def pull_flows(self, fed: list[Tensor], flows: list[Tensor], gradient: Tensor) -> list[Tensor]:
        """Back from the input's gradient: gradients of W₁, W₂, …; the biases have none."""
        found = []
        for layer, h, flow in zip(self._linear[:-1], fed[1:], flows, strict=True):
            found.append(_product(flow, gradient))
            gradient = self._through(gradient @ layer.weight.t(), h)
        return [*found, gradient.sum(0).expand_as(self._linear[-1].weight)]

    def _through(self, gradient: Tensor, output: Tensor) -> Tensor:
        """A gradient behind an activation → before it, given the activation's output."""
        if self._slope == 0:
            return torch.ops.aten.threshold_backward(gradient, output, 0)
        return torch.ops.aten.leaky_relu_backward(gradient, output, self._slope, True)

    def _weights(self) -> list[Tensor]:
        """W₁, b₁, W₂, b₂, …"""
        return [tensor for layer in self._linear for tensor in (layer.weight, layer.bias)]


class _Run(torch.autograd.Function):
    """x ↦ the last layer's output. It can be differentiated once: see ``Stack.input_gradients`` for the rest."""

    @staticmethod
    def forward(ctx: Any, stack: Stack, x: Tensor, *weights: Tensor) -> Tensor:
        fed, output = stack.trace(x)
        ctx.stack = stack
        ctx.save_for_backward(*fed)
        return output

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        found, x = ctx.stack.pull(ctx.saved_tensors, gradient, any(ctx.needs_input_grad[2:]), ctx.needs_input_grad[1])
        return None, x, *found


class _InputGradients(torch.autograd.Function):
    """x ↦ ∂(sum of the outputs)/∂x, linear in each weight while no activation changes its slope."""

    @staticmethod
    def forward(ctx: Any, stack: Stack, x: Tensor, *weights: Tensor) -> Tensor:
        fed, _ = stack.trace(x)
        flows, found = stack.flows(fed)
        ctx.stack = stack
        ctx.save_for_backward(*fed, *flows)
        return found

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        saved = ctx.saved_tensors
        layers = (len(saved) + 1) // 2
        found = ctx.stack.pull_flows(saved[:layers], saved[layers:], gradient)
        return None, None, *(one for matrix in found for one in (matrix, None))


def _product(a: Tensor, b: Tensor) -> Tensor:
    """aᵀ b, the short side first: MKL takes seven times as long for a tall matrix with two columns on the right."""
    return (b.t() @ a).t() if b.shape[1] < a.shape[1] else a.t() @ b
