"""Samples out of a grid and into it, through real events: what arrives is what was shown, its z to the bit."""

import numpy as np
import pytest
from dragging import Hand, dragged
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QSignalSpy

from ganstudio.latent.parcel import Parcel
from ganstudio.probes.tiles import TileGrid
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.grid import ImageGrid
from ganstudio.ui.widgets.grid_painting import tile_rect
from ganstudio.ui.widgets.grid_samples import BESIDE, images_of

IMAGES = np.random.default_rng(0).integers(0, 256, (9, 28, 28, 3), dtype=np.uint8)
Z = np.random.default_rng(1).normal(size=(9, 5)).astype(np.float32)


def middle(grid: ImageGrid, tile: int) -> QPoint:
    return tile_rect(grid.tiles, grid._viewport.target, tile).center().toPoint()


@pytest.fixture
def grid(qtbot) -> ImageGrid:
    made = TileGrid(9, 28, 28)
    made.put(0, IMAGES)
    grid = ImageGrid("Test")
    qtbot.addWidget(grid)
    grid.resize(300, 260)
    grid.show_tiles(made.published())
    grid.samples.inputs = lambda tiles: Z[tiles]
    grid.show()
    return grid


@pytest.fixture
def target(grid) -> list:
    """What the grid, made a target, is told."""
    told: list = []
    grid.samples.accept(lambda *what: told.append(what), refused=told.append)
    return told


def same(parcel: Parcel, tiles: list[int]) -> bool:
    return parcel.inputs.tobytes() == Z[tiles].tobytes() and parcel.images.tobytes() == IMAGES[tiles].tobytes()


def held(hand: Hand) -> Parcel:
    return sample_drag.parcel_in(hand.mime)


@pytest.mark.parametrize("columns", [0, 2, 9])
@pytest.mark.parametrize("channels", [1, 3])
def test_images_are_cut_out_as_they_were_put_in(columns, channels):
    made = TileGrid(7, 20, 12, columns)
    images = np.random.default_rng(2).integers(0, 256, (7, 20, 12, channels), dtype=np.uint8)
    made.put(0, images)
    np.testing.assert_array_equal(images_of(made.published(), range(7)), np.broadcast_to(images, (7, 20, 12, 3)))


def test_a_tile_is_dragged_from_one_grid_to_another_to_the_bit(grid, target, qtbot, monkeypatch):
    hand = dragged(qtbot, monkeypatch, grid, middle(grid, 4))
    assert hand.drop(grid, middle(grid, 7))
    (parcel, tile), = target  # fmt: skip
    assert (same(parcel, [4]), tile) == (True, 7)


def test_a_drag_is_no_click(grid, qtbot, monkeypatch):
    clicked = QSignalSpy(grid.clicked)
    dragged(qtbot, monkeypatch, grid, middle(grid, 4))
    qtbot.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=middle(grid, 5))
    assert clicked.count() == 0


@pytest.mark.parametrize(
    ("tile", "keys", "tiles"),
    [
        (3, Qt.KeyboardModifier.NoModifier, [3, 1, 8]),
        (3, Qt.KeyboardModifier.ShiftModifier, [3]),
        (2, Qt.KeyboardModifier.NoModifier, [2]),
    ],
)
def test_marked_tiles_go_together(grid, qtbot, monkeypatch, tile, keys, tiles):
    """The one in the hand comes first; Shift takes it alone."""
    grid.mark(frozenset({8, 3, 1}))
    assert same(held(dragged(qtbot, monkeypatch, grid, middle(grid, tile), keys)), tiles)


def test_of_a_zoomed_grid_the_left_button_moves_and_control_carries(grid, qtbot, monkeypatch):
    for _ in range(6):
        qtbot.keyClick(grid, Qt.Key.Key_Plus)
    before, at = grid._viewport.target.topLeft(), grid.rect().center()
    tile = grid.tile_at(QPointF(at))
    assert dragged(qtbot, monkeypatch, grid, at) is None
    assert grid._viewport.target.topLeft() != before
    grid.fit()
    for _ in range(6):
        qtbot.keyClick(grid, Qt.Key.Key_Plus)
    assert same(held(dragged(qtbot, monkeypatch, grid, at, Qt.KeyboardModifier.ControlModifier)), [tile])
    assert grid._viewport.target.topLeft() == before


def test_beside_the_tiles_there_is_nothing_to_drag(grid, qtbot, monkeypatch):
    assert dragged(qtbot, monkeypatch, grid, QPoint(1, 1)) is None
    grid.show_sentence("Nothing here yet.")
    assert dragged(qtbot, monkeypatch, grid, QPoint(100, 100)) is None


def test_real_images_travel_without_z(grid, qtbot, monkeypatch):
    grid.samples.inputs = lambda tiles: None
    parcel = held(dragged(qtbot, monkeypatch, grid, middle(grid, 2)))
    assert parcel.inputs is None
    assert parcel.images.tobytes() == IMAGES[[2]].tobytes()


def test_what_hangs_over_a_tile_frames_it(grid, target):
    plain = grid.grab().toImage()
    hand = Hand(Parcel(Z[:1], IMAGES[:1]))
    assert hand.over(grid, middle(grid, 5))
    assert grid.samples.hanging == 5
    edge = tile_rect(grid.tiles, grid._viewport.target, 5).topLeft().toPoint()
    assert grid.grab().toImage().pixelColor(edge).name() == colours().accent
    assert hand.over(grid, QPoint(1, 1))
    assert grid.samples.hanging == BESIDE
    hand.away()
    assert grid.samples.hanging is None
    assert grid.grab().toImage() == plain
    hand.drop(grid, middle(grid, 5))
    assert grid.samples.hanging is None


def test_a_grid_that_is_no_target_takes_nothing(grid, qtbot):
    hand = Hand(Parcel(Z[:1], IMAGES[:1]))
    assert not hand.drop(grid, middle(grid, 5))
    sample_drag.copy(Parcel(Z[:1]))
    assert not grid.samples.paste()


def test_what_is_let_go_where_it_was_taken_up_changes_nothing(grid, target, monkeypatch):
    monkeypatch.setattr(sample_drag, "start_drag", lambda widget, parcel: Hand(parcel).drop(widget, middle(grid, 4)))
    grid.samples.carry(4)
    assert target == []
    grid.samples.carry(5)
    assert [tile for _, tile in target] == [4]


def test_damaged_samples_are_one_sentence(grid, target, qapp):
    mime = QMimeData()
    mime.setData(sample_drag.MIME, b"no samples")
    assert Hand(mime).drop(grid, middle(grid, 5))
    qapp.clipboard().setMimeData(mime)
    assert grid.samples.paste()
    qapp.clipboard().clear()
    assert grid.samples.paste()
    damaged = "The samples: cannot be read; they are damaged."
    assert target == [damaged, damaged, "There is no sample on the clipboard; copy one with Ctrl+C."]


def test_by_key_a_tile_is_copied_and_pasted_to_the_bit(grid, target, qtbot, qapp):
    told = QSignalSpy(grid.told)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(grid, key)
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(grid, Qt.Key.Key_Left)
    qtbot.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    (parcel, tile), = target  # fmt: skip
    assert (same(parcel, [4]), tile) == (True, 3)
    assert told.at(0)[0] == "The sample is on the clipboard, with z."
    # For other programs the picture, enlarged by a whole factor, and the numbers that make z again.
    shown = sample_drag.pixels_of(qapp.clipboard().image())
    factor = shown.shape[0] // 28
    assert shown.shape[0] >= sample_drag.SIDE
    np.testing.assert_array_equal(shown, IMAGES[4].repeat(factor, 0).repeat(factor, 1))
    numbers = np.array(qapp.clipboard().text().split(), np.float32)
    assert numbers.tobytes() == Z[4].tobytes()


def test_with_no_tile_chosen_the_whole_grid_is_copied(grid, qtbot, qapp):
    grid.leaveEvent(None)
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert same(sample_drag.pasted(), list(range(9)))
    np.testing.assert_array_equal(
        sample_drag.pixels_of(qapp.clipboard().image()), sample_drag.pixels_of(grid.exported())
    )
    assert len(qapp.clipboard().text().splitlines()) == 9


def test_the_tile_under_the_mouse_comes_before_the_chosen_one(grid, qtbot):
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    at = middle(grid, 6)
    grid.enterEvent(QEnterEvent(QPointF(at), QPointF(at), QPointF(grid.mapToGlobal(at))))
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert same(sample_drag.pasted(), [6])


def test_several_in_the_hand_say_how_many_they_are(grid):
    one = sample_drag.thumbnail(Parcel(Z[:1], IMAGES[:1])).toImage()
    several = sample_drag.thumbnail(Parcel(Z[:3], IMAGES[:3])).toImage()
    assert several.size() == one.size()
    assert several != one
