"""MLPs of any depth and width."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.networks.network import Shapes, couples_batch, parameter_count, use_generator

POINTS = Shapes(3, (2,))


def build(kind: str, shapes: Shapes = POINTS, **params) -> nn.Module:
    return registry.build("network", kind, params).build(shapes)


@pytest.mark.parametrize("hidden", [[1], [7], [5, 9], [4, 3, 2, 3, 4, 5, 6, 7]])
def test_any_depth_and_width(hidden):
    widths = [3, *hidden, 2]
    expected = sum((a + 1) * b for a, b in pairwise(widths))
    assert parameter_count(build("mlp-generator", hidden=hidden)) == expected


def test_maxout_has_its_pieces():
    network = build("mlp-discriminator", hidden=[10, 4], activation="maxout", pieces=3)
    assert parameter_count(network) == 3 * 30 + 11 * 12 + 5


def test_points_are_unbounded_unless_told_so_and_images_never_are():
    generator = build("mlp-generator", hidden=[8])
    assert generator(1000 * torch.randn(50, 3)).abs().max() > 1
    bounded = build("mlp-generator", hidden=[8], output="tanh")
    assert bounded(1000 * torch.randn(50, 3)).abs().max() <= 1
    images = build("mlp-generator", Shapes(3, (3, 8, 8)), hidden=[8])
    assert images(1000 * torch.randn(50, 3)).abs().max() <= 1


def test_batch_norm_couples_the_batch_and_is_off_by_default():
    assert not couples_batch(build("mlp-discriminator"))
    assert couples_batch(build("mlp-discriminator", norm="batch"))


def test_channels_last_images_are_judged_as_the_same_images():
    network = build("mlp-discriminator", Shapes(3, (3, 8, 8)), hidden=[8])
    x = torch.randn(4, 3, 8, 8)
    assert torch.equal(network(x), network(x.to(memory_format=torch.channels_last)))


def test_dropout_follows_the_generator():
    network, x = build("mlp-discriminator", hidden=[50], dropout=0.5), torch.randn(4, 2)
    outputs = []
    for _ in range(2):
        use_generator(network, torch.Generator().manual_seed(3))
        outputs.append(network(x))
    assert torch.equal(*outputs)
    assert not torch.equal(outputs[0], network(x))


@pytest.mark.parametrize("hidden", [[], [0], [8193], [4] * 9, [-1, 3]])
def test_too_few_too_many_too_wide(hidden):
    with pytest.raises(StudioError, match="1 to 8 layers of 1 to 8192 units") as caught:
        registry.configure("network", "mlp-generator", {"hidden": hidden}, "players.generator.network")
    assert caught.value.field == "players.generator.network.hidden"


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"hidden": "wide"}, "hidden"),
        ({"hidden": [1.5]}, "hidden.0"),
        ({"activation": "gelu"}, "activation"),
        ({"dropout": 1.0}, "dropout"),
        ({"pieces": 1}, "pieces"),
        ({"norm": "layer"}, "norm"),
        ({"depth": 3}, "depth"),
    ],
)
def test_bad_values_are_refused_by_name(params, field):
    with pytest.raises(StudioError) as caught:
        registry.configure("network", "mlp-generator", params, "players.generator.network")
    assert caught.value.field == f"players.generator.network.{field}"


def test_defaults_of_the_two_players():
    generator, discriminator = (
        registry.find("network", f"mlp-{role}")().config for role in ("generator", "discriminator")
    )
    assert generator.activation == "relu"
    assert discriminator.activation == "leaky-relu"
