"""KL and JSD against closed forms and quadrature, and what finite samples make of them."""

from math import log

import numpy as np
import pytest
import torch

from ganstudio.data.densities.density import Density
from ganstudio.data.densities.histogram import Histogram
from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.plane import Grid, Ring
from ganstudio.metrics.divergence import Cells, divergences
from ganstudio.metrics.wasserstein import quantiles

SAMPLES = 10_000
NORMAL = Mixture(np.zeros((1, 1)), 1.0)


def drawn(density: Density, count: int = SAMPLES, seed: int = 1) -> np.ndarray:
    return density.sample(count, torch.Generator().manual_seed(seed)).double().numpy()


def normal_kl(mean: float, sigma: float, other_mean: float, other_sigma: float) -> float:
    """Closed form of KL(N(mean, σ²) ‖ N(other))."""
    ratio = sigma / other_sigma
    return 0.5 * (ratio**2 - 1 + ((other_mean - mean) / other_sigma) ** 2) - log(ratio)


def on_line(mean: float, sigma: float) -> tuple[np.ndarray, float]:
    x = np.linspace(-15, 15, 60_001)
    return np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi)), x[1] - x[0]


@pytest.mark.parametrize(("mean", "sigma"), [(0, 1), (0.5, 1), (3, 1), (0, 2), (-1, 1.5), (2, 0.7)])
def test_densities_on_a_grid_give_the_closed_form(mean, sigma):
    (p, cell), (q, _) = on_line(0, 1), on_line(mean, sigma)
    found = divergences(p * cell, q * cell)
    assert found.kl_data == pytest.approx(normal_kl(0, 1, mean, sigma), abs=1e-6)
    assert found.kl_generator == pytest.approx(normal_kl(mean, sigma, 0, 1), abs=1e-6)
    middle = 0.5 * (p + q)
    with np.errstate(all="ignore"):
        parts = np.nan_to_num(p * np.log(p / middle)) + np.nan_to_num(q * np.log(q / middle))
    assert found.js == pytest.approx(0.5 * np.trapezoid(parts, dx=cell), abs=1e-6)


def test_densities_in_the_plane_add_their_axes():
    axis, cell = np.linspace(-8, 8, 401), 16 / 400
    p = np.exp(-0.5 * (axis[:, None] ** 2 + axis**2)) / (2 * np.pi)
    q = np.exp(-0.5 * ((axis[:, None] - 1) ** 2 + (axis / 0.8) ** 2)) / (2 * np.pi * 0.8)
    found = divergences(p * cell**2, q * cell**2)
    assert found.kl_data == pytest.approx(normal_kl(0, 1, 1, 1) + normal_kl(0, 1, 0, 0.8), abs=1e-6)


def test_disjoint_supports_are_log_2_apart():
    p, q = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.25, 0.75])
    found = divergences(p, q)
    assert found.js == pytest.approx(log(2))
    assert found.kl_data == found.kl_generator == float("inf")
    mixed = divergences(p, q, mix=0.001)
    assert mixed.js == pytest.approx(log(2))
    assert mixed.kl_data == mixed.kl_generator == pytest.approx(log(1000))


def test_what_is_the_same_is_not_apart():
    p = np.random.default_rng(0).dirichlet(np.ones(50)).reshape(5, 10)
    found = divergences(p, p)
    assert (found.kl_data, found.kl_generator, found.js) == (0, 0, 0)


def test_the_least_numbers_there_are_stay_numbers():
    found = divergences(np.array([1.0, 5e-324]), np.array([0.5, 0.5]))
    assert found.js < log(2)
    assert found.kl_data == pytest.approx(log(2))
    assert np.isfinite(found.kl_generator)


# samples against a known density


@pytest.mark.parametrize("density", [NORMAL, Mixture(np.array([[-2.0], [1.0]]), [0.5, 0.2]), Ring().density()])
def test_the_cells_hold_all_of_the_density(density):
    cells = Cells(density)
    assert cells.masses.sum() == pytest.approx(1)
    shares = cells.shares(drawn(density, 100_000))
    assert shares.sum() == pytest.approx(1)
    several = cells.masses > 1e-3
    np.testing.assert_allclose(shares[several], cells.masses[several], rtol=0.6)
    assert cells.masses[-1] < 1e-4


def test_in_one_dimension_chance_is_far_below_a_hundredth():
    for density in (NORMAL, Mixture(np.array([[-2.0], [0.0], [2.0]]), [0.5, 0.3, 0.4])):
        found = Cells(density).compare(drawn(density))
        assert found.js < 0.002
        assert found.kl_generator < 0.01
        assert found.kl_data < 0.015


@pytest.mark.parametrize(("density", "js"), [(Ring().density(), 0.008), (Grid().density(), 0.02)])
def test_in_the_plane_chance_is_what_is_said(density, js):
    assert 0.3 * js < Cells(density).compare(drawn(density)).js < js


def test_what_is_narrower_than_a_cell_is_weighed_exactly():
    ring, far = Ring(Ring.Config(sigma=0.001)).density(), Mixture(np.array([[-100.0], [100.0]]), 0.01)
    fine = Histogram(np.random.default_rng(0).random(512) < 0.2, (0.0,), (1.0,))
    for density, chance in ((ring, 0.001), (far, 0.001), (fine, 0.005)):
        assert Cells(density).compare(drawn(density)).js < chance
    assert quantiles(far, np.array([0.25, 0.75])) == pytest.approx([-100, 100], abs=0.05)


@pytest.mark.parametrize(("mean", "sigma"), [(0.5, 1), (1, 1), (0, 1.5), (-2, 0.7)])
def test_samples_of_another_gaussian_give_the_closed_form(mean, sigma):
    found = Cells(NORMAL).compare(mean + sigma * drawn(NORMAL))
    (p, cell), (q, _) = on_line(0, 1), on_line(mean, sigma)
    exact = divergences(p * cell, q * cell)
    assert found.js == pytest.approx(exact.js, rel=0.07, abs=0.002)
    assert found.kl_generator == pytest.approx(exact.kl_generator, rel=0.1, abs=0.01)


def test_a_lost_mode_is_seen_by_the_right_divergence():
    two = Mixture(np.array([[-3.0], [3.0]]), 0.5)
    one = Mixture(np.array([[3.0]]), 0.5)
    found = Cells(two).compare(drawn(one))
    assert found.kl_generator == pytest.approx(log(2), abs=0.01)
    assert found.kl_data == pytest.approx(0.5 * log(SAMPLES + 1) + 0.5 * log(0.5), abs=0.01)
    other = Cells(one).compare(drawn(two))
    assert other.kl_data == pytest.approx(log(2), abs=0.01)
    assert other.kl_generator > 3


def test_nothing_is_dropped():
    far, broken = np.full((100, 1), 1e6), np.full((100, 1), np.nan)
    cells = Cells(NORMAL)
    for x in (far, -far, broken, np.full((100, 1), np.inf)):
        assert cells.shares(x)[-1] == 1
        found = cells.compare(x)
        assert found.js == pytest.approx(log(2), abs=1e-4)
        assert found.kl_data <= log(101)
    half = np.concatenate([drawn(NORMAL), 1e6 + drawn(NORMAL)])
    assert cells.shares(half)[-1] == pytest.approx(0.5, abs=1e-3)


class Uniform(Density):
    """A density that tells no σ."""

    dim, extent, modes = 1, ((-0.1, 1.1),), np.array([[0.5]])

    def density(self, x):
        return ((x[:, 0] >= 0) & (x[:, 0] < 1)).astype(float)


def test_a_density_without_a_sigma_has_cells_too():
    cells, source = Cells(Uniform()), np.random.default_rng(0)
    assert cells.masses[-1] < 0.005
    assert cells.compare(source.random((50_000, 1))).js < 0.002
    assert cells.compare(0.5 * source.random((50_000, 1))).js == pytest.approx(
        divergences(np.array([0.5, 0.5]), np.array([1.0, 0.0])).js, abs=0.005
    )
