"""Arithmetic on means of z: the sum, its neighbours, the prior's bounds, and the rows that G is given."""

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.arithmetic import (
    MIDDLE,
    MOST,
    Terms,
    beyond,
    combined,
    in_pixels,
    rows_of,
    surrounded,
)


def draws(count: int, seed: int, dim: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)


def filled() -> Terms:
    return Terms().added(0, draws(3, 0)).added(1, draws(2, 1)).added(2, draws(1, 2))


def test_the_sum_is_that_of_the_means():
    expected = draws(3, 0).mean(0, dtype=float) - draws(2, 1).mean(0, dtype=float) + draws(1, 2).mean(0, dtype=float)
    np.testing.assert_allclose(filled().sum, expected, rtol=1e-12)
    np.testing.assert_allclose(filled().step, expected - draws(1, 2)[0], rtol=1e-6)


def test_taking_away_what_is_added_leaves_it():
    terms = Terms().added(0, draws(3, 0)).added(1, draws(3, 0)).added(2, draws(2, 5))
    np.testing.assert_allclose(terms.sum, draws(2, 5).mean(0, dtype=float), atol=1e-12)
    np.testing.assert_array_equal(terms.step, 0)


def test_averaging_makes_the_sum_steadier():
    """Its variance is that of one sample times 3/n: the reason for three in each slot."""

    def spread(count: int) -> float:
        sums = [combined(*(draws(count, 1000 * slot + seed) for slot in range(3))) for seed in range(400)]
        return float(np.var(sums))

    assert spread(1) == pytest.approx(3, rel=0.15)
    assert spread(3) == pytest.approx(1, rel=0.15)


def test_samples_come_and_go_to_the_bit():
    terms = filled()
    assert terms.complete
    np.testing.assert_array_equal(terms.without(0, 1).slots[0], draws(3, 0)[[0, 2]])
    swapped = terms.swapped(0, 1)
    np.testing.assert_array_equal(swapped.slots[0], draws(2, 1))
    np.testing.assert_array_equal(swapped.step, -terms.step)
    assert not terms.cleared(1).complete
    assert len(terms.cleared()) == 0
    assert len(terms) == 6


def test_a_slot_takes_so_many_and_no_more():
    full = Terms().added(0, draws(7, 0)).added(0, draws(7, 1))
    assert len(full.slots[0]) == MOST
    with pytest.raises(StudioError, match="A is full"):
        full.added(0, draws(1, 2))


def test_neighbours_are_uniform_about_the_result():
    z = np.linspace(-1, 1, 4000)
    found = surrounded(z, 0.25, seed=3)
    np.testing.assert_array_equal(found[MIDDLE], z.astype(np.float32))
    offsets = (np.delete(found, MIDDLE, 0) - z).ravel()
    assert np.abs(offsets).max() <= 0.25 + 1e-6
    np.testing.assert_allclose(np.quantile(offsets, [0.1, 0.5, 0.9]), [-0.2, 0, 0.2], atol=0.01)
    assert abs(np.corrcoef(np.delete(found, MIDDLE, 0) - z)[0, 1]) < 0.06


def test_neighbours_follow_seed_and_scale():
    z = np.zeros(6)
    one = surrounded(z, 0.25, seed=3)
    np.testing.assert_array_equal(one, surrounded(z, 0.25, seed=3))
    assert not np.array_equal(one, surrounded(z, 0.25, seed=4))
    np.testing.assert_allclose(surrounded(z, 0.5, seed=3), 2 * one, rtol=1e-6)
    np.testing.assert_array_equal(surrounded(z, 0.0, seed=3), 0)


def test_the_bounds_of_a_uniform_prior_hold():
    z = np.array([0.2, 1.7, -3.0, 1.0])
    assert beyond(z, 1.0) == 2
    assert beyond(z, np.inf) == 0
    found = surrounded(z, 0.25, seed=0, limit=1.0)
    assert np.abs(found).max() == 1
    np.testing.assert_allclose(found[MIDDLE], [0.2, 1, -1, 1])
    terms = Terms().added(0, np.full((1, 2), 0.9)).added(1, np.full((1, 2), -0.9)).added(2, np.full((1, 2), 0.9))
    assert np.abs(rows_of(terms, 1.0).inputs).max() == 1
    assert beyond(terms.sum, 1.0) == 2


def test_pixels_overlay_each_other_and_are_cut_off():
    def grey(*values):
        return np.array(values, np.uint8).reshape(-1, 1, 1, 1)

    assert in_pixels(grey(10, 21), grey(5), grey(100))[0, 0, 0] == 110  # 15.5 − 5 + 100, rounded to even
    assert in_pixels(grey(255), grey(0), grey(255))[0, 0, 0] == 255
    assert in_pixels(grey(0), grey(255), grey(0))[0, 0, 0] == 0


def test_one_batch_has_all_that_is_seen():
    terms = filled()
    rows = rows_of(terms)
    for slot, where, mean in zip(terms.slots, rows.slots, rows.means, strict=True):
        np.testing.assert_array_equal(rows.inputs[where], np.stack(slot))
        np.testing.assert_allclose(rows.inputs[mean], np.mean(slot, 0), atol=1e-6)
    np.testing.assert_array_equal(rows.inputs[rows.square], surrounded(terms.sum, 0.25, 0))
    assert (rows.inputs.dtype, len(rows.inputs)) == (np.float32, 6 + 3 + 9)
    part = rows_of(terms.cleared(1))
    assert part.square is None
    assert part.means == (4, None, 5)
