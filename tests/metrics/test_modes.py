"""Mode coverage on sets made by hand."""

from math import log

import numpy as np
import pytest
import torch

from ganstudio.data.densities.mixture import Mixture
from ganstudio.data.plane import Grid, Ring
from ganstudio.metrics.modes import SAMPLES, judge

RING = Ring().density()


def at(counts: list[int], off: float = 0.0) -> np.ndarray:
    """So many samples at each mode of the ring, ``off`` σ outwards."""
    return np.repeat(RING.modes * (1 + off * 0.02 / 2.0), counts, axis=0)


def test_a_balanced_ring_is_covered_with_the_greatest_entropy():
    found = judge(RING, at([10] * 8))
    assert (found.count, found.covered, found.present, found.dominant) == (8, 8, 8, None)
    assert found.good == pytest.approx(1)
    assert found.entropy == pytest.approx(log(8))
    assert found.most_entropy == log(8)
    np.testing.assert_allclose(found.shares, 1 / 8)


def test_counts_by_hand():
    found = judge(RING, at([60, 30, 0, 9, 1, 0, 0, 0]))
    assert (found.covered, found.present, found.dominant) == (4, 4, 0)
    shares = np.array([0.6, 0.3, 0.09, 0.01])
    assert found.entropy == pytest.approx(-(shares * np.log(shares)).sum())
    np.testing.assert_allclose(found.shares[[0, 1, 3, 4]], shares)


def test_below_one_in_a_hundred_a_mode_is_covered_but_not_present():
    found = judge(RING, at([995, 5, 0, 0, 0, 0, 0, 0]))
    assert (found.covered, found.present) == (2, 1)


@pytest.mark.parametrize(("off", "good"), [(0, 1), (2.9, 1), (-2.9, 1), (3.1, 0), (50, 0)])
def test_good_is_within_three_sigma(off, good):
    found = judge(RING, at([5] * 8, off))
    assert found.good == pytest.approx(good)
    assert found.covered == 8 * good
    assert found.shares.sum() == pytest.approx(1)


def test_without_good_samples_there_is_no_entropy():
    found = judge(RING, np.zeros((100, 2)))
    assert (found.covered, found.good) == (0, 0)
    assert np.isnan(found.entropy)
    assert found.shares.sum() == pytest.approx(1)


def test_one_mode_has_no_entropy_to_speak_of():
    found = judge(RING, at([0, 0, 100, 0, 0, 0, 0, 0]))
    assert (found.entropy, found.dominant, found.covered) == (0, 2, 1)


def test_samples_of_the_data_are_as_good_as_three_sigma_are():
    for density in (RING, Grid().density()):
        x = density.sample(SAMPLES, torch.Generator().manual_seed(0)).numpy()
        found = judge(density, x)
        assert found.covered == found.count
        assert found.good == pytest.approx(1 - np.exp(-4.5), abs=0.006)
        assert found.entropy == pytest.approx(found.most_entropy, abs=0.01)


def test_a_mode_may_have_several_components():
    chain = Mixture(np.array([[0.0, 0.0], [0.1, 0.0], [0.2, 0.0], [5.0, 0.0]]), 0.2, groups=np.array([0, 0, 0, 1]))
    found = judge(chain, np.array([[0.0, 0.0], [0.2, 0.1], [5.0, 0.0], [5.1, 0.0]]))
    np.testing.assert_allclose(found.shares, [0.5, 0.5])


def test_what_is_not_a_number_is_not_good():
    x = at([10] * 8)
    x[0] = np.nan
    x[1] = np.inf
    found = judge(RING, x)
    assert found.good == pytest.approx(78 / 80)
    assert found.shares.sum() == pytest.approx(1)
