"""D*, V(G, D) and V(G, D*) on cells: identities of Goodfellow et al. 2014, section 4.1."""

from math import log

import numpy as np
import pytest

from ganstudio.metrics.divergence import divergences
from ganstudio.probes.minimax_value import optimal_discriminator, shortfall, value, value_at_best


@pytest.fixture(params=range(3))
def pair(request) -> tuple[np.ndarray, np.ndarray]:
    """Two distributions over 50 cells, each empty in some of them, some empty in both."""
    draws = np.random.default_rng(request.param)
    p, q = draws.exponential(size=(2, 50))
    p[:8], q[40:], p[20:23], q[20:23] = 0, 0, 0, 0
    return p / p.sum(), q / q.sum()


def logits(d: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        d = np.nan_to_num(d, nan=0.5)
        return np.clip(np.log(d) - np.log1p(-d), -60, 60)


def test_at_its_best_the_game_is_worth_minus_log_4_and_twice_the_jsd(pair):
    assert value_at_best(*pair) == pytest.approx(-log(4) + 2 * divergences(*pair).js)


def test_the_optimum_attains_the_best_value_and_nothing_exceeds_it(pair):
    best = optimal_discriminator(*pair)
    assert value(*pair, logits(best)) == pytest.approx(value_at_best(*pair))
    draws = np.random.default_rng(9)
    for scale in (0.01, 0.3, 3):
        assert value(*pair, logits(best) + scale * draws.normal(size=50)) < value_at_best(*pair)


def test_equal_densities_leave_d_at_a_half(pair):
    p, _ = pair
    best = optimal_discriminator(p, p)
    assert set(best[p > 0]) == {0.5}
    assert np.isnan(best[p == 0]).all()
    assert value_at_best(p, p) == pytest.approx(-log(4))


def test_apart_from_each_other_they_are_told_apart_without_error():
    p, q = np.array([0.5, 0.5, 0, 0]), np.array([0, 0, 0.3, 0.7])
    assert value_at_best(p, q) == 0
    assert shortfall(p, q, np.array([60.0, 60, -60, -60])) == pytest.approx(0, abs=1e-12)


def test_what_is_left_to_gain_is_the_difference_of_the_values(pair):
    logit = np.random.default_rng(1).normal(size=50)
    assert shortfall(*pair, logit) == pytest.approx(value_at_best(*pair) - value(*pair, logit))


def test_smoothed_labels_move_the_optimum(pair):
    p, q = pair
    best = optimal_discriminator(p, q, 0.9)
    with np.errstate(invalid="ignore"):
        np.testing.assert_allclose(best, 0.9 * p / (p + q))
    assert shortfall(p, q, logits(best), 0.9) == pytest.approx(0, abs=1e-12)
    assert value_at_best(p, q, 0.9) == pytest.approx(value(p, q, logits(best)))
    assert value_at_best(p, q, 0.9) < value_at_best(p, q)
    for scale in (0.05, 1):
        other = logits(best) + scale * np.random.default_rng(2).normal(size=50)
        assert shortfall(p, q, other, 0.9) > 0
