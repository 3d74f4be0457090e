"""Where a picture stands: whole, in the middle, as large as fits, and still under the hand that zooms it."""

import pytest
from PySide6.QtCore import QPointF, QSizeF

from ganstudio.ui.widgets.viewport import MARGIN, MOST_ZOOM, Viewport, columns_for


def placed(width: float, height: float, side: float = 100) -> Viewport:
    viewport = Viewport()
    viewport.place(QSizeF(width, height), QSizeF(side, side))
    return viewport


@pytest.mark.parametrize(("width", "height"), [(620, 400), (400, 620), (150, 90), (3840, 2160)])
def test_a_fitted_picture_lies_whole_in_the_middle(width, height):
    target = placed(width, height).target
    assert target.left() >= MARGIN - 1
    assert target.top() >= MARGIN - 1
    assert target.center().x() == pytest.approx(width / 2, abs=1)
    assert target.center().y() == pytest.approx(height / 2, abs=1)
    assert target.height() > 0.8 * min(width, height) - 2 * MARGIN


def test_a_picture_takes_whole_screen_pixels_where_that_costs_little():
    assert placed(430, 430).scale == 4
    assert placed(380, 380).scale == pytest.approx(3.68)


def test_a_screen_of_finer_pixels_has_finer_steps():
    viewport = Viewport()
    viewport.place(QSizeF(370, 370), QSizeF(100, 100), 2.0)
    assert viewport.scale == 3.5


def test_zooming_keeps_what_lies_under_the_hand():
    viewport = placed(500, 400)
    for at, factor in ((QPointF(300, 200), 3), (QPointF(120, 300), 2), (QPointF(250, 130), 0.6)):
        before = viewport.to_picture(at)
        viewport.zoom_at(at, factor)
        after = viewport.to_picture(at)
        assert (after - before).manhattanLength() < 1.5


def test_zoom_has_limits():
    viewport = placed(500, 400)
    viewport.zoom_at(QPointF(200, 200), 1e9)
    assert viewport.zoom == MOST_ZOOM
    viewport.zoom_at(QPointF(200, 200), 0)
    assert viewport.zoom == 1
    assert viewport.target.contains(QPointF(250, 200))


def test_a_zoomed_picture_cannot_be_dragged_out_of_view():
    viewport = placed(500, 400)
    viewport.zoom_at(QPointF(250, 200), 4)
    viewport.move(QPointF(1e6, -1e6))
    target = viewport.target
    assert target.left() == pytest.approx(0, abs=1)
    assert target.bottom() == pytest.approx(400, abs=1)


def test_a_picture_of_another_size_is_shown_whole():
    viewport = placed(500, 400)
    viewport.zoom_at(QPointF(250, 200), 4)
    viewport.place(QSizeF(500, 400), QSizeF(60, 60))
    assert viewport.zoom == 1


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [(64, 400, 400, 8), (64, 513, 470, 8), (64, 500, 260, 11), (64, 900, 220, 16), (16, 200, 900, 2), (1, 50, 90, 1)],
)
def test_columns_make_the_tiles_large_and_rows_full(count, width, height, columns):
    assert columns_for(count, QSizeF(width, height)) == columns
