"""Paths through z: the geometry of slerp, the joints between stretches, and what the two priors suggest."""

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.paths import Path, lerp, slerp, spherical_suits
from ganstudio.latent.requests import Prior

T = np.linspace(0, 1, 33)


def angles(points: np.ndarray) -> np.ndarray:
    """Between neighbours, exact for small ones."""
    units = points / np.linalg.norm(points, axis=1, keepdims=True)
    return 2 * np.arctan2(
        np.linalg.norm(np.diff(units, axis=0), axis=1), np.linalg.norm(units[1:] + units[:-1], axis=1)
    )


@pytest.fixture
def pair():
    return np.random.default_rng(3).standard_normal((2, 100)).astype(np.float32)


@pytest.mark.parametrize("way", [slerp, lerp])
def test_end_points_are_exact(way, pair):
    a, b = pair
    found = way(a, b, np.array([0.0, 1.0]))
    assert found.astype(np.float32).tobytes() == np.stack([a, b]).tobytes()


def test_slerp_turns_at_constant_speed_and_stays_in_the_plane_of_both(pair):
    a, b = pair * np.array([[1], [3]])  # unequal norms
    found = slerp(a, b, T)
    steps = angles(found)
    np.testing.assert_allclose(steps, steps.mean(), rtol=1e-10)
    cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert steps.sum() == pytest.approx(np.arccos(cosine), rel=1e-6)
    assert np.linalg.matrix_rank(np.vstack([found, a, b]), tol=1e-6) == 2


def test_slerp_takes_the_norm_linearly_and_keeps_a_common_one(pair):
    a, b = pair
    norms = np.linalg.norm(slerp(a, b, T), axis=1)
    np.testing.assert_allclose(norms, np.linspace(norms[0], norms[-1], 33), rtol=1e-7)
    same = b * (np.linalg.norm(a) / np.linalg.norm(b))
    np.testing.assert_allclose(np.linalg.norm(slerp(a, same, T), axis=1), np.linalg.norm(a), rtol=1e-6)


def test_slerp_agrees_with_shoemakes_formula(pair):
    a, b = (z / np.linalg.norm(z) for z in pair.astype(np.float64))
    omega = np.arccos(a @ b)
    expected = np.outer(np.sin((1 - T) * omega), a) + np.outer(np.sin(T * omega), b)
    np.testing.assert_allclose(slerp(a, b, T), expected / np.sin(omega), atol=1e-12)


def test_a_straight_line_between_normal_z_leaves_their_sphere_and_a_great_circle_does_not(pair):
    a, b = pair
    assert np.linalg.norm(lerp(a, b, [0.5])[0]) < 0.8 * np.linalg.norm(a)
    assert np.linalg.norm(slerp(a, b, [0.5])[0]) > 0.95 * min(np.linalg.norm(a), np.linalg.norm(b))


def test_parallel_vectors_are_joined_by_the_line_between_them():
    a = np.array([1.0, 2.0, -1.0])
    np.testing.assert_allclose(slerp(a, 3 * a, T), lerp(a, 3 * a, T))
    np.testing.assert_array_equal(slerp(a, a, T), np.broadcast_to(a, (33, 3)))


@pytest.mark.parametrize("nudge", [0.0, 1e-12, 1e-7])
def test_opposite_vectors_are_joined_by_half_a_circle(nudge):
    a = np.array([3.0, 0.0, 4.0])
    b = -a + np.array([0.0, nudge, 0.0])
    found = slerp(a, b, T)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 5.0, rtol=1e-6)
    np.testing.assert_allclose(angles(found), np.pi / 32, rtol=1e-4)
    np.testing.assert_array_equal(found, slerp(a, b, T))


def test_opposite_numbers_are_joined_through_zero():
    np.testing.assert_allclose(slerp(np.array([2.0]), np.array([-2.0]), T)[:, 0], 2 - 4 * T)


def test_a_zero_vector_has_no_direction_so_the_way_is_straight():
    zero, b = np.zeros(4), np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_allclose(slerp(zero, b, T), np.outer(T, b))
    np.testing.assert_allclose(slerp(b, zero, T), np.outer(1 - T, b))
    np.testing.assert_array_equal(slerp(zero, zero, T), np.zeros((33, 4)))


@pytest.fixture
def anchors():
    return np.random.default_rng(5).standard_normal((5, 16)).astype(np.float32)


@pytest.mark.parametrize("spherical", [True, False])
def test_a_path_goes_through_its_anchors_to_the_bit(anchors, spherical):
    frames = Path(anchors, spherical).frames(7)
    assert frames.dtype == np.float32
    assert frames.shape == (4 * 7 + 1, 16)
    assert frames[::7].tobytes() == anchors.tobytes()


def test_a_looped_path_ends_one_frame_before_its_start(anchors):
    path = Path(anchors, looped=True)
    frames = path.frames(7)
    assert len(frames) == path.count(7) == 35
    around = np.vstack([frames[28:], frames[:1]])
    np.testing.assert_allclose(angles(around), angles(around).mean(), rtol=1e-3)


def test_a_bounded_prior_is_never_left():
    corners = np.array([[1, 1], [1, -1], [-1, -1]], np.float32)
    assert np.abs(Path(corners).frames(9)).max() > 1.3
    assert np.abs(Path(corners).frames(9, limit=1.0)).max() <= 1.0
    assert np.abs(Path(corners, spherical=False).frames(9)).max() <= 1.0


@pytest.mark.parametrize("count", [0, 1, 17])
def test_a_path_has_two_to_sixteen_anchors(count):
    with pytest.raises(StudioError, match="2 to 16 anchors"):
        Path(np.zeros((count, 3), np.float32))


def test_great_circles_suit_the_normal_prior_and_lines_the_uniform_one():
    assert spherical_suits(Prior(100, 1.0, float("inf")))
    assert not spherical_suits(Prior(100, 0.58, 1.0))
