"""Layers: dropout draws from the generator it is handed, maxout takes the largest piece."""

import copy
import pickle

import pytest
import torch
from torch import nn

from ganstudio.networks.layers import Dropout, Maxout, activation
from ganstudio.networks.network import use_generator


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_dropout_keeps_the_share_asked_for_and_the_mean():
    layer = Dropout(0.8)
    use_generator(layer, rng())
    out = layer(torch.ones(200, 500))
    assert out.unique().tolist() == pytest.approx([0, 1.25])
    assert (out > 0).float().mean().item() == pytest.approx(0.8, abs=0.01)
    assert out.mean().item() == pytest.approx(1, abs=0.01)


def test_the_same_generator_state_gives_the_same_dropout():
    layer, x = Dropout(0.5), torch.ones(10, 100)
    outputs = []
    for seed in (1, 1, 2):
        use_generator(layer, rng(seed))
        outputs.append(layer(x))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def test_dropout_passes_all_through_in_evaluation_and_draws_nothing():
    generator = rng()
    layer = Dropout(0.5).eval()
    use_generator(layer, generator)
    x = torch.randn(3, 4)
    assert layer(x) is x
    assert torch.equal(generator.get_state(), rng().get_state())


def test_dropout_without_a_generator_refuses_instead_of_drawing_from_torch():
    with pytest.raises(RuntimeError, match="use_generator"):
        Dropout(0.5)(torch.ones(2, 2))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda layer: pickle.loads(pickle.dumps(layer))])
def test_a_copy_does_not_draw_from_the_runs_generator(copied):
    layer = Dropout(0.5)
    use_generator(layer, rng())
    other = copied(nn.Sequential(layer))[0]
    assert other.generator is None
    assert layer.generator is not None


def test_dropout_keeps_the_type_of_its_input():
    layer = Dropout(0.5)
    use_generator(layer, rng())
    assert layer(torch.ones(4, 4, dtype=torch.bfloat16)).dtype == torch.bfloat16


def test_maxout_takes_the_largest_of_the_pieces():
    pieces = torch.tensor([[1.0, 5.0, 2.0], [4.0, -1.0, 2.5]])
    assert Maxout(2)(pieces.flatten()[None]).tolist() == [[4, 5, 2.5]]


def test_activations_by_name():
    x = torch.tensor([[-1.0, 2.0]])
    assert activation("relu")(x).tolist() == [[0, 2]]
    assert activation("leaky-relu")(x)[0].tolist() == pytest.approx([-0.2, 2])
    assert torch.equal(activation("tanh")(x), x.tanh())
    assert activation("maxout", 2)(x).tolist() == [[2]]
