"""What every family keeps: shapes, ranges, one logit a sample, and no draw from torch's process-wide generator."""

import copy

import pytest
import torch

from ganstudio.experiment.component import is_live
from ganstudio.experiment.registry import registry
from ganstudio.networks.network import Shapes, parameter_count, use_generator

IMAGES = Shapes(16, (3, 16, 16), torch.full((3, 16, 16), 0.3))
POINTS = Shapes(8, (2,))
NOISY = {"hidden": [24, 12], "dropout": 0.3, "activation": "maxout"}
CASES = [
    ("mlp-generator", NOISY, IMAGES),
    ("mlp-generator", {"hidden": [16], "norm": "batch"}, POINTS),
    ("mlp-discriminator", NOISY, IMAGES),
    ("mlp-discriminator", {"hidden": [16], "activation": "tanh"}, POINTS),
    ("dcgan-generator", {"width": 4}, IMAGES),
    ("dcgan-generator", {"width": 4, "norm": "none"}, IMAGES),
    ("dcgan-discriminator", {"width": 4}, IMAGES),
    ("dcgan-discriminator", {"width": 4, "norm": "none", "spectral_norm": True}, IMAGES),
    ("goodfellow-generator", {"width": 32}, IMAGES),
    ("goodfellow-discriminator", {"width": 16}, IMAGES),
]


def build(kind: str, params: dict, shapes: Shapes) -> torch.nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = registry.build("network", kind, params).build(shapes)
    use_generator(network, torch.Generator().manual_seed(0))
    return network


def fed(kind: str, shapes: Shapes, count: int = 5) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    size = (shapes.noise,) if registry.find("network", kind).role == "generator" else shapes.data
    return torch.rand(count, *size, generator=generator) * 2 - 1


def test_every_family_is_tried_here():
    assert {kind for kind, _, _ in CASES} == set(registry.kinds("network"))


@pytest.mark.parametrize(("kind", "params", "shapes"), CASES)
def test_shapes_and_ranges(kind, params, shapes):
    out = build(kind, params, shapes)(fed(kind, shapes))
    assert out.isfinite().all()
    if registry.find("network", kind).role == "discriminator":
        assert out.shape == (5,)
    else:
        assert out.shape == (5, *shapes.data)
        assert len(shapes.data) == 1 or out.abs().max() <= 1


@pytest.mark.parametrize(("kind", "params", "shapes"), CASES)
def test_a_forward_pass_leaves_torchs_own_generator_alone(kind, params, shapes):
    network, x = build(kind, params, shapes), fed(kind, shapes)
    before = torch.get_rng_state()
    network(x).sum().backward()
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(("kind", "params", "shapes"), CASES)
def test_the_same_seeds_give_the_same_output(kind, params, shapes):
    x = fed(kind, shapes)
    assert torch.equal(build(kind, params, shapes)(x), build(kind, params, shapes)(x))


@pytest.mark.parametrize(("kind", "params", "shapes"), CASES)
def test_every_weight_gets_a_gradient(kind, params, shapes):
    network = build(kind, params, shapes)
    network(fed(kind, shapes)).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.isfinite().all() for weight in network.parameters())
    assert parameter_count(network) == sum(weight.grad.numel() for weight in network.parameters())


@pytest.mark.parametrize(("kind", "params", "shapes"), CASES)
def test_a_copy_in_evaluation_mode_is_deterministic_and_changes_nothing(kind, params, shapes):
    network = build(kind, params, shapes)
    other = copy.deepcopy(network).eval()
    before = {name: tensor.clone() for name, tensor in other.state_dict().items()}
    x = fed(kind, shapes)
    with torch.no_grad():
        assert torch.equal(other(x), other(x))
    assert all(torch.equal(tensor, before[name]) for name, tensor in other.state_dict().items())


@pytest.mark.parametrize(("kind", "params", "shapes"), CASES)
def test_bf16_autocast_comes_close_to_fp32(kind, params, shapes):
    network, x = build(kind, params, shapes).eval(), fed(kind, shapes)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        rough = network(x).float()
    with torch.no_grad():
        torch.testing.assert_close(rough, network(x), atol=0.05, rtol=0.05)


@pytest.mark.parametrize("kind", sorted(registry.kinds("network")))
def test_structure_changes_on_restart_only_and_every_field_is_explained(kind):
    found = registry.find("network", kind)
    assert found.title
    assert found.description
    for field in found.Config.model_fields.values():
        assert not is_live(field)
        assert field.title
        assert field.description
