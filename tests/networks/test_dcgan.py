"""DCGAN: every size, the paper's layers and initialisation, and what it refuses."""

from itertools import pairwise

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import registry
from ganstudio.networks.dcgan import SIZES, plan
from ganstudio.networks.network import Shapes, couples_batch, parameter_count


def build(role: str, size: int, channels: int = 1, seed: int = 0, **params) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        spec = registry.build("network", f"dcgan-{role}", {"width": 2, **params})
        return spec.build(Shapes(10, (channels, size, size)))


@pytest.mark.parametrize("size", SIZES)
def test_every_size_that_is_a_multiple_of_four(size):
    channels = 3 if size % 8 == 0 else 1
    samples = build("generator", size, channels)(torch.randn(2, 10))
    assert samples.shape == (2, channels, size, size)
    assert samples.abs().max() <= 1
    assert build("discriminator", size, channels)(samples).shape == (2,)


def test_sizes_are_those_promised():
    assert list(SIZES) == list(range(16, 129, 4))
    for size in SIZES:
        side, factors = plan(size)
        assert side * 2 ** len(factors) == size
        assert side >= 4
        assert len(factors) >= 2
        assert factors[-1] == 1
        assert max(factors) <= 8


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (28, (7, [2, 1])),
        (32, (4, [4, 2, 1])),
        (48, (6, [4, 2, 1])),
        (64, (4, [8, 4, 2, 1])),
        (128, (4, [8, 8, 4, 2, 1])),
    ],
)
def test_where_common_sizes_start(size, expected):
    assert plan(size) == expected


def test_the_papers_64_pixels():
    """Layer by layer as in section 3: ngf = ndf = 64, z of 100, RGB; weights counted by hand."""
    generator = build("generator", 64, 3, width=64)
    convolutions = [module for module in generator.modules() if isinstance(module, nn.ConvTranspose2d)]
    assert [module.out_channels for module in convolutions] == [256, 128, 64, 3]
    assert {module.kernel_size for module in convolutions} == {(4, 4)}
    assert {module.stride for module in convolutions} == {(2, 2)}
    norms = [module.num_features for module in generator.modules() if isinstance(module, nn.BatchNorm2d)]
    assert norms == [512, 256, 128, 64]
    z = 10
    maps = z * 512 * 16 + 16 * (512 * 256 + 256 * 128 + 128 * 64 + 64 * 3)
    assert parameter_count(generator) == maps + 2 * (512 + 256 + 128 + 64) + 3

    discriminator = build("discriminator", 64, 3, width=64)
    norms = [module.num_features for module in discriminator.modules() if isinstance(module, nn.BatchNorm2d)]
    assert norms == [128, 256, 512]
    maps = 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512)
    assert parameter_count(discriminator) == maps + 64 + 2 * (128 + 256 + 512) + 1


def test_initial_weights_are_the_papers():
    for role in ("generator", "discriminator"):
        network = build(role, 64, 3, width=32)
        scales = []
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                if module.weight.numel() > 5000:
                    assert module.weight.std().item() == pytest.approx(0.02, rel=0.05)
                    assert abs(module.weight.mean().item()) < 0.002
                assert module.bias is None or not module.bias.any()
            elif isinstance(module, nn.BatchNorm2d):
                scales.append(module.weight)
                assert not module.bias.any()
        assert torch.cat(scales).mean().item() == pytest.approx(1, abs=0.01)
        assert torch.cat(scales).std().item() == pytest.approx(0.02, rel=0.2)


def test_a_bias_stands_only_where_no_batch_norm_follows():
    for role in ("generator", "discriminator"):
        layers = list(build(role, 32).modules())
        for layer, following in pairwise(layers):
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                assert (layer.bias is None) == isinstance(following, nn.BatchNorm2d)


def test_the_linear_first_layer_is_the_papers_transposed_convolution():
    generator = build("generator", 32, norm="none")
    project = generator[0]
    side, _, channels = project.map
    convolution = nn.ConvTranspose2d(10, channels, side)
    with torch.no_grad():
        convolution.weight.copy_(project.linear.weight.t().unflatten(1, project.map).permute(0, 3, 1, 2))
        convolution.bias.zero_()
    z = torch.randn(3, 10)
    torch.testing.assert_close(project(z), convolution(z[:, :, None, None]))


def test_the_linear_last_layer_is_a_convolution_over_the_whole_map():
    judge = build("discriminator", 32, norm="none")[-1]
    x = torch.randn(3, 8, 4, 4)
    convolution = nn.Conv2d(8, 1, 4)
    with torch.no_grad():
        convolution.weight.copy_(judge.linear.weight.unflatten(1, (4, 4, 8)).permute(0, 3, 1, 2))
        convolution.bias.copy_(judge.linear.bias)
    torch.testing.assert_close(judge(x), convolution(x).flatten())


@pytest.mark.parametrize("size", [28, 32])
def test_the_memory_format_changes_nothing_but_the_layout(size):
    for role, x in (("generator", torch.randn(4, 10)), ("discriminator", torch.randn(4, 1, size, size))):
        plain, fast = build(role, size), build(role, size).to(memory_format=torch.channels_last)
        y = x.to(memory_format=torch.channels_last) if x.ndim == 4 else x
        torch.testing.assert_close(fast(y), plain(x), atol=1e-5, rtol=1e-5)


def test_maps_stay_channels_last_all_the_way():
    layouts = []
    for role, x in (("generator", torch.randn(4, 10)), ("discriminator", torch.randn(4, 3, 32, 32))):
        network = build(role, 32, 3, width=4).to(memory_format=torch.channels_last)
        for module in network.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
                module.register_forward_hook(
                    lambda _, inputs, output: layouts.append(
                        all(t.is_contiguous(memory_format=torch.channels_last) for t in (inputs[0], output))
                    )
                )
        network(x.to(memory_format=torch.channels_last) if x.ndim == 4 else x)
    assert len(layouts) == 11
    assert all(layouts)


@pytest.mark.parametrize("spectral", [False, True])
def test_without_batch_norm_gradients_can_be_penalised(spectral):
    network = build("discriminator", 16, 3, norm="none", spectral_norm=spectral).to(memory_format=torch.channels_last)
    assert not couples_batch(network)
    x = torch.randn(4, 3, 16, 16).to(memory_format=torch.channels_last).requires_grad_()
    (slope,) = torch.autograd.grad(network(x).sum(), x, create_graph=True)
    gradients = torch.autograd.grad(slope.square().sum(), list(network.parameters()), allow_unused=True)
    weights = [g for g, p in zip(gradients, network.parameters(), strict=True) if p.ndim > 1]
    assert all(g is not None and g.isfinite().all() and g.any() for g in weights)


def test_batch_norm_as_in_the_paper_couples_the_batch():
    assert couples_batch(build("discriminator", 16))
    assert couples_batch(build("generator", 16))
    assert not couples_batch(build("generator", 16, norm="none"))


def test_spectral_norm_makes_every_largest_singular_value_one():
    network = build("discriminator", 32, 3, width=8, norm="none", spectral_norm=True)
    normed = [module for module in network.modules() if parametrize.is_parametrized(module)]
    assert len(normed) == 4
    for _ in range(30):
        network(torch.randn(2, 3, 32, 32))
    network.eval()
    for module in normed:
        assert torch.linalg.matrix_norm(module.weight.flatten(1), 2).item() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(
    ("shape", "field", "words"),
    [
        ((1, 12, 12), "data.size", "from 16 to 128 pixels that is a multiple of 4"),
        ((3, 30, 30), "data.size", "multiple of 4"),
        ((3, 132, 132), "data.size", "16 to 128"),
        ((3, 32, 28), "players.discriminator.network", "square"),
        ((4, 32, 32), "players.discriminator.network", "1 or 3 channels"),
        ((2,), "players.discriminator.network", "MLP for points"),
    ],
)
def test_shapes_it_cannot_produce_are_refused_with_the_field(shape, field, words):
    with pytest.raises(StudioError, match=words) as caught:
        registry.build("network", "dcgan-discriminator", {}).build(Shapes(10, shape))
    assert caught.value.field == field
    with pytest.raises(StudioError, match=words):
        registry.build("network", "dcgan-generator", {}).build(Shapes(10, shape))


@pytest.mark.parametrize("params", [{"width": 0}, {"width": 513}, {"norm": "layer"}, {"spectral_norm": "maybe"}])
def test_bad_values_are_refused_by_name(params):
    with pytest.raises(StudioError) as caught:
        registry.configure("network", "dcgan-discriminator", params, "players.discriminator.network")
    assert caught.value.field == f"players.discriminator.network.{next(iter(params))}"


@pytest.mark.parametrize("norm", ["paper", "none"])
def test_a_hidden_layer_between_z_and_the_maps(norm):
    """As in InfoGAN: one fully connected layer more in each player, and nothing else."""
    z = torch.randn(3, 10)
    plain, deeper = (build("generator", 28, norm=norm, hidden=hidden) for hidden in (0, 6))
    extra = 2 * 6 if norm == "paper" else 6  # batch norm's scale and shift, or the bias
    assert parameter_count(deeper) - parameter_count(plain) == 10 * 6 + extra + (6 - 10) * 7 * 7 * 4
    assert deeper(z).shape == plain(z).shape
    plain, deeper = (build("discriminator", 28, norm=norm, hidden=hidden) for hidden in (0, 6))
    features = 7 * 7 * 4
    assert parameter_count(deeper) - parameter_count(plain) == features * 6 + extra + 6 + 1 - (features + 1)
    assert deeper(torch.randn(3, 1, 28, 28)).shape == (3,)
