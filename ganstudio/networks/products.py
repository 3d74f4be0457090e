"""The matrix products of fully connected layers, by the faster of torch's two libraries on the CPU.

``nn.functional.linear`` calls MKL, which on processors not made by Intel takes up to half as long again as oneDNN for
a batch of a few dozen rows. The sums are the same, in another order. They are for passes that are
written out by hand: autograd does not see oneDNN's.
"""

import torch
from torch import Tensor
from torch.nn.functional import linear

WORTH = 2**20
"""Multiplications from which on oneDNN's longer call is repaid."""

ONEDNN = torch.backends.mkldnn.is_available() and hasattr(torch.ops.mkldnn, "_linear_pointwise")
"""Whether this build of torch has the call."""


def affine(x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """(N, i), (o, i), (o,) → x·weightᵀ + bias, (N, o)."""
    if _by_onednn(x, weight):
        return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    return linear(x, weight, bias)


def back(gradient: Tensor, weight: Tensor) -> Tensor:
    """(N, o), (o, i) → gradient·weight, (N, i): the way back of ``affine`` to its input."""
    return affine(gradient, weight.t(), None)


def _by_onednn(x: Tensor, weight: Tensor) -> bool:
    large = len(x) * weight.numel() >= WORTH
    return ONEDNN and large and x.device.type == "cpu" and x.dtype == weight.dtype == torch.float32
