"""Initial weights have the spread that their papers ask for, whatever the container, and come from the run's seed."""

from math import sqrt

import pytest
import torch

from ganstudio.networks.mlp import MLPDiscriminator, MLPGenerator
from ganstudio.networks.network import Shapes

INPUTS, UNITS = 300, 400


def linear(initial: str, activation: str = "relu", seed: int = 0) -> torch.nn.Linear:
    """The hidden layer between 300 and 400 units."""
    spec = MLPGenerator(MLPGenerator.Config(hidden=[INPUTS, UNITS], activation=activation, initial=initial))
    torch.manual_seed(seed)
    return [one for one in spec.build(Shapes(8, (2,))).modules() if isinstance(one, torch.nn.Linear)][1]


@pytest.mark.parametrize(
    ("initial", "variance"),
    [
        ("uniform", 1 / (3 * INPUTS)),
        ("lecun-normal", 1 / INPUTS),
        ("he-normal", 2 / INPUTS),
        ("glorot-uniform", 2 / (INPUTS + UNITS)),
        ("orthogonal", 2 / UNITS),
    ],
)
@pytest.mark.parametrize("activation", ["relu", "tanh"])  # a stack, and a chain
def test_weights_are_spread_as_the_paper_asks(initial, variance, activation):
    layer = linear(initial, activation)
    assert layer.weight.var().item() == pytest.approx(variance, rel=0.02)
    assert layer.weight.mean().item() == pytest.approx(0, abs=4 * sqrt(variance / layer.weight.numel()))
    assert (layer.bias == 0).all() == (initial != "uniform")


def test_orthogonal_weights_keep_lengths_but_for_the_gain():
    weight = linear("orthogonal").weight
    torch.testing.assert_close(weight.T @ weight, 2 * torch.eye(INPUTS), atol=1e-4, rtol=0)


def test_a_bounded_kind_has_no_weight_beyond_its_bound():
    assert linear("glorot-uniform").weight.abs().max() <= sqrt(6 / (INPUTS + UNITS))


def test_the_seed_decides_and_the_last_layer_is_drawn_too():
    first, again, other = (linear("he-normal", seed=seed).weight for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    spec = MLPDiscriminator(MLPDiscriminator.Config(hidden=[1000], initial="lecun-normal", norm="batch"))
    last = spec.build(Shapes(8, (2,)))[-2]
    assert last.weight.var().item() == pytest.approx(1 / 1000, rel=0.2)
    assert (last.bias == 0).all()
