"""The 2014 pair, weight for weight as its published code has it."""

import pytest
import torch
from torch import nn

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.networks.goodfellow2014 import marginal_bias
from ganstudio.networks.layers import Dropout, Maxout
from ganstudio.networks.network import Shapes, parameter_count, use_generator

MEAN = torch.linspace(0, 1, 784).view(1, 28, 28)
MNIST = Shapes(100, (1, 28, 28), MEAN)


def build(role: str, shapes: Shapes = MNIST, **params) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return registry.build("network", f"goodfellow-{role}", params).build(shapes)


def linears(network: nn.Module) -> list[nn.Linear]:
    return [module for module in network.modules() if isinstance(module, nn.Linear)]


def test_sizes_of_the_published_pair():
    generator, discriminator = build("generator"), build("discriminator")
    assert [(m.in_features, m.out_features) for m in linears(generator)] == [(100, 1200), (1200, 1200), (1200, 784)]
    assert [(m.in_features, m.out_features) for m in linears(discriminator)] == [(784, 1200), (240, 1200), (240, 1)]
    assert [m.pieces for m in discriminator.modules() if isinstance(m, Maxout)] == [5, 5]
    assert parameter_count(generator) == 101 * 1200 + 1201 * 1200 + 1201 * 784
    assert parameter_count(discriminator) == 785 * 1200 + 241 * 1200 + 241


@pytest.mark.parametrize(("role", "half_range"), [("generator", 0.05), ("discriminator", 0.005)])
def test_initial_weights_are_uniform_in_the_published_ranges(role, half_range):
    layers = linears(build(role))
    for layer in layers:
        assert layer.weight.abs().max() <= half_range
        assert layer.weight.abs().max() > 0.97 * half_range
        assert layer.weight.std().item() == pytest.approx(half_range / 3**0.5, rel=0.1)
    assert not any(layer.bias.any() for layer in layers[:-1])


def test_with_nothing_in_it_the_generator_shows_the_mean_image():
    shown = build("generator")(torch.zeros(1, 100))
    torch.testing.assert_close((shown[0] + 1) / 2, MEAN, atol=1e-6, rtol=0)


def test_without_a_known_mean_the_output_bias_is_zero():
    generator = build("generator", Shapes(100, (1, 28, 28)))
    assert not linears(generator)[-1].bias.any()


def test_pixels_that_never_change_get_a_large_but_finite_bias():
    bias = marginal_bias(torch.tensor([0.0, 0.5, 1.0]))
    assert bias.tolist() == pytest.approx([-16.118, 0, 16.118], abs=1e-3)


def test_dropout_keeps_eight_tenths_of_the_input_and_half_of_what_is_hidden():
    layers = list(build("discriminator").children())
    keeps = [(layer.keep, type(layers[i + 1])) for i, layer in enumerate(layers) if isinstance(layer, Dropout)]
    assert keeps == [(0.8, nn.Linear), (0.5, nn.Linear), (0.5, nn.Linear)]


def test_it_is_the_papers_pair_on_pixels_in_zero_to_one():
    """The network on [−1, 1] equals the same weights written out for [0, 1]."""
    generator, discriminator = build("generator"), build("discriminator").eval()
    z = torch.rand(4, 100) * 2 - 1
    first, second, last = linears(generator)
    pixels = last(second(first(z).relu()).relu()).sigmoid()
    samples = generator(z)
    torch.testing.assert_close(samples.flatten(1), 2 * pixels - 1, atol=1e-6, rtol=0)
    first, second, last = linears(discriminator)
    hidden = first(pixels).view(4, 5, 240).amax(1)
    hidden = second(hidden).view(4, 5, 240).amax(1)
    torch.testing.assert_close(discriminator(samples), last(hidden)[:, 0], atol=1e-7, rtol=1e-4)


def test_dropout_follows_the_generator():
    discriminator, x = build("discriminator"), torch.rand(4, 1, 28, 28)
    outputs = []
    for seed in (5, 5, 6):
        use_generator(discriminator, torch.Generator().manual_seed(seed))
        outputs.append(discriminator(x))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def test_colour_images_have_a_pixel_bias_for_each_channel():
    mean = torch.rand(3, 16, 16, generator=torch.Generator().manual_seed(0)) * 0.8 + 0.1
    shown = build("generator", Shapes(10, (3, 16, 16), mean), width=8)(torch.zeros(2, 10))
    torch.testing.assert_close((shown[1] + 1) / 2, mean, atol=1e-5, rtol=0)


@pytest.mark.parametrize("role", ["generator", "discriminator"])
def test_points_are_refused(role):
    with pytest.raises(StudioError, match="choose an MLP for points") as caught:
        build(role, Shapes(10, (2,)))
    assert caught.value.field == f"players.{role}.network"


@pytest.mark.parametrize(("role", "params"), [("generator", {"width": 0}), ("discriminator", {"pieces": 1})])
def test_bad_values_are_refused_by_name(role, params):
    with pytest.raises(StudioError) as caught:
        registry.configure("network", f"goodfellow-{role}", params, f"players.{role}.network")
    assert caught.value.field == f"players.{role}.network.{next(iter(params))}"
