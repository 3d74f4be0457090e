"""The two convolutions between an image's few channels and a network's many, made fast on the CPU.

oneDNN pads channels to a vector register of 16 numbers. A transposed convolution that ends in 1 or 3 channels, and the
gradient of a convolution that starts from them, then cost many times their arithmetic: a quarter of a small DCGAN's
step. As a matrix product followed by ``fold`` they cost what they should. The sums are the same, in another order.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, fold


class ImageConv2d(nn.Conv2d):
    """``Conv2d`` from an image (N, c, H, W) to many channels. One group, no dilation, zero padding."""

    def forward(self, x: Tensor) -> Tensor:
        if _plain(x):
            return super().forward(x)
        return _Gather.apply(x, self.weight, self.bias, self.stride, self.padding)


class ImageConvTranspose2d(nn.ConvTranspose2d):
    """``ConvTranspose2d`` from many channels to an image (N, c, H, W). One group, no dilation, no output padding."""

    def forward(self, x: Tensor) -> Tensor:
        if _plain(x):
            return super().forward(x)
        image = _Spread.apply(x, self.weight, self.stride, self.padding)
        return image if self.bias is None else image + self.bias.view(-1, 1, 1)


def _plain(x: Tensor) -> bool:
    """Whether torch's own convolution is the right one: on a GPU, and under autocast, whose casts it knows."""
    return x.device.type != "cpu" or torch.is_autocast_enabled("cpu")


class _Gather(torch.autograd.Function):
    """Image → features: a convolution. Its gradient with respect to the image is ``_Spread``."""

    @staticmethod
    def forward(
        ctx: Any, image: Tensor, weight: Tensor, bias: Tensor | None, stride: tuple[int, int], padding: tuple[int, int]
    ) -> Tensor:
        ctx.save_for_backward(image, weight)
        ctx.stride, ctx.padding, ctx.has_bias = stride, padding, bias is not None
        return conv2d(image, weight, bias, stride, padding)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple:
        image, weight = ctx.saved_tensors
        to_image = to_weight = to_bias = None
        if ctx.needs_input_grad[0]:
            to_image = _Spread.apply(gradient, weight, ctx.stride, ctx.padding)
        if ctx.needs_input_grad[1]:
            to_weight = _weight_gradient(gradient, image, weight, ctx.stride, ctx.padding)
        if ctx.has_bias and ctx.needs_input_grad[2]:
            to_bias = gradient.sum((0, 2, 3))
        return to_image, to_weight, to_bias, None, None


class _Spread(torch.autograd.Function):
    """Features → image: the transposed convolution. Its gradient with respect to the features is ``_Gather``."""

    @staticmethod
    def forward(
        ctx: Any, features: Tensor, weight: Tensor, stride: tuple[int, int], padding: tuple[int, int]
    ) -> Tensor:
        ctx.save_for_backward(features, weight)
        ctx.stride, ctx.padding = stride, padding
        kernel = tuple(weight.shape[2:])
        side = [(n - 1) * s - 2 * p + k for n, s, p, k in zip(features.shape[2:], stride, padding, kernel, strict=True)]
        # (c·k·k, C) @ (N, C, H·W): what each position adds to its patch of the image.
        patches = weight.flatten(1).t() @ features.flatten(2)
        image = fold(patches, side, kernel, padding=padding, stride=stride)
        last = features.is_contiguous(memory_format=torch.channels_last)
        return image.contiguous(memory_format=torch.channels_last) if last else image

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple:
        features, weight = ctx.saved_tensors
        to_features = to_weight = None
        if ctx.needs_input_grad[0]:
            to_features = _Gather.apply(gradient, weight, None, ctx.stride, ctx.padding)
        if ctx.needs_input_grad[1]:
            to_weight = _weight_gradient(features, gradient, weight, ctx.stride, ctx.padding)
        return to_features, to_weight, None, None


def _weight_gradient(
    features: Tensor, image: Tensor, weight: Tensor, stride: tuple[int, int], padding: tuple[int, int]
) -> Tensor:
    """Gradient of ⟨features, conv(image, weight)⟩ with respect to the weight; itself differentiable."""
    return torch.ops.aten.convolution_backward(
        features, image, weight, None, stride, padding, (1, 1), False, (0, 0), 1, (False, True, False)
    )[1]
