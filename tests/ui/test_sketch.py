"""A density drawn by hand: strokes set what they pass, and areas become 1."""

import numpy as np
import pytest

from ganstudio.ui.widgets.sketch import Sketch, sampled


def flat(columns: int = 8) -> Sketch:
    return Sketch(np.zeros(columns), -2.0, 2.0)


def test_a_stroke_sets_every_column_on_its_way_and_no_other():
    drawn = flat().stroked((-1.4, 1.0), (0.9, 1.0))
    np.testing.assert_allclose(drawn.heights, [0, 1, 1, 1, 1, 1, 0, 0])
    backwards = flat().stroked((0.9, 1.0), (-1.4, 1.0))
    np.testing.assert_allclose(backwards.heights, drawn.heights)


def test_a_slanted_stroke_rises_and_ends_at_the_hand():
    drawn = flat(100).stroked((-2, 0), (1.99, 4))
    assert (np.diff(drawn.heights) > 0).all()
    assert drawn.heights[-1] == 4


def test_a_click_sets_one_column():
    drawn = flat().stroked((0.3, 2.0), (0.3, 2.0))
    np.testing.assert_allclose(drawn.heights, [0, 0, 0, 0, 2, 0, 0, 0])


def test_beyond_the_ends_the_last_columns_are_drawn_and_below_the_axis_there_is_nothing():
    drawn = flat().stroked((-50, 1.0), (50, 1.0))
    np.testing.assert_allclose(drawn.heights, 1)
    np.testing.assert_allclose(drawn.stroked((-50, -3), (50, -3)).heights, 0)


def test_what_was_drawn_before_is_not_written_again():
    before = flat()
    before.stroked((-1, 1), (1, 1))
    assert not before.heights.any()


def test_normalised_it_has_the_area_1_and_emptiness_stays():
    drawn = flat().stroked((-2, 0), (2, 3)).normalised()
    assert drawn.heights.sum() * drawn.width == pytest.approx(1)
    assert flat().empty
    assert flat().normalised().empty


def test_it_begins_with_the_shape_of_a_known_density():
    x = np.linspace(-3, 3, 400)
    start = sampled(x, np.exp(-0.5 * x**2) / np.sqrt(2 * np.pi), -3, 3, 64)
    np.testing.assert_allclose(start.heights, np.exp(-0.5 * start.x**2) / np.sqrt(2 * np.pi), atol=1e-3)


def test_its_outline_are_the_steps_that_it_is():
    x, y = Sketch(np.array([1.0, 3.0]), 0.0, 2.0).outline()
    assert x.tolist() == [0, 0, 1, 1, 2, 2]
    assert y.tolist() == [0, 1, 1, 3, 3, 0]
