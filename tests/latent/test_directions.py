"""Directions in latent space: found as the formula says, stable, and exact where they must be."""

import numpy as np
import pytest

from ganstudio.latent.directions import (
    axes,
    coordinates,
    held,
    moved,
    orthonormal,
    truncated,
    within,
)

random = np.random.default_rng(7)


def test_moving_along_one_leaves_the_others():
    vectors = orthonormal(random.normal(size=(5, 32)))
    z = random.normal(size=32)
    there = moved(z, vectors[2], 1.5)
    before, after = coordinates(z, vectors), coordinates(there, vectors)
    assert after[2] == pytest.approx(1.5)
    np.testing.assert_allclose(np.delete(after, 2), np.delete(before, 2), atol=1e-12)


def test_moving_a_dimension_leaves_the_other_numbers_to_the_bit():
    z = random.normal(size=8).astype(np.float32).astype(np.float64)
    there = moved(z, axes([3], 8)[0], 0.25)
    assert there[3] == pytest.approx(0.25)
    np.testing.assert_array_equal(np.delete(there, 3), np.delete(z, 3))


@pytest.mark.parametrize("locked", [axes([0, 5], 12), random.normal(size=(3, 12)), np.ones((2, 12))])
def test_locks_keep_their_components_and_nothing_else(locked):
    z, drawn = random.normal(size=12), random.normal(size=12)
    there = held(drawn, z, locked)
    np.testing.assert_allclose(locked @ there, locked @ z, atol=1e-10)
    free = np.eye(12) - orthonormal(locked).T @ orthonormal(locked)
    np.testing.assert_allclose(free @ there, free @ drawn, atol=1e-10)


def test_without_locks_a_draw_is_taken_as_it_is():
    drawn = random.normal(size=4)
    np.testing.assert_array_equal(held(drawn, np.zeros(4), np.zeros((0, 4))), drawn)


def test_truncation_scales_towards_the_mean():
    z = random.normal(size=6)
    assert truncated(z, 1.0) is z
    np.testing.assert_allclose(truncated(z, 0.5), z / 2)
    assert not truncated(z, 0.0).any()


def test_the_priors_support_is_kept():
    assert np.abs(within(np.array([-5.0, 0.3, 5.0]), 1.5)).max() == 1.5
    np.testing.assert_array_equal(within(np.array([-5.0, 5.0]), np.inf), [-5, 5])
