"""Where one stands in latent space: exact, reversible, and locked where it is locked."""

import numpy as np
import pytest

from ganstudio.latent.directions import axes
from ganstudio.latent.position import Position
from ganstudio.latent.trail import MOST_REMEMBERED

random = np.random.default_rng(3)


def a_z() -> np.ndarray:
    return random.normal(size=10).astype(np.float32)


def test_a_sample_goes_through_to_the_bit():
    z = a_z()
    position = Position(a_z())
    position.arrive(z)
    assert position.inputs(np.inf).tobytes() == z[None].tobytes()
    assert position.inputs(np.inf).dtype == np.float32


def test_back_and_forward_return_to_the_bit():
    position = Position(a_z())
    places = [position.inputs(np.inf)]
    position.move(axes([2], 10)[0], 1.25)
    places.append(position.inputs(np.inf))
    position.draw(a_z(), axes([1], 10))
    places.append(position.inputs(np.inf))
    for place in (1, 0, 0):
        position.back()
        np.testing.assert_array_equal(position.inputs(np.inf), places[place])
    assert not position.can_go_back
    for place in (1, 2, 2):
        position.forward()
        np.testing.assert_array_equal(position.inputs(np.inf), places[place])
    assert not position.can_go_forward


def test_one_drag_is_taken_back_as_one():
    position = Position(a_z())
    start = position.z
    for coordinate in np.linspace(0, 2, 30):
        position.move(axes([4], 10)[0], coordinate, gesture="slider 4")
    position.move(axes([5], 10)[0], 1.0, gesture="slider 5")
    position.back()
    assert position.z[4] == pytest.approx(2)
    position.back()
    np.testing.assert_array_equal(position.z, start)


def test_moving_after_going_back_forgets_the_way_forward():
    position = Position(a_z())
    position.arrive(a_z())
    position.back()
    position.move(axes([0], 10)[0], 0.5, gesture="slider 0")
    assert not position.can_go_forward
    position.back()
    assert not position.can_go_back


def test_reset_returns_to_the_sample_but_for_locks():
    position = Position(a_z())
    origin = position.origin
    position.move(axes([0], 10)[0], 2.0)
    position.move(axes([1], 10)[0], -2.0)
    position.reset(axes([1], 10))
    assert position.z[1] == pytest.approx(-2)
    np.testing.assert_allclose(np.delete(position.z, 1), np.delete(origin, 1))
    position.reset(axes([], 10))
    np.testing.assert_array_equal(position.z, origin)


def test_truncation_and_the_priors_support_bound_the_input():
    position = Position(np.full(10, 3.0))
    position.truncate(0.5)
    assert (position.inputs(np.inf) == 1.5).all()
    assert (position.inputs(1.0) == 1.0).all()
    assert (position.z == 3.0).all()


def test_the_way_back_is_not_endless():
    position = Position(a_z())
    for _ in range(MOST_REMEMBERED + 50):
        position.arrive(a_z())
    steps = 0
    while position.can_go_back:
        position.back()
        steps += 1
    assert steps == MOST_REMEMBERED - 1


def test_truncation_and_shuffles_are_taken_back_like_moves():
    position = Position(a_z(), truncation=0.8)
    for psi in (0.7, 0.6, 0.5):
        position.truncate(psi, gesture="truncation")
    position.shuffle(17)
    position.arrive(a_z(), truncation=1.0)
    assert (position.truncation, position.seed) == (1.0, 17)
    position.back()
    assert (position.truncation, position.seed) == (0.5, 17)
    position.back()
    assert (position.truncation, position.seed) == (0.5, 0)
    position.back()
    assert position.truncation == 0.8, "one drag is one step"
    position.forward()
    position.forward()
    assert (position.truncation, position.seed) == (0.5, 17)


def test_a_draw_keeps_the_truncation_and_a_rest_parts_two_drags():
    position = Position(a_z())
    position.truncate(0.5)
    position.draw(a_z(), axes([], 10))
    assert position.truncation == 0.5
    position.move(axes([4], 10)[0], 1.0, gesture="slider 4")
    position.rest()
    position.move(axes([4], 10)[0], 2.0, gesture="slider 4")
    position.back()
    assert position.z[4] == pytest.approx(1.0)
