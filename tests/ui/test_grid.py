"""The grid of images: pixels are the picture's, tiles are where they seem, mouse and keys reach each of them."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from ganstudio.probes.tiles import TileGrid, Tiles
from ganstudio.ui import theme
from ganstudio.ui.widgets.grid import ImageGrid
from ganstudio.ui.widgets.grid_painting import tile_rect


def made(count: int, side: int = 28, channels: int = 3, filled: int | None = None) -> Tiles:
    grid = TileGrid(count, side, side)
    filled = count if filled is None else filled
    grid.put(0, np.random.default_rng(0).integers(0, 256, (filled, side, side, channels), dtype=np.uint8))
    return grid.published(filled)


def canvas(widget) -> np.ndarray:
    """(H, W, 3) what is on screen."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def middle(grid: ImageGrid, tile: int) -> QPoint:
    return tile_rect(grid.tiles, grid._viewport.target, tile).center().toPoint()


@pytest.fixture
def grid(qtbot) -> ImageGrid:
    grid = ImageGrid("Test")
    qtbot.addWidget(grid)
    grid.resize(300, 260)
    grid.show()
    grid.show_tiles(made(16))
    return grid


@pytest.mark.parametrize("channels", [1, 3])
def test_the_canvas_is_the_picture_without_smoothing(grid, channels):
    tiles = made(16, channels=channels)
    grid.show_tiles(tiles)
    target = grid._viewport.target
    assert target.width() == 2 * tiles.picture.shape[1]
    shown = canvas(grid)[int(target.top()) :, int(target.left()) :]
    for row in range(4):
        for column in range(4):
            top, left = row * 29, column * 29
            expected = tiles.picture[top : top + 28, left : left + 28].repeat(2, 0).repeat(2, 1)
            np.testing.assert_array_equal(shown[2 * top : 2 * top + 56, 2 * left : 2 * left + 56], expected)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_gaps_and_empty_cells_take_the_colour_behind(qapp, grid, choice):
    theme.apply(qapp, choice)
    grid.show_tiles(made(16, filled=14))
    target = grid._viewport.target
    shown = canvas(grid)[int(target.top()) :, int(target.left()) :]
    behind = [int(theme.colours().surface[i : i + 2], 16) for i in (1, 3, 5)]
    for y, x in ((56, 10), (10, 57), (200, 140), (230 - 5, 230 - 5)):
        assert shown[y, x].tolist() == behind


@pytest.mark.parametrize("count", [1, 5, 16, 36, 64, 256])
def test_the_tile_under_the_mouse_is_the_one_that_is_painted_there(grid, count):
    grid.show_tiles(made(count, side=16))
    for tile in range(count):
        assert grid.tile_at(QPointF(middle(grid, tile))) == tile
    assert grid.tile_at(QPointF(1, 1)) == -1


def test_a_cell_without_a_tile_is_none(grid):
    grid.show_tiles(made(16, filled=14))
    assert grid.tile_at(QPointF(middle(grid, 15))) == -1


def test_a_click_is_a_tile_and_a_double_click_another_signal(grid, qtbot):
    clicked, double = QSignalSpy(grid.clicked), QSignalSpy(grid.double_clicked)
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 6))
    qtbot.mouseClick(grid, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert [clicked.at(i)[0] for i in range(clicked.count())] == [6]
    qtbot.mouseDClick(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 9))
    assert [double.at(i)[0] for i in range(double.count())] == [9]


def test_dragging_moves_and_does_not_click(grid, qtbot):
    clicked = QSignalSpy(grid.clicked)
    wheel(grid, 1, middle(grid, 5), times=6)
    before = grid._viewport.target.topLeft()
    start = QPoint(150, 130)
    qtbot.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(grid, start + QPoint(40, 30))
    qtbot.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start + QPoint(40, 30))
    assert clicked.count() == 0
    moved = grid._viewport.target.topLeft() - before
    assert moved.toPoint() == QPoint(40, 30)


def wheel(grid: ImageGrid, notches: int, at: QPoint, times: int = 1, keys=Qt.KeyboardModifier.NoModifier) -> None:
    for _ in range(times):
        angle = QPoint(0, 120 * notches)
        event = QWheelEvent(
            QPointF(at), QPointF(grid.mapToGlobal(at)), QPoint(), angle, Qt.MouseButton.NoButton, keys,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(grid, event)


def test_the_wheel_zooms_about_the_tile_under_it(grid):
    zoomed = QSignalSpy(grid.zoomed)
    at = middle(grid, 10)
    wheel(grid, 1, at, times=5)
    assert grid.tile_at(QPointF(at)) == 10
    assert grid._viewport.zoom > 2
    assert zoomed.at(0)[0] is True
    grid.fit()
    assert grid._viewport.zoom == 1
    assert zoomed.at(zoomed.count() - 1)[0] is False


def test_where_the_wheel_scrolls_control_zooms(qtbot):
    grid = ImageGrid("Test", wheel_zooms=False)
    qtbot.addWidget(grid)
    grid.resize(300, 260)
    grid.show_tiles(made(16))
    scrolled = QSignalSpy(grid.scrolled)
    wheel(grid, -1, middle(grid, 3))
    assert (scrolled.at(0)[0], grid._viewport.zoom) == (1, 1)
    wheel(grid, 1, middle(grid, 3), keys=Qt.KeyboardModifier.ControlModifier)
    assert grid._viewport.zoom > 1


def test_every_tile_is_reached_by_key(grid, qtbot):
    clicked = QSignalSpy(grid.clicked)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Down):
        qtbot.keyClick(grid, key)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert clicked.at(0)[0] == 4  # first, right, down, left, up, down
    for _ in range(10):
        qtbot.keyClick(grid, Qt.Key.Key_Right)
        qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.current == 15


def test_keys_zoom_and_scroll(grid, qtbot):
    scrolled = QSignalSpy(grid.scrolled)
    qtbot.keyClick(grid, Qt.Key.Key_Plus)
    assert grid._viewport.zoom > 1
    qtbot.keyClick(grid, Qt.Key.Key_0)
    assert grid._viewport.zoom == 1
    qtbot.keyClick(grid, Qt.Key.Key_PageDown)
    assert scrolled.at(0)[0] == 1


def test_keys_that_are_not_the_grids_reach_the_window(grid, qtbot):
    """Space trains, S toggles the loss: the grid must let them through."""
    seen = []
    for key in (Qt.Key.Key_Space, Qt.Key.Key_S):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(grid, event)
        seen.append(event.isAccepted())
    assert seen == [False, False]


def test_the_mouse_over_the_grid_is_told(grid):
    grid.leaveEvent(None)
    watched = QSignalSpy(grid.watched)
    hover(grid, middle(grid, 2))
    assert grid.current == 2
    grid.leaveEvent(None)
    assert [watched.at(i)[0] for i in range(watched.count())] == [True, False]
    assert grid.current == -1


def hover(grid: ImageGrid, at: QPoint) -> None:
    grid.enterEvent(QEnterEvent(QPointF(at), QPointF(at), QPointF(grid.mapToGlobal(at))))


def test_the_caption_and_the_markers_are_painted(grid, qtbot):
    plain = canvas(grid)
    grid.mark(frozenset({3, 99}))
    marked = canvas(grid)
    accent = [int(theme.colours().accent[i : i + 2], 16) for i in (1, 3, 5)]
    assert (marked == accent).all(2).any()
    assert not (plain == accent).all(2).any()
    grid.mark(frozenset())
    grid.caption = lambda tile: f"No. {tile}"
    hover(grid, middle(grid, 5))
    assert (canvas(grid) != plain).any()
    grid.leaveEvent(None)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert (canvas(grid) != plain).any()
    grid.clearFocus()  # what nobody is asked for any more must not stand there
    np.testing.assert_array_equal(canvas(grid), plain)


def test_the_menu_names_its_tile(grid):
    wanted = QSignalSpy(grid.menu_wanted)
    for at in (middle(grid, 7), QPoint(1, 1)):
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(grid, QContextMenuEvent(reason, at, grid.mapToGlobal(at)))
    assert [wanted.at(i)[0] for i in range(2)] == [7, -1]


def test_words_in_place_of_pictures(grid):
    grid.show_sentence("Nothing here yet.")
    assert grid.accessibleDescription() == "Nothing here yet."
    assert grid.tile_at(QPointF(100, 100)) == -1
    shown = canvas(grid)
    assert (shown != shown[0, 0]).any()
    grid.fit()
    wheel(grid, 1, QPoint(50, 50))
    grid.show_tiles(made(4))
    assert grid.accessibleDescription() == ""


def test_what_is_exported_is_the_picture_enlarged(grid):
    image = grid.exported().convertToFormat(QImage.Format.Format_RGB888)
    factor = image.width() // grid.tiles.picture.shape[1]
    assert image.width() >= 1024
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = lines[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
    np.testing.assert_array_equal(pixels[::factor, ::factor], grid.tiles.picture)
    np.testing.assert_array_equal(pixels, grid.tiles.picture.repeat(factor, 0).repeat(factor, 1))


def test_fewer_tiles_forget_the_chosen_one(grid, qtbot):
    for _ in range(5):
        qtbot.keyClick(grid, Qt.Key.Key_Down)
    grid.show_tiles(made(4))
    assert grid.current == -1
    canvas(grid)
