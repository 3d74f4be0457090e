"""Directions in latent space: found as the formula says, stable, and exact where they must be."""

import numpy as np
import pytest

from ganstudio.latent.directions import (
    axes,
    coordinates,
    held,
    moved,
    oriented,
    orthonormal,
    principal_directions,
    truncated,
    within,
)

random = np.random.default_rng(7)


def white(n: int, dim: int) -> np.ndarray:
    """(n, dim) whose sample covariance is exactly the identity."""
    z = random.normal(size=(n, dim))
    z -= z.mean(0)
    return np.linalg.qr(z)[0] * np.sqrt(n)


def layer(dim: int, features: int) -> np.ndarray:
    """Weights with well separated strengths."""
    return random.normal(size=(dim, features)) * np.geomspace(4, 0.2, dim)[:, None]


@pytest.mark.parametrize(("n", "features"), [(50, 200), (400, 12), (300, 30)])
def test_a_linear_layer_gives_its_principal_components(n, features):
    z, weights = white(n, 8), layer(8, features)
    activations = z @ weights + random.normal(size=features)
    found = principal_directions(z, activations, 5)

    left, singular, _ = np.linalg.svd(activations - activations.mean(0), full_matrices=False)
    carried_over = left[:, :5].T @ z / np.sqrt(n)  # regression of z on the components' scores
    np.testing.assert_allclose(np.abs(np.sum(found.vectors * carried_over, axis=1)), 1, atol=1e-6)
    np.testing.assert_allclose(found.shares, singular[:5] ** 2 / np.sum(singular**2), atol=1e-6)


def test_through_a_nonlinearity_they_are_close_to_those_of_the_mean_jacobian():
    z, weights = random.normal(size=(20_000, 6)), layer(6, 40)
    a = z @ weights
    found = principal_directions(z, np.maximum(a, 0), 3)
    # Of a ReLU of a symmetric number the mean slope is one half: the linear layer's own singular vectors.
    expected = np.linalg.svd(weights)[0].T[:3]
    assert (np.abs(np.sum(found.vectors * expected, axis=1)) > 0.99).all()
    assert 0.4 < found.shares.sum() < 0.9


def test_they_are_orthonormal_and_strongest_first():
    z = random.normal(size=(500, 16)).astype(np.float32)
    found = principal_directions(z, np.tanh(z @ layer(16, 30)).astype(np.float32), 12)
    assert found.vectors.shape == (12, 16)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(12), atol=1e-10)
    assert (np.diff(found.shares) <= 0).all()


def test_z_bounds_their_number():
    z = random.normal(size=(100, 2))
    assert principal_directions(z, z @ layer(2, 9), 12).vectors.shape == (2, 2)


def test_a_dead_layer_still_gives_directions():
    z = random.normal(size=(100, 4))
    found = principal_directions(z, np.zeros((100, 7), np.float32), 3)
    np.testing.assert_allclose(found.vectors @ found.vectors.T, np.eye(3), atol=1e-10)
    assert not found.shares.any()


def test_their_signs_do_not_depend_on_the_order_of_the_samples():
    z = random.normal(size=(300, 10))
    y = np.maximum(z @ layer(10, 25), 0)
    shuffled = random.permutation(300)
    first, second = principal_directions(z, y, 6), principal_directions(z[shuffled], y[shuffled], 6)
    np.testing.assert_allclose(first.vectors, second.vectors, atol=1e-8)


def test_signs_follow_earlier_directions_when_found_again():
    earlier = orthonormal(random.normal(size=(4, 9)))
    turned = orthonormal(earlier + 0.05 * random.normal(size=(4, 9)))
    again = oriented(turned * [[1], [-1], [1], [-1]], like=earlier)
    assert (np.sum(again * (turned @ turned.T @ again), axis=1) > 0.9).all()
    assert (np.sum(oriented(-earlier, like=earlier) * earlier, axis=1) > 0.999).all()


def test_a_direction_beyond_the_earlier_ones_gets_a_sign_of_its_own():
    vectors = np.array([[-1.0, 0, 0], [0, -1.0, 0]])
    np.testing.assert_array_equal(oriented(vectors, like=np.array([[-1.0, 0, 0]])), [[-1, 0, 0], [0, 1, 0]])


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
