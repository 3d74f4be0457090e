"""The way back through changes."""

from ganstudio.latent.trail import MOST_REMEMBERED, Trail


def test_back_and_forward_until_something_new_is_done():
    trail = Trail("a")
    trail.back()
    assert trail.now == "a"
    trail.go("b")
    trail.go("c")
    trail.back()
    trail.back()
    assert (trail.now, trail.can_go_back, trail.can_go_forward) == ("a", False, True)
    trail.forward()
    trail.go("d")
    assert (trail.now, trail.can_go_forward) == ("d", False)
    trail.back()
    assert trail.now == "b"


def test_a_gesture_is_one_step_until_another_change_comes_between():
    trail = Trail(0)
    for state, gesture in ((1, "drag"), (2, "drag"), (3, None), (4, "drag")):
        trail.go(state, gesture)
    found = [trail.now]
    while trail.can_go_back:
        trail.back()
        found.append(trail.now)
    assert found == [4, 3, 2, 0]


def test_a_rest_parts_two_steps_of_the_same_gesture():
    trail = Trail(0)
    trail.go(1, "drag")
    trail.rest()
    trail.go(2, "drag")
    trail.back()
    assert trail.now == 1


def test_a_gesture_taken_back_is_not_gone_on_with():
    trail = Trail(0)
    trail.go(1, "drag")
    trail.back()
    trail.go(2, "drag")
    trail.back()
    assert trail.now == 0


def test_it_forgets_what_lies_far_back():
    trail = Trail(0)
    for state in range(1, 2 * MOST_REMEMBERED):
        trail.go(state)
    while trail.can_go_back:
        trail.back()
    assert trail.now == MOST_REMEMBERED
