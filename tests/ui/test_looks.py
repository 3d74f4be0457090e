"""Values seen at some steps as a history of curves."""

import numpy as np
import pytest

from ganstudio.ui.widgets.looks import Looks

NAMES = ("a", "b")


def seen(*steps: int, factor: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    at = np.array(steps, np.float64)
    return at, np.stack([factor * at, -at], axis=1)


def means(looks: Looks, name: str = "a") -> list[float]:
    return looks.buckets([name], 0, len(looks), 1).mean[0].tolist()


def test_between_two_looks_the_curve_is_straight():
    looks = Looks(NAMES)
    looks.follow(np.array([0, 4, 6]), np.array([[0.0, 1.0], [8.0, 1.0], [2.0, 1.0]]))
    assert means(looks) == [2, 4, 6, 8, 5, 2]
    assert looks.latest("b") == 1


def test_before_the_first_look_there_is_nothing():
    looks = Looks(NAMES)
    looks.follow(*seen(3, 5))
    np.testing.assert_array_equal(means(looks), [np.nan, np.nan, 3, 4, 5])


def test_only_what_is_new_is_taken_up_however_the_old_was_thinned():
    bit_by_bit, at_once = Looks(NAMES), Looks(NAMES)
    bit_by_bit.follow(*seen(0))
    assert len(bit_by_bit) == 0
    bit_by_bit.follow(*seen(0, 10, 20))
    bit_by_bit.follow(*seen(0, 10, 20))
    bit_by_bit.follow(*seen(0, 20, 30))
    at_once.follow(*seen(0, 10, 20, 30))
    assert means(bit_by_bit) == means(at_once) == list(range(1, 31))
    assert bit_by_bit.revision == 0


def test_a_run_that_went_back_is_taken_up_anew():
    looks = Looks(NAMES)
    looks.follow(*seen(0, 50, 100))
    looks.follow(*seen(0, 10, factor=2.0))
    assert len(looks) == 10
    assert looks.revision == 1
    assert looks.latest("a") == 20


def test_a_file_holds_the_looks_alone():
    looks = Looks(NAMES)
    looks.follow(*seen(0, 2, 5))
    np.testing.assert_array_equal(looks.column("a"), [np.nan, 2, np.nan, np.nan, 5])


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_what_is_no_number_leaves_a_gap(odd):
    looks = Looks(NAMES)
    looks.follow(np.array([1, 3, 5, 7]), np.array([[1.0, 0], [odd, 0], [1.0, 0], [1.0, 0]]))
    found = means(looks)
    assert not np.isfinite(found[1:4]).any()
    assert found[4:] == [1, 1, 1]
