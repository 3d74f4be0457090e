"""p_g from G: on cells, and by change of variables, against closed forms and brute force."""

from math import erf, sqrt

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.networks.noise import Normal, Uniform
from ganstudio.probes.pushforward import SLICES, change_of_variables, equal_steps, is_monotone, smoothed, spread

EDGES = np.linspace(-6, 6, 401)
X = (EDGES[1:] + EDGES[:-1]) / 2
CELL = EDGES[1] - EDGES[0]
Z = Normal().quantile(equal_steps(SLICES))


def normal_masses(mean: float, sigma: float) -> np.ndarray:
    return np.diff([0.5 * (1 + erf((edge - mean) / (sigma * sqrt(2)))) for edge in EDGES])


@pytest.mark.parametrize(("a", "b"), [(1.0, 0.0), (0.5, 1.5), (-0.8, -1.0), (0.05, 2.0)])
def test_a_straight_g_gives_a_normal_density(a, b):
    gz = a * Z + b
    np.testing.assert_allclose(spread(gz, EDGES), normal_masses(b, abs(a)), atol=1e-4)
    assert is_monotone(gz)
    density = change_of_variables(gz, np.full_like(Z, a), Normal().density(Z), X)
    expected = np.exp(-0.5 * ((X - b) / a) ** 2) / (abs(a) * sqrt(2 * np.pi))
    inside = (gz.min() < X) & (gz.max() > X)
    np.testing.assert_allclose(density[inside], expected[inside], atol=2e-3 * expected.max())
    assert not density[~inside].any()


def test_a_uniform_prior_gives_a_box():
    prior = Uniform(Uniform.Config(half_width=1.0))
    z = prior.quantile(equal_steps(SLICES))
    density = change_of_variables(2 * z + 1, np.full_like(z, 2.0), prior.density(z), X)
    np.testing.assert_allclose(density[(X > -0.99) & (X < 2.99)], 0.25)
    assert not density[(X < -1.01) | (X > 3.01)].any()


@pytest.mark.parametrize("seed", range(3))
def test_a_monotone_network_has_the_same_density_by_change_of_variables_and_by_samples(seed):
    torch.manual_seed(seed)
    layers = nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)
    network = nn.Sequential(*layers)
    with torch.no_grad():
        for layer in (layers[0], layers[2]):
            layer.weight.abs_()  # rising layers make a rising network
        layers[0].weight.mul_(1.5)
        layers[2].weight.add_(0.3)
    leaf = torch.from_numpy(Z).float()[:, None].requires_grad_()
    gz = network(leaf)
    (slope,) = torch.autograd.grad(gz.sum(), leaf)
    gz, slope = (one.detach().double().numpy()[:, 0] for one in (gz, slope))
    assert is_monotone(gz)
    edges = np.linspace(gz.min(), gz.max(), 81)
    x = (edges[1:] + edges[:-1]) / 2
    density = change_of_variables(gz, slope, Normal().density(Z), x)
    drawn = Normal().draw(400_000, torch.Generator().manual_seed(5))[:, :1]
    counts = np.histogram(network(drawn).detach().numpy(), edges)[0] / 400_000 / (edges[1] - edges[0])
    middle = slice(4, -4)  # in the tails a cell is too coarse for a density that shoots up
    np.testing.assert_allclose(density[middle], counts[middle], rtol=0.06, atol=0.02)
    np.testing.assert_allclose(spread(gz, edges)[middle] / (edges[1] - edges[0]), counts[middle], rtol=0.06, atol=0.02)


def test_a_folded_g_has_the_density_of_both_branches():
    masses = spread(np.abs(Z), EDGES)
    expected = np.where(X > 0, 2 * normal_masses(0, 1), 0)
    np.testing.assert_allclose(masses, expected, atol=2e-4)
    assert not is_monotone(np.abs(Z))


def test_mass_is_kept_where_g_is_flat_and_counted_out_where_it_leaves_the_axis():
    flat = spread(np.full(SLICES, 0.31), EDGES)
    assert flat.sum() == pytest.approx(1, abs=1e-6)
    assert flat.max() == pytest.approx(1, abs=1e-6)
    assert (flat >= 0).all()
    assert spread(Z + 6, EDGES).sum() == pytest.approx(0.5, abs=1e-3)
    assert spread(Z + 60, EDGES).sum() == 0


@pytest.mark.parametrize(
    ("gz", "monotone"),
    [
        (Z**3, True),
        (-Z, True),
        (Z**2, False),
        (np.sin(2 * Z), False),
        (np.full_like(Z, 2.0), False),
        (np.maximum(Z, 0), True),
        ((Z + 100).astype(np.float32).astype(np.float64), True),
    ],
    ids=["cubic", "falling", "square", "wave", "constant", "flat stretch", "rounded"],
)
def test_monotone_or_not(gz, monotone):
    assert is_monotone(gz) is monotone


def test_where_g_is_flat_change_of_variables_leaves_z_out():
    gz, slope = np.maximum(Z, 0), (Z > 0).astype(float)
    density = change_of_variables(gz, slope, Normal().density(Z), X)
    assert np.isfinite(density).all()
    np.testing.assert_allclose(density[(X > 0.1) & (X < 3)], Normal().density(X[(X > 0.1) & (X < 3)]), atol=1e-3)
    assert not change_of_variables(np.zeros_like(Z), np.zeros_like(Z), Z, X).any()


def test_smoothed_samples_keep_their_mass_and_two_narrow_modes():
    draws = np.random.default_rng(0)
    samples = np.concatenate([draws.normal(-2, 0.2, 5000), draws.normal(2, 0.2, 5000)])
    found = smoothed(samples, EDGES)
    assert found.sum() == pytest.approx(1)
    expected = (normal_masses(-2, 0.2) + normal_masses(2, 0.2)) / 2
    assert np.abs(found - expected).sum() / 2 < 0.06
    outside = smoothed(samples + 100, EDGES)
    assert not outside.any()
