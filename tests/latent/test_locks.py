"""Locks: what is locked stays exactly where it is, and the free directions are orthogonal to all of it."""

import numpy as np
import pytest

from ganstudio.latent.directions import LEAST_FREE, axes, freed, moved, random_directions
from ganstudio.latent.position import Position

random = np.random.default_rng(11)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def named(k: int, dim: int = 16) -> np.ndarray:
    """(k, dim) directions at any angle to each other."""
    return unit(random.normal(size=(k, dim)) + random.normal(size=dim))


@pytest.mark.parametrize("locks", [1, 2, 5])
def test_no_free_move_changes_a_locked_coordinate(locks):
    directions = named(9)
    locked, free = directions[:locks], directions[locks:]
    assert np.abs(locked @ free.T).max() > 0.1, "they are not orthogonal by themselves"
    position = Position(random.normal(size=16))
    before = locked @ position.z
    for vector in freed(free, locked):
        position.move(vector, 2.5)
        np.testing.assert_allclose(locked @ position.z, before, atol=1e-13)
        assert vector @ position.z == pytest.approx(2.5)
    position.draw(random.normal(size=16), locked)
    np.testing.assert_allclose(locked @ position.z, before, atol=1e-13)


def test_free_directions_keep_length_1_and_as_much_of_their_sense_as_can_be():
    locked, free = named(2), named(6)
    found = freed(free, locked)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1)
    for before, after in zip(free, found, strict=True):
        span = np.linalg.qr(locked.T)[0]
        best = unit((before - span @ (span.T @ before))[None])[0]  # the closest of all that are orthogonal to the locks
        np.testing.assert_allclose(after, best, atol=1e-12)
        assert after @ before > 0


def test_what_is_orthogonal_already_stays_to_the_bit():
    np.testing.assert_array_equal(freed(axes([1, 4], 6), axes([0, 5], 6)), axes([1, 4], 6))
    directions = random_directions(3, 8, 20)
    np.testing.assert_array_equal(freed(directions[2:], directions[:2]), directions[2:])
    np.testing.assert_array_equal(freed(directions, np.zeros((0, 20))), directions)


def test_a_direction_that_lies_among_the_locked_ones_has_nothing_left():
    locked = named(3)
    inside = unit(random.normal(size=(1, 3)) @ locked)
    outside = np.linalg.svd(locked)[2][-1]
    almost = unit(inside + 0.5 * LEAST_FREE * outside)
    assert not freed(np.vstack([inside, almost]), locked).any()
    enough = unit(inside + 2 * LEAST_FREE * outside)
    np.testing.assert_allclose(freed(enough, locked)[0], outside, atol=1e-10)


def test_a_direction_locked_twice_counts_once():
    locked = np.vstack([named(1)] * 2)
    free = named(3)
    np.testing.assert_allclose(freed(free, locked), freed(free, locked[:1]), atol=1e-12)


def test_single_numbers_of_z_that_are_locked_stay_to_the_bit():
    z = random.normal(size=8).astype(np.float32).astype(np.float64)
    for vector in freed(np.eye(8)[[0, 6]], np.eye(8)[[2, 3]]):
        z2 = moved(z, vector, 1.75)
        np.testing.assert_array_equal(z2[[2, 3]], z[[2, 3]])
