"""A chain walked by hand is the network that is called and differentiated by autograd."""

import copy

import pytest
import torch

from ganstudio.experiment.registry import registry
from ganstudio.networks.chain import Chain
from ganstudio.networks.network import Shapes, use_generator

registry.load()
KINDS = [
    ("mlp-generator", {"norm": "batch", "activation": "leaky-relu"}, (1, 3, 3)),
    ("mlp-generator", {"dropout": 0.4}, (3, 2, 2)),
    ("mlp-generator", {"norm": "batch", "activation": "tanh", "dropout": 0.2}, (2,)),
    ("mlp-discriminator", {"dropout": 0.5}, (1, 3, 3)),
    ("mlp-discriminator", {"activation": "tanh"}, (2,)),
]


@pytest.fixture(params=KINDS, ids=str)
def case(request) -> tuple[Chain, torch.Tensor]:
    """A chain in training mode, and samples for it."""
    kind, params, shape = request.param
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = registry.build("network", kind, {"hidden": [8, 6], **params}).build(Shapes(5, shape))
        x = torch.randn(7, *((5,) if kind.endswith("generator") else shape))
    assert isinstance(network, Chain)
    use_generator(network, torch.Generator().manual_seed(1))
    return network.double(), x.double()


def twin(network: Chain) -> Chain:
    other = copy.deepcopy(network)
    use_generator(other, torch.Generator().manual_seed(1))
    return other


def test_walking_forward_is_calling(case):
    network, x = case
    other = twin(network)
    with torch.no_grad():
        _, walked = network.trace(x)
    assert torch.equal(walked, other(x))
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(network.buffers(), other.buffers(), strict=True))


def test_walking_back_is_autograd(case):
    network, x = case
    other, leaf = twin(network), x.clone().requires_grad_()
    y = other(leaf)
    weight = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).view_as(y)
    *wanted, of_x = torch.autograd.grad((weight * y).sum(), [*other.parameters(), leaf])
    with torch.no_grad():
        kept, _ = network.trace(x)
        found, to_x = network.pull(kept, weight, to_input=True)
    assert len(found) == len(wanted)
    assert all(torch.allclose(one, other, atol=1e-12) for one, other in zip(found, wanted, strict=True))
    assert torch.allclose(to_x, of_x, atol=1e-12)


def test_only_what_is_wanted_is_found(case):
    network, x = case
    with torch.no_grad():
        kept, y = network.trace(x)
        assert network.pull(kept, torch.ones_like(y))[1] is None
        found, to_x = network.pull(kept, torch.ones_like(y), weights=False, to_input=True)
    assert found == []
    assert to_x.shape == x.shape


def test_looking_through_a_copy_is_a_plain_call(case):
    network, x = case
    copied = copy.deepcopy(network).eval()
    before = [buffer.clone() for buffer in copied.buffers()]
    copied(x)
    assert all(torch.equal(one, other) for one, other in zip(before, copied.buffers(), strict=True))
