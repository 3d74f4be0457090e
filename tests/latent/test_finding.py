"""Principal directions of a whole G: found in slices, from many z, always the same."""

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.latent import finding
from ganstudio.latent.finding import find_directions, first_activation
from ganstudio.latent.principal import FindDirections
from ganstudio.latent.workshop import Workshop
from ganstudio.probes.generator import GeneratorProbe
from ganstudio.training.trainer import Trainer


@pytest.fixture
def workshop(small) -> Workshop:
    """Over a G that has learned a little."""
    trainer = Trainer(small(("players.generator.network.params.width", 8)))
    for _ in range(6):
        trainer.step()
    return Workshop(None, GeneratorProbe().frame(trainer), {})


def test_they_are_the_singular_vectors_of_the_regression_of_all_activations_at_once(workshop):
    *_, (share, found) = find_directions(workshop, FindDirections(6, samples=1000))
    assert share == 1
    z = workshop.draw(1000, finding.SEED)
    activations = first_activation(workshop.generator, z).flatten(1).double().numpy()
    centred = z.double().numpy() - z.double().numpy().mean(0)
    coefficients, *_ = np.linalg.lstsq(centred, activations - activations.mean(0), rcond=None)
    left, sizes, _ = np.linalg.svd(coefficients, full_matrices=False)
    np.testing.assert_allclose(np.abs(np.sum(found.vectors * left.T[:6], axis=1)), 1, atol=1e-8)
    variance = centred.var(0).mean() / activations.var(0).sum()
    np.testing.assert_allclose(found.shares, sizes[:6] ** 2 * variance, rtol=1e-6)


def test_it_works_in_slices_and_draws_nothing_from_the_global_generator(workshop, monkeypatch):
    monkeypatch.setattr(finding, "LARGEST", 300)
    before = torch.get_rng_state()
    answers = list(find_directions(workshop, FindDirections(3, samples=1000)))
    shares = [share for share, _ in answers]
    assert shares == sorted(shares)
    assert len(shares) == 6
    assert [found is None for _, found in answers] == [True] * 5 + [False]
    assert torch.equal(before, torch.get_rng_state())
    again = list(find_directions(workshop, FindDirections(3, samples=1000)))[-1][1]
    np.testing.assert_array_equal(again.vectors, answers[-1][1].vectors)


def test_they_move_the_samples_more_than_chance(workshop):
    *_, (_, found) = find_directions(workshop, FindDirections(64, samples=2000))
    assert found.vectors.shape == (64, 64)
    z = workshop.draw(32, 1).numpy()

    def change_along(vector: np.ndarray) -> float:
        less, more = (workshop.render((z + side * vector).astype(np.float32)) for side in (-1, 1))
        return float((more - less).square().mean())

    assert change_along(found.vectors[0]) > change_along(found.vectors[-1])


def test_the_first_activation_is_the_first_layer_without_weights_after_one_with():
    network = nn.Sequential(
        nn.Flatten(), nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2), nn.Tanh()
    ).eval()
    z = torch.randn(6, 3, generator=torch.Generator().manual_seed(0))
    assert torch.equal(first_activation(network, z), network[:4](z))
    assert not network[3]._forward_hooks, "no hook is left behind"
    linear = nn.Linear(3, 2)
    assert torch.equal(first_activation(linear, z), linear(z))
