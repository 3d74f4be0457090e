import pytest
import torch
from torch import nn

from ganstudio.networks.thin import ImageConv2d, ImageConvTranspose2d

SHAPE = {"kernel_size": 4, "stride": 2, "padding": 1}


def pair(thin, plain, channels):
    """A thin layer and torch's own with the same weights."""
    torch.manual_seed(0)
    ours, theirs = thin(*channels, **SHAPE).double(), plain(*channels, **SHAPE).double()
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
@pytest.mark.parametrize("kind", ["gather", "spread"])
def test_a_thin_layer_is_torchs_own(kind, channels, layout):
    if kind == "gather":
        ours, theirs = pair(ImageConv2d, nn.Conv2d, (channels, 8))
        x = torch.randn(5, channels, 12, 12, dtype=torch.float64)
    else:
        ours, theirs = pair(ImageConvTranspose2d, nn.ConvTranspose2d, (8, channels))
        x = torch.randn(5, 8, 7, 7, dtype=torch.float64)
    x = x.to(memory_format=layout).requires_grad_()
    y, expected = ours.to(memory_format=layout)(x), theirs(x)
    torch.testing.assert_close(y, expected)
    assert y.is_contiguous(memory_format=layout)
    upstream = torch.randn_like(y)
    for found, wanted in zip(
        torch.autograd.grad(y, [x, *ours.parameters()], upstream),
        torch.autograd.grad(expected, [x, *theirs.parameters()], upstream),
        strict=True,
    ):
        torch.testing.assert_close(found, wanted)


@pytest.mark.parametrize("kind", ["gather", "spread"])
def test_gradients_of_gradients_are_right(kind):
    thin, shape = (ImageConv2d, (2, 1, 6, 6)) if kind == "gather" else (ImageConvTranspose2d, (2, 3, 3, 3))
    torch.manual_seed(0)
    layer = thin(*((1, 3) if kind == "gather" else (3, 1)), **SHAPE).double()

    def output(x, weight, bias):
        return torch.func.functional_call(layer, {"weight": weight, "bias": bias}, (x,))

    inputs = [torch.randn(shape, dtype=torch.float64, requires_grad=True), *layer.parameters()]
    assert torch.autograd.gradgradcheck(output, inputs)


def test_a_frozen_layer_passes_gradients_and_a_first_layer_asks_for_none():
    layer = ImageConv2d(1, 4, **SHAPE)
    image = torch.randn(2, 1, 8, 8)
    assert torch.autograd.grad(layer(image).sum(), list(layer.parameters()))[0].shape == layer.weight.shape
    layer.requires_grad_(False)
    image.requires_grad_()
    assert torch.autograd.grad(layer(image).sum(), image)[0].shape == image.shape


def test_bfloat16_takes_torchs_way():
    layer = ImageConvTranspose2d(4, 1, **SHAPE)
    with torch.autocast("cpu", torch.bfloat16):
        assert layer(torch.randn(2, 4, 4, 4)).dtype == torch.bfloat16
