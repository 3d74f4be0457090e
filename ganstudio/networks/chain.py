"""A chain of layers of multi-layer perceptrons, both of its passes written out.

Autograd's graph costs a tenth of a step of a small network; these passes build none.
"""

from typing import Any

import torch
from torch import Tensor, nn

from ganstudio.networks.layers import Dropout, Logit
from ganstudio.networks.products import affine, back


class Chain(nn.Sequential):
    """A Sequential that can also be walked by hand, in training mode: ``trace`` forward, ``pull`` back.

    Both do what calling it and autograd do: they move batch norm's statistics and draw dropout's masks.
    """

    def __init__(self, *layers: nn.Module):
        super().__init__(*layers)
        self._first = next((i for i, layer in enumerate(layers) if list(layer.parameters())), 0)

    @staticmethod
    def possible(layers: list[nn.Module]) -> bool:
        """Whether each of these layers is one that a chain knows."""
        return all(type(layer) in PASSES for layer in layers)

    def trace(self, x: Tensor) -> tuple[list[Any], Tensor]:
        """What each layer keeps for the way back, and the last one's output."""
        kept = []
        for layer in self:
            found, x = PASSES[type(layer)].trace(layer, x)
            kept.append(found)
        return kept, x

    def pull(
        self, kept: list[Any], gradient: Tensor, weights: bool = True, to_input: bool = False
    ) -> tuple[list[Tensor], Tensor | None]:
        """Back from the output's gradient: gradients of the parameters, in their order (none unless wanted), and of
        the input.
        """
        found: list[Tensor] = []
        first = 0 if to_input else self._first  # before the first weights there is nothing to learn
        for index in reversed(range(first, len(self))):
            layer = self[index]
            own, gradient = PASSES[type(layer)].pull(layer, kept[index], gradient, weights, to_input or index > first)
            found[:0] = own
        return found, gradient if to_input else None


class _Pass:
    """Both passes of one kind of layer. ``pull`` answers gradients of the layer's weights, and of its input."""

    @staticmethod
    def trace(layer: Any, x: Tensor) -> tuple[Any, Tensor]:
        raise NotImplementedError

    @staticmethod
    def pull(layer: Any, kept: Any, gradient: Tensor, weights: bool, on: bool) -> tuple[list[Tensor], Tensor | None]:
        raise NotImplementedError


class _Linear(_Pass):
    @staticmethod
    def trace(layer: nn.Linear, x: Tensor) -> tuple[Any, Tensor]:
        return x, affine(x, layer.weight, layer.bias)

    @staticmethod
    def pull(layer: nn.Linear, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        own = []
        if weights:
            own.append(gradient.t() @ kept)
            if layer.bias is not None:
                own.append(gradient.sum(0))
        return own, back(gradient, layer.weight) if on else None


class _BatchNorm(_Pass):
    @staticmethod
    def trace(layer: nn.BatchNorm1d, x: Tensor) -> tuple[Any, Tensor]:
        layer.num_batches_tracked.add_(1)
        statistics = layer.running_mean, layer.running_var
        y, *batch = torch.native_batch_norm(x, layer.weight, layer.bias, *statistics, True, layer.momentum, layer.eps)
        return (x, *batch), y

    @staticmethod
    def pull(layer: nn.BatchNorm1d, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        x, mean, invstd = kept
        running = layer.running_mean, layer.running_var
        wanted = [on, weights, weights]
        gradient, *own = torch.ops.aten.native_batch_norm_backward(
            gradient, x, layer.weight, *running, mean, invstd, True, layer.eps, wanted
        )
        return own if weights else [], gradient


class _ReLU(_Pass):
    @staticmethod
    def trace(layer: nn.ReLU, x: Tensor) -> tuple[Any, Tensor]:
        y = torch.relu_(x)
        return y, y

    @staticmethod
    def pull(layer: nn.ReLU, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        return [], torch.ops.aten.threshold_backward(gradient, kept, 0)


class _LeakyReLU(_Pass):
    @staticmethod
    def trace(layer: nn.LeakyReLU, x: Tensor) -> tuple[Any, Tensor]:
        y = nn.functional.leaky_relu_(x, layer.negative_slope)
        return y, y

    @staticmethod
    def pull(layer: nn.LeakyReLU, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        return [], torch.ops.aten.leaky_relu_backward(gradient, kept, layer.negative_slope, True)


class _Tanh(_Pass):
    @staticmethod
    def trace(layer: nn.Tanh, x: Tensor) -> tuple[Any, Tensor]:
        y = torch.tanh(x)
        return y, y

    @staticmethod
    def pull(layer: nn.Tanh, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        return [], torch.ops.aten.tanh_backward(gradient, kept)


class _Dropout(_Pass):
    @staticmethod
    def trace(layer: Dropout, x: Tensor) -> tuple[Any, Tensor]:
        mask = layer.mask(x)
        return mask, x if mask is None else x * mask

    @staticmethod
    def pull(layer: Dropout, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        return [], gradient if kept is None else gradient * kept


class _Reshape(_Pass):
    """Layers that only see the same numbers in another shape."""

    @staticmethod
    def trace(layer: nn.Module, x: Tensor) -> tuple[Any, Tensor]:
        return x.shape, layer(x)

    @staticmethod
    def pull(layer: nn.Module, kept: Any, gradient: Tensor, weights: bool, on: bool) -> Any:
        return [], gradient.reshape(kept)


PASSES: dict[type[nn.Module], type[_Pass]] = {
    nn.Linear: _Linear,
    nn.BatchNorm1d: _BatchNorm,
    nn.ReLU: _ReLU,
    nn.LeakyReLU: _LeakyReLU,
    nn.Tanh: _Tanh,
    Dropout: _Dropout,
    nn.Flatten: _Reshape,
    nn.Unflatten: _Reshape,
    Logit: _Reshape,
}
"""The kinds of layers that a chain knows."""
