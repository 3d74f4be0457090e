"""V(G, D) over a family of discriminators: against brute force, closed forms and what the 2014 paper proves."""

from math import log

import numpy as np
import pytest

from ganstudio.metrics.line_mixture import LineMixture, gaussian
from ganstudio.metrics.minimax import best_value, discriminator, jensen_shannon, value

P = LineMixture((0.6, 0.4), (-1.0, 1.4), (0.7, 0.9))
CANDIDATES = [gaussian(-2.5, 0.6), gaussian(0.0, 1.5), gaussian(2.4, 0.15), gaussian(5.5, 2.5), P]
T = np.linspace(-0.5, 2.5, 61)


def by_hand(q: LineMixture, t: float) -> float:
    """E_p log D_t + E_q log(1 − D_t) by a plain Riemann sum."""
    x = np.linspace(-30, 30, 600_001)
    ratio = np.exp(np.clip(t * (P.log_density(x) - q.log_density(x)), -690, 690))
    terms = P.density(x) * np.log(ratio / (1 + ratio)) - q.density(x) * np.log(1 + ratio)
    return float(terms.sum() * (x[1] - x[0]))


@pytest.mark.parametrize("q", CANDIDATES)
@pytest.mark.parametrize("t", [-0.5, 0.0, 0.4, 1.0, 2.5])
def test_the_value_is_the_integral(q, t):
    assert value(P, q, np.array([t]))[0] == pytest.approx(by_hand(q, t), abs=1e-6)


@pytest.mark.parametrize("q", CANDIDATES)
def test_its_maximum_is_at_one_and_tells_the_divergence(q):
    values = value(P, q, T)
    best = -log(4) + 2 * jensen_shannon(P, q)
    assert best_value(P, q) == pytest.approx(best, abs=1e-12)
    assert values.max() == pytest.approx(best, abs=1e-8)
    assert value(P, q, np.array([1.0]))[0] == pytest.approx(best, abs=1e-8)
    assert value(P, q, np.array([0.0]))[0] == pytest.approx(-log(4), abs=1e-10)
    assert (np.diff(values, 2) <= 1e-10).all()  # concave


def test_no_other_discriminator_does_better():
    q, rng = CANDIDATES[0], np.random.default_rng(1)
    x = np.linspace(-12, 12, 20_001)
    width, best = x[1] - x[0], best_value(P, q)
    d = discriminator(P, q, 1.0, x)
    for _ in range(10):
        wave = rng.normal(0, 1, 3) @ np.stack([np.sin(k * x + rng.uniform(0, 6)) for k in (0.3, 1, 3)])
        other = np.clip(1 / (1 + (1 / d - 1) * np.exp(-wave)), 1e-12, 1 - 1e-12)
        assert (P.density(x) @ np.log(other) + q.density(x) @ np.log(1 - other)) * width <= best


def test_the_discriminators_are_those_of_the_paper():
    q, x = CANDIDATES[1], np.linspace(-4, 4, 99)
    optimal = P.density(x) / (P.density(x) + q.density(x))
    np.testing.assert_allclose(discriminator(P, q, 1.0, x), optimal, rtol=1e-12)
    np.testing.assert_allclose(discriminator(P, q, 0.0, x), 0.5)
    np.testing.assert_allclose(discriminator(P, q, -1.0, x), 1 - optimal, rtol=1e-9)


def test_the_divergence_knows_its_bounds():
    assert jensen_shannon(P, P) == pytest.approx(0, abs=1e-12)
    assert jensen_shannon(gaussian(0, 1), gaussian(60, 1)) == pytest.approx(log(2), abs=1e-9)
    for q in CANDIDATES:
        assert jensen_shannon(P, q) == pytest.approx(jensen_shannon(q, P), abs=1e-10)
        assert -1e-12 <= jensen_shannon(P, q) <= log(2)


def test_the_mixture_knows_its_moments():
    x = np.linspace(-15, 15, 30_001)
    mass = P.density(x) * (x[1] - x[0])
    assert mass.sum() == pytest.approx(1)
    assert mass @ x == pytest.approx(P.mean)
    assert mass @ (x - P.mean) ** 2 == pytest.approx(P.sigma**2)
    assert np.isfinite(P.log_density(np.array([-1e4, 1e4]))).all()
