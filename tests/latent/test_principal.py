"""Principal directions: as numpy's SVD has them, whatever the batches, and in their old places when found again."""

import numpy as np
import pytest

from ganstudio.latent.directions import orthonormal
from ganstudio.latent.principal import Moments, Principal, matched, oriented, principal_directions

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


@pytest.mark.parametrize("batches", [1, 7, 50])
def test_batches_do_not_matter(batches):
    z = random.normal(size=(400, 9)).astype(np.float32)
    y = np.maximum(z @ layer(9, 21) + 100, 0).astype(np.float32)  # a mean far from 0 cancels nothing away
    moments = Moments()
    for part in np.array_split(np.arange(400), batches):
        moments.add(z[part], y[part])
    found, whole = moments.principal(5), principal_directions(z.astype(float), y.astype(float), 5)
    assert moments.count == 400
    np.testing.assert_allclose(found.vectors, whole.vectors, atol=1e-8)
    np.testing.assert_allclose(found.shares, whole.shares, atol=1e-8)


def a_set(k: int, dim: int) -> Principal:
    return Principal(orthonormal(random.normal(size=(k, dim))), np.linspace(0.3, 0.05, k))


def test_found_again_they_keep_places_and_signs_however_they_come():
    earlier = a_set(9, 20)
    turned = np.linalg.qr((earlier.vectors + 0.05 * random.normal(size=(9, 20))).T)[0].T
    order, signs = random.permutation(9), random.choice([-1, 1], 9)
    again = matched(Principal(turned[order] * signs[:, None], earlier.shares), earlier)
    assert (np.sum(again.vectors * earlier.vectors, axis=1) > 0.8).all()
    np.testing.assert_allclose(np.abs(again.vectors), np.abs(turned))
    np.testing.assert_array_equal(again.shares, earlier.shares[np.argsort(order)])


def test_matching_loses_and_doubles_nothing():
    found, earlier = a_set(8, 8), a_set(8, 8)
    again = matched(found, earlier)
    likeness = np.abs(again.vectors @ found.vectors.T)
    np.testing.assert_allclose(np.sort(likeness, axis=1)[:, -1], 1)
    assert sorted(likeness.argmax(1)) == list(range(8))
    np.testing.assert_array_equal(found.shares[likeness.argmax(1)], again.shares)


def test_what_is_like_nothing_before_fills_the_places_left_strongest_first():
    eye = np.eye(8)
    earlier = Principal(eye[:4], np.full(4, 0.1))
    found = Principal(eye[[6, 2, 7, 5]], np.array([0.4, 0.3, 0.2, 0.1]))
    again = matched(found, earlier)
    np.testing.assert_array_equal(again.vectors, eye[[6, 7, 2, 5]])
    np.testing.assert_array_equal(again.shares, [0.4, 0.2, 0.3, 0.1])


def test_fewer_or_more_than_before_are_matched_too():
    earlier = a_set(5, 10)
    fewer = matched(Principal(-earlier.vectors[[2, 0]], np.array([0.2, 0.1])), earlier)
    np.testing.assert_allclose(fewer.vectors[0], earlier.vectors[0])
    more = matched(earlier, Principal(earlier.vectors[[1]], np.ones(1)))
    np.testing.assert_array_equal(more.vectors, earlier.vectors[[1, 0, 2, 3, 4]])


def test_signs_alone_are_made_definite():
    np.testing.assert_array_equal(oriented(np.array([[-3.0, 1], [0, 2]])), [[3, -1], [0, 2]])
