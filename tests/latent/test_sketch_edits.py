"""What a brush asks for, layer by layer, and the way back."""

from dataclasses import replace

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.edits import Edits, Page, Sheet, brushed

RED = np.array([255, 0, 0], np.uint8)


@pytest.fixture
def none() -> Edits:
    return Edits.none(12, 16, 3)


def test_a_brush_reaches_its_radius_and_always_the_pixel_under_it():
    found = brushed((12, 16), (6.5, 4.5), (6.5, 9.5), 2.0)
    rows, columns = np.nonzero(found)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (4, 8, 2, 11)
    assert brushed((12, 16), (3.99, 5.01), (3.99, 5.01), 0.0).nonzero() == (np.array([3]), np.array([5]))
    assert not brushed((12, 16), (-5, -5), (-5, 20), 2.0).any()


def test_a_thin_line_has_no_gaps():
    found = brushed((12, 16), (0.5, 0.5), (11.5, 15.5), 0.0)
    assert found.any(0).all()
    assert found.any(1).all()


def test_paint_asks_for_its_colour_where_it_runs_and_nothing_elsewhere(none):
    edits = none.painted((2, 2), (2, 6), 1.0, RED)
    assert none.empty
    assert (edits.targets[edits.mask] == RED).all()
    assert edits.weights.sum() == edits.mask.sum() > 0


def test_a_dragged_patch_is_asked_for_where_it_was_dropped(none):
    picture = np.random.default_rng(0).integers(0, 256, (12, 16, 3), np.uint8)
    edits = none.dragged(picture, (4.5, 4.5), (6.7, 9.4), 2.0)
    assert edits.weights[6, 9] == 1
    where = edits.weights > 0
    np.testing.assert_array_equal(edits.targets[where], np.roll(picture, (2, 5), (0, 1))[where])
    assert edits.arrows == (((4.5, 4.5), (6.5, 9.5)),)


def test_what_is_dragged_in_from_beyond_the_picture_is_not_asked_for(none):
    edits = none.dragged(np.full((12, 16, 3), 9, np.uint8), (0.5, 0.5), (6.5, 6.5), 3.0)
    assert edits.weights[6, 6] == 1
    assert not edits.weights[:6].any()
    assert not edits.weights[:, :6].any()


def test_paint_covers_patches_and_patches_cover_paint(none):
    picture = np.full((12, 16, 3), 7, np.uint8)
    painted = none.dragged(picture, (5.5, 5.5), (5.5, 8.5), 2.0).painted((5.5, 8.5), (5.5, 8.5), 0.5, RED)
    assert (painted.targets[5, 8] == RED).all()
    dragged = none.painted((5.5, 8.5), (5.5, 8.5), 3.0, RED).dragged(picture, (5.5, 5.5), (5.5, 8.5), 1.0)
    assert (dragged.targets[5, 8] == 7).all()


def test_of_two_patches_each_pixel_has_colour_and_weight_of_the_one_that_counts_more(none):
    first, second = (np.full((12, 16, 3), colour, np.uint8) for colour in (50, 200))
    alone = [none.dragged(one, (5.5, 5.5), (5.5, at), 4.0) for one, at in ((first, 5.5), (second, 9.5))]
    both = alone[0].dragged(second, (5.5, 5.5), (5.5, 9.5), 4.0)
    of_second = alone[1].weights >= alone[0].weights
    assert ((alone[0].weights > 0) & (alone[1].weights > 0) & ~of_second).any()
    np.testing.assert_array_equal(both.weights, np.maximum(alone[0].weights, alone[1].weights))
    some = both.weights > 0
    np.testing.assert_array_equal(both.targets[some, 0], np.where(of_second, 200, 50)[some])


def test_paint_under_the_rim_of_a_patch_stays(none):
    paint = none.painted((5.5, 2.5), (5.5, 13.5), 0.5, RED)
    both = paint.dragged(np.full((12, 16, 3), 7, np.uint8), (5.5, 5.5), (5.5, 8.5), 4.0)
    core = none.dragged(np.full((12, 16, 3), 7, np.uint8), (5.5, 5.5), (5.5, 8.5), 4.0).weights == 1
    np.testing.assert_array_equal(both.mask, paint.mask & ~core)
    assert (both.targets[both.mask] == RED).all()
    assert (both.weights[paint.mask] == 1).all()


def test_paint_covers_edges_and_edges_are_drawn_on_paint(none):
    painted = none.edged((5.5, 0.5), (5.5, 15.5)).painted((5.5, 8.5), (5.5, 8.5), 1.5, RED)
    assert not (painted.edges & painted.mask).any()
    assert painted.edges[5, [0, 15]].all()
    assert painted.edged((5.5, 0.5), (5.5, 15.5)).edges[5].all()


def test_erasing_takes_every_layer_away_and_the_arrows_that_end_there(none):
    picture = np.zeros((12, 16, 3), np.uint8)
    edits = none.painted((2, 2), (2, 8), 1.0, RED).edged((5, 1), (5, 14)).dragged(picture, (3.5, 3.5), (8.5, 8.5), 1.0)
    left = edits.erased((8.5, 8.5), (8.5, 8.5), 2.0)
    assert not left.arrows
    assert left.mask.any()
    assert left.erased((0, 0), (12, 16), 30.0).empty


def test_a_gesture_is_taken_back_at_once(none):
    start = Page(none)
    sheet = Sheet(start)
    sheet.begin()
    for column in range(5):
        sheet.put(Page(sheet.page.edits.painted((2, column), (2, column + 1), 0.5, RED)))
    whole = sheet.page
    sheet.begin()
    sheet.put(Page(none.edged((0, 0), (5, 5))))
    sheet.undo()
    assert sheet.page is whole
    sheet.undo()
    assert sheet.page is start
    assert not sheet.can_undo
    sheet.redo()
    assert sheet.page is whole
    sheet.begin()
    sheet.put(start)
    assert not sheet.can_redo


def test_a_gesture_that_is_given_up_leaves_no_trace(none):
    start = Page(none)
    sheet = Sheet(start)
    sheet.begin()
    sheet.cancel()
    sheet.begin()
    for column in range(3):
        sheet.put(Page(none.edged((0, 0), (5, column))))
    sheet.cancel()
    sheet.cancel()
    assert sheet.page is start
    assert not sheet.can_undo


@pytest.mark.parametrize("name", ["mask", "edges", "warp", "warped", "colours"])
def test_layers_that_do_not_fit_are_named(none, name):
    with pytest.raises(StudioError, match=name):
        replace(none, **{name: getattr(none, name)[0]}).check()
