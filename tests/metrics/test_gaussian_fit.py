"""One Gaussian for a mixture, by three divergences: closed forms, brute force, stationarity, symmetry."""

from math import log
from time import perf_counter

import numpy as np
import pytest

from ganstudio.metrics.gaussian_fit import fit, forward, js, reverse
from ganstudio.metrics.line_mixture import LineMixture, gaussian
from ganstudio.metrics.minimax import jensen_shannon

MIXTURES = [
    LineMixture((0.5, 0.5), (-1.0, 1.0), (0.6, 0.6)),
    LineMixture((0.5, 0.5), (-2.0, 2.0), (0.6, 0.6)),
    LineMixture((0.3, 0.7), (-2.0, 2.0), (0.6, 0.6)),
    LineMixture((0.35, 0.65), (-3.0, 1.0), (0.4, 1.1)),
]
SEARCHED = {"reverse": reverse, "js": js}


def gaussians_kl(mean: float, sigma: float, other_mean: float, other_sigma: float) -> float:
    """KL between two Gaussians in closed form."""
    square = (sigma**2 + (mean - other_mean) ** 2) / (2 * other_sigma**2)
    return log(other_sigma / sigma) + square - 0.5


@pytest.mark.parametrize("p", MIXTURES)
def test_maximum_likelihood_takes_the_moments(p):
    found = fit(p, "forward")
    assert (found.mean, found.sigma) == (p.mean, p.sigma)
    for mean in (-0.1, 0, 0.1):
        for factor in (0.9, 1, 1.1):
            assert forward(p, p.mean + mean, factor * p.sigma) >= found.divergence


@pytest.mark.parametrize("p", MIXTURES)
@pytest.mark.parametrize("name", SEARCHED)
def test_the_search_finds_a_stationary_point_that_no_grid_betters(p, name):
    found, measure = fit(p, name), SEARCHED[name]
    assert found.divergence == pytest.approx(float(measure(p, found.mean, found.sigma)), abs=1e-12)
    h = 1e-4
    slopes = [
        (measure(p, found.mean + h, found.sigma) - measure(p, found.mean - h, found.sigma)) / (2 * h),
        (measure(p, found.mean, found.sigma + h) - measure(p, found.mean, found.sigma - h)) / (2 * h),
    ]
    np.testing.assert_allclose(slopes, 0, atol=2e-5)
    means, sigmas = np.linspace(-4, 4, 161), np.geomspace(0.2, 4, 61)
    grid = np.concatenate([measure(p, means[:, None], sigmas[None, part]) for part in np.array_split(range(61), 6)], 1)
    assert found.divergence <= grid.min() + 1e-9


@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.0])
def test_the_divergences_are_those_of_two_gaussians(sigma):
    p = gaussian(0.3, 0.8)
    assert forward(p, 1.0, sigma) == pytest.approx(gaussians_kl(0.3, 0.8, 1.0, sigma), abs=1e-9)
    assert reverse(p, 1.0, sigma) == pytest.approx(gaussians_kl(1.0, sigma, 0.3, 0.8), abs=1e-9)
    assert js(p, 1.0, sigma) == pytest.approx(jensen_shannon(p, gaussian(1.0, sigma)), abs=1e-9)


@pytest.mark.parametrize("name", ["forward", *SEARCHED])
def test_a_gaussian_is_fitted_by_itself(name):
    found = fit(gaussian(0.7, 1.3), name)
    assert (found.mean, found.sigma) == (pytest.approx(0.7, abs=1e-5), pytest.approx(1.3, abs=1e-5))
    assert found.divergence == pytest.approx(0, abs=1e-9)


def test_far_apart_modes_are_covered_by_one_measure_and_chosen_from_by_the_other():
    p = MIXTURES[1]
    covers, keeps = fit(p, "forward"), fit(p, "reverse")
    assert covers.mean == 0
    assert covers.sigma > 2
    assert keeps.mean == pytest.approx(-2, abs=0.01)  # of two optima alike, the left one
    assert keeps.sigma == pytest.approx(0.6, abs=0.01)
    assert keeps.divergence == pytest.approx(log(2), abs=0.01)
    assert fit(MIXTURES[2], "reverse").mean == pytest.approx(2, abs=0.01)  # the mode with more mass


def test_near_modes_are_one_to_every_measure():
    for name in ("forward", "reverse", "js"):
        assert fit(MIXTURES[0], name).mean == pytest.approx(0, abs=1e-5)


def test_a_mirrored_mixture_has_the_mirrored_fit():
    p = MIXTURES[3]
    mirrored = LineMixture(p.weights, tuple(-mean for mean in p.means), p.sigmas)
    for name in ("forward", "reverse", "js"):
        one, other = fit(p, name), fit(mirrored, name)
        assert other.mean == pytest.approx(-one.mean, abs=1e-5)
        assert other.sigma == pytest.approx(one.sigma, abs=1e-5)


def test_it_is_quick_and_the_same_each_time():
    start = perf_counter()
    first = [fit(MIXTURES[1], name) for name in ("forward", "reverse", "js")]
    assert perf_counter() - start < 1
    assert [fit(MIXTURES[1], name) for name in ("forward", "reverse", "js")] == first
