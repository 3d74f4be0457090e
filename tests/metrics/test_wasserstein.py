"""Wasserstein distances against closed forms and brute force."""

from itertools import permutations

import numpy as np
import pytest
import torch

from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.plane import Ring
from ganstudio.metrics.wasserstein import Transport, directions, quantiles, sliced, wasserstein

NORMAL = Mixture(np.zeros((1, 1)), 1.0)
# Of the standard normal distribution, from tables.
TABLE = {0.5: 0.0, 0.841345: 1.0, 0.975: 1.959964, 0.01: -2.326348}


def drawn(density, count: int = 10_000, seed: int = 1) -> np.ndarray:
    return density.sample(count, torch.Generator().manual_seed(seed)).double().numpy()


def test_the_best_of_all_matchings_is_found():
    source = np.random.default_rng(0)
    for _ in range(20):
        a, b = source.normal(size=6), source.uniform(-1, 3, 6)
        best = min(np.abs(a - b[list(order)]).mean() for order in permutations(range(6)))
        assert wasserstein(a, b) == pytest.approx(best)


def test_samples_of_different_size_are_as_if_repeated():
    source = np.random.default_rng(1)
    a, b = source.normal(size=4), source.normal(size=6)
    assert wasserstein(a, b) == pytest.approx(wasserstein(np.repeat(a, 3), np.repeat(b, 2)))
    assert wasserstein(b, a) == pytest.approx(wasserstein(a, b))
    assert wasserstein(np.array([0.0]), np.array([1.0, 3.0])) == pytest.approx(2)


@pytest.mark.parametrize("shift", [0.25, -3.0, 100.0])
def test_a_shift_costs_what_it_moves(shift):
    x = np.random.default_rng(2).normal(size=500)
    assert wasserstein(x, x + shift) == pytest.approx(abs(shift))
    assert wasserstein(x, np.random.default_rng(3).permutation(x)) == 0


def test_the_quantiles_are_those_of_the_tables():
    np.testing.assert_allclose(quantiles(NORMAL, np.array(list(TABLE))), list(TABLE.values()), atol=1e-4)


@pytest.mark.parametrize(("mean", "sigma", "exact"), [(0, 1, 0), (0.5, 1, 0.5), (-2, 1, 2), (0, 2, np.sqrt(2 / np.pi))])
def test_a_sample_is_as_far_from_a_density_as_the_closed_form_says(mean, sigma, exact):
    """Of Gaussians with one mean: |σ − σ'| E|x| = |σ − σ'| √(2/π)."""
    assert Transport(NORMAL).distance(mean + sigma * drawn(NORMAL)) == pytest.approx(exact, abs=0.03)


def test_the_directions_are_even():
    ways = directions()
    np.testing.assert_allclose(ways @ ways.T, np.eye(2) * ways.shape[1] / 2, atol=1e-12)


def test_sliced_a_shift_costs_two_over_pi_of_it():
    source = np.random.default_rng(4)
    x = source.normal(size=(400, 2))
    for shift in ([1.0, 0.0], [0.0, -2.0], [3.0, 4.0]):
        assert sliced(x, x + shift) == pytest.approx(2 / np.pi * np.linalg.norm(shift), rel=0.01)
    assert sliced(x, source.permutation(x)) == pytest.approx(0, abs=1e-12)


def test_in_the_plane_samples_of_the_density_itself_are_near_it():
    ring = Ring().density()
    transport = Transport(ring)
    assert transport.distance(drawn(ring)) < 0.04
    assert transport.distance(np.repeat(drawn(ring, 1), 1000, axis=0)) > 0.5
    centre = np.zeros((1000, 2))
    assert transport.distance(centre) == pytest.approx(2 * 2 / np.pi, rel=0.02)
    reference = drawn(ring, 4000, 7)
    shifted = drawn(ring, 4000) + np.array([0.5, 0.0])
    assert transport.distance(shifted) == pytest.approx(sliced(shifted, reference), abs=0.04)


def test_the_number_of_samples_may_change():
    transport = Transport(NORMAL)
    assert [round(transport.distance(drawn(NORMAL, count) + 1), 1) for count in (3000, 5000, 3000)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_infinitely_far(bad):
    x = drawn(NORMAL, 100)
    x[3] = bad
    assert Transport(NORMAL).distance(x) == np.inf
