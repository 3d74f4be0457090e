"""A stack of linear layers computes what its layers compute, and so do its written-out gradients."""

import copy

import pytest
import torch
from torch import nn

from ganstudio.experiment.registry import registry
from ganstudio.games.regularisers.r1 import input_gradients
from ganstudio.networks.network import Shapes
from ganstudio.networks.stack import Stack

ACTIVATIONS = "relu", "leaky-relu"
HIDDEN = [7], [16, 9], [5, 6, 4]


@pytest.fixture(params=ACTIVATIONS)
def activation(request) -> str:
    return request.param


@pytest.fixture(params=HIDDEN, ids=str)
def pair(request, activation) -> tuple[Stack, nn.Sequential]:
    """A discriminator as a stack, and the same layers one by one, in float64."""
    params = {"hidden": request.param, "activation": activation}
    stack = registry.build("network", "mlp-discriminator", params).build(Shapes(3, (2,))).double()
    assert isinstance(stack, Stack)
    return stack, nn.Sequential(*copy.deepcopy(stack))


def same(found: tuple, expected: tuple) -> bool:
    return all(torch.allclose(a, b, atol=1e-12) for a, b in zip(found, expected, strict=True))


def test_outputs_and_first_derivatives(pair):
    x = torch.randn(11, 2, dtype=torch.float64, requires_grad=True)
    outputs = [network(x) for network in pair]
    assert torch.equal(*outputs)
    found, expected = (
        torch.autograd.grad(out.square().sum(), [x, *network.parameters()])
        for out, network in zip(outputs, pair, strict=True)
    )
    assert same(found, expected)


def test_slopes_at_the_samples_and_how_weights_change_them(pair):
    x = torch.randn(11, 2, dtype=torch.float64)
    slopes = [input_gradients(network, x) for network in pair]
    assert same((slopes[0],), (slopes[1],))
    matrices = [[weight for weight in network.parameters() if weight.ndim == 2] for network in pair]
    found, expected = (
        torch.autograd.grad((one**3).sum(), weights) for one, weights in zip(slopes, matrices, strict=True)
    )
    assert same(found, expected)


def test_a_frozen_stack_passes_the_gradient_on(pair):
    x = torch.randn(11, 2, dtype=torch.float64, requires_grad=True)
    for network in pair:
        network.requires_grad_(False)
    found, expected = (torch.autograd.grad(network(x).sum(), x) for network in pair)
    assert same(found, expected)


def test_copies_in_evaluation_mode_call_their_layers():
    """Hooks on layers (the players' table, principal directions) are answered there."""
    stack = registry.build("network", "mlp-generator", {"hidden": [4]}).build(Shapes(3, (2,))).eval()
    seen = []
    stack[0].register_forward_hook(lambda *_: seen.append(1))
    stack(torch.randn(2, 3))
    assert seen


@pytest.mark.parametrize("params", [{"activation": "tanh"}, {"norm": "batch"}, {"dropout": 0.5}], ids=str)
def test_other_layers_are_no_stack(params):
    network = registry.build("network", "mlp-generator", {"hidden": [4, 4], **params}).build(Shapes(3, (2,)))
    assert not isinstance(network, Stack)
