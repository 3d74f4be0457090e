"""Grids over the plane as pixels and lines: interpolated, coloured from both ends, cut where D has one value."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage

from ganstudio.ui.theme import DARK, LIGHT
from ganstudio.ui.widgets import plane_axes
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.brush import Canvas
from ganstudio.ui.widgets.plane_picture import SHADES, UNKNOWN, coloured, contour, image, ramp, shade

ONES = np.arange(SHADES + 1, dtype=np.uint32)
"""A ramp whose colours are the shades' numbers."""


def bowl(cells: int) -> tuple[np.ndarray, np.ndarray]:
    """Distances from the middle at the middles of cells that fill −1…1."""
    at = (np.arange(cells) + 0.5) / cells * 2 - 1
    x, y = np.meshgrid(at, at)
    return at, np.hypot(x, y)


def test_the_line_lies_where_the_grid_has_the_level():
    _, grid = bowl(40)
    ends = contour(grid, 0.7).reshape(-1, 2) / 40 * 2 - 1
    np.testing.assert_allclose(np.hypot(*ends.T), 0.7, atol=2e-3)
    pieces = ends.reshape(-1, 2, 2)
    assert np.linalg.norm(pieces[:, 1] - pieces[:, 0], axis=1).sum() == pytest.approx(2 * np.pi * 0.7, rel=5e-3)


@pytest.mark.parametrize("code", range(16))
def test_each_piece_of_the_line_parts_corners_above_from_corners_below(code):
    corners = [float(code >> bit & 1) for bit in range(4)]  # lower left, lower right, upper right, upper left
    grid = np.array([[corners[0], corners[1]], [corners[3], corners[2]]])
    pieces = contour(grid, 0.5)
    changes = sum(corners[i] != corners[(i + 1) % 4] for i in range(4))
    assert len(pieces) == changes / 2
    # Both ends lie in the middle of an edge whose corners differ, and no edge has two.
    ends = sorted(map(tuple, pieces.reshape(-1, 2)))
    edges = {(1.0, 0.5): (0, 1), (1.5, 1.0): (1, 2), (1.0, 1.5): (3, 2), (0.5, 1.0): (0, 3)}
    assert ends == sorted(at for at, (a, b) in edges.items() if corners[a] != corners[b])


@pytest.mark.parametrize(("level", "joined"), [(0.4, True), (0.6, False)])
def test_in_a_saddle_the_middle_decides_who_is_joined(level, joined):
    grid = np.array([[1.0, 0.0], [0.0, 1.0]])  # lower left and upper right are above
    for x1, y1, x2, y2 in contour(grid, level):
        middle = (x1 + x2) / 2 - 1, (y1 + y2) / 2 - 1
        cuts_off_a_high_corner = middle[0] * middle[1] > 0
        assert cuts_off_a_high_corner is not joined


def test_there_is_no_line_beside_what_is_unknown():
    _, grid = bowl(20)
    grid[:, :10] = np.nan
    ends = contour(grid, 0.7).reshape(-1, 2)
    assert len(ends)
    assert ends[:, 0].min() > 10


def test_shades_reach_from_end_to_end_and_stop_there():
    found = shade(np.array([-9.0, 0.0, 0.5, 1.0, 9.0, np.nan]), 0.5, 0.5)
    np.testing.assert_allclose(found, [0, 0, (SHADES - 1) / 2, SHADES - 1, SHADES - 1, np.nan])


def test_a_plane_is_enlarged_without_a_step_and_its_rim_stays():
    grid = np.tile(np.linspace(0, 200, 21, dtype=np.float32), (21, 1))
    across = np.array([0.0, 0.5, 5.25, 20.5, 21.0])
    found = coloured(grid, across, np.array([3.0]), ONES)
    np.testing.assert_array_equal(found, [[0, 0, 48, 200, 200]])


def test_unknown_cells_have_their_own_colour_and_darken_nobody():
    grid = np.full((8, 8), 100, np.float32)
    grid[2, 3] = np.nan
    places = np.arange(80) / 10 + 0.05
    found = coloured(grid, places, places, ONES)
    assert (found[20:30, 30:40] == UNKNOWN).all()
    assert (np.delete(found.ravel(), np.flatnonzero(found == UNKNOWN)) == 100).all()
    assert (found == UNKNOWN).sum() == 100


@pytest.mark.parametrize("c", [DARK, LIGHT])
def test_the_ends_are_fake_and_real_and_the_middle_is_the_background(c):
    full = ramp(c, c.surface, 1.0)
    ends = [QColor.fromRgb(int(full[at])).name() for at in (0, SHADES - 1)]
    assert ends == [QColor(c.fake).name(), QColor(c.real).name()]
    middle, ground = QColor.fromRgb(int(full[SHADES // 2])), QColor(c.surface)
    assert max(abs(a - b) for a, b in zip(middle.getRgb(), ground.getRgb(), strict=True)) <= 4
    # Both ends differ in blue and in red alike: not by green, which many do not tell from red.
    real, fake = QColor(c.real), QColor(c.fake)
    assert min(real.blue() - fake.blue(), fake.red() - real.red()) > 90


def test_pixels_become_a_picture_with_the_first_row_on_top():
    pixels = np.array([[0xFF112233, 0xFF445566], [0xFF778899, 0xFFAABBCC]], np.uint32)
    found = image(pixels)
    assert isinstance(found, QImage)
    assert [found.pixelColor(1, 0).name(), found.pixelColor(0, 1).name()] == ["#445566", "#778899"]


# the brush


def test_a_stroke_paints_along_its_line_and_the_eraser_takes_it_away():
    canvas = Canvas(np.zeros((20, 10)), 4.0)
    assert canvas.extent == ((-2.0, 2.0), (-1.0, 1.0))
    canvas.radius = 0.3
    canvas.stroke((-1.5, 0.5), (1.5, 0.5))
    painted = np.argwhere(canvas.paint > 0)
    x, y = ((painted + 0.5) * 0.2 - (2.0, 1.0)).T
    assert (np.abs(y - 0.5) <= 0.3).all()
    assert (x.min(), x.max()) == pytest.approx((-1.7, 1.7))
    assert canvas.paint.max() == 9
    canvas.stroke((0, 0.5), (0, 0.5), erase=True)
    assert canvas.paint[10, 7] == 0
    assert not canvas.empty
    canvas.clear()
    assert canvas.empty


def test_even_the_smallest_brush_paints_and_the_largest_has_an_end():
    canvas = Canvas(np.zeros((64, 64)), 4.0)
    for _ in range(100):
        canvas.resize_brush(0.8)
    canvas.stroke((0.03, 0.03), (0.03, 0.03))
    assert canvas.paint[32, 32] == 9
    for _ in range(100):
        canvas.resize_brush(1.25)
    assert canvas.radius == 1.0


@pytest.mark.parametrize("reach", [0.7, 2.7, 4.15, 50.0])
@pytest.mark.parametrize("side", [200, 394, 1000])
def test_numbers_below_the_plane_are_several_and_stand_apart(qapp, reach, side):
    metrics = QFontMetricsF(QFont(qapp.font().family(), 12))
    ticks = plane_axes._ticks_across(Axis(-reach, reach), side, metrics)
    assert len(ticks) >= 3
    places = [(tick.value + reach) / (2 * reach) * side for tick in ticks]
    halves = [metrics.horizontalAdvance(tick.label) / 2 for tick in ticks]
    for i in range(len(ticks) - 1):
        assert places[i] + halves[i] + 8 < places[i + 1] - halves[i + 1]
