"""The easel: every tool by mouse and by keyboard alone, the brush, and what is seen of it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication

from ganstudio.latent.edits import Edits
from ganstudio.ui.widgets.easel import Easel
from ganstudio.ui.widgets.easel_tools import BrushSize, ToolRow
from ganstudio.ui.widgets.paint_box import MOST, PaintBox

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
RED = np.array([255, 0, 0], np.uint8)


@pytest.fixture
def picture() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8)


@pytest.fixture
def easel(qtbot, picture) -> Easel:
    found = Easel("Canvas")
    found.told = []
    for name in ("begun", "ended", "given_up", "carried"):
        getattr(found, name).connect(lambda name=name: found.told.append(name))
    found.resize(400, 400)
    qtbot.addWidget(found)
    found.show_picture(picture)
    found.colour = RED
    found.radius = 0.5
    with qtbot.waitExposed(found):
        found.show()
    found.setFocus()
    return found


def at(easel: Easel, row: int, column: int) -> QPoint:
    return easel.point_at((row + 0.5, column + 0.5)).toPoint()


def sweep(qtbot, easel: Easel, start: tuple[int, int], end: tuple[int, int]) -> None:
    qtbot.mousePress(easel, LEFT, NO_KEYS, at(easel, *start))
    qtbot.mouseMove(easel, at(easel, *end))
    qtbot.mouseRelease(easel, LEFT, NO_KEYS, at(easel, *end))


def test_a_stroke_is_one_gesture_that_paints_its_colour(qtbot, easel):
    sweep(qtbot, easel, (3, 2), (3, 6))
    assert np.argwhere(easel.edits.mask).tolist() == [[3, column] for column in range(2, 7)]
    assert (easel.edits.targets[3, 2:7] == RED).all()
    assert easel.told == ["begun", "ended"]


def test_erasing_takes_back_what_was_painted_and_drawn(qtbot, easel):
    sweep(qtbot, easel, (3, 2), (3, 6))
    easel.tool = "edge"
    sweep(qtbot, easel, (5, 2), (9, 2))
    assert easel.edits.edges[5:10, 2].all()
    easel.tool, easel.radius = "erase", 4.0
    sweep(qtbot, easel, (2, 2), (10, 6))
    assert easel.edits.empty


def test_dragging_asks_for_the_patch_in_its_new_place_only(qtbot, easel, picture):
    easel.tool, easel.radius = "drag", 2.0
    sweep(qtbot, easel, (4, 4), (9, 11))
    assert easel.edits.weights[9, 11] == 1
    assert not easel.edits.weights[4, 4]
    np.testing.assert_array_equal(easel.edits.targets[9, 11], picture[4, 4])
    assert len(easel.edits.arrows) == 1


def test_a_click_with_the_dragging_tool_asks_for_nothing(qtbot, easel):
    easel.tool = "drag"
    qtbot.mouseClick(easel, LEFT, NO_KEYS, at(easel, 4, 4))
    assert easel.edits.empty


def test_the_eyedropper_takes_the_colour_that_is_seen(qtbot, easel, picture):
    found = []
    easel.picked.connect(found.append)
    sweep(qtbot, easel, (3, 2), (3, 2))
    easel.tool = "pick"
    for row, column in ((7, 9), (3, 2)):
        qtbot.mouseClick(easel, LEFT, NO_KEYS, at(easel, row, column))
    np.testing.assert_array_equal(found, [picture[7, 9], RED])
    assert easel.told == ["begun", "ended"]


def test_painting_by_keyboard_alone(qtbot, easel):
    for _ in range(3):
        qtbot.keyClick(easel, Qt.Key.Key_Up)
    qtbot.keyClick(easel, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyPress(easel, Qt.Key.Key_Space)
    qtbot.keyClick(easel, Qt.Key.Key_Right)
    qtbot.keyClick(easel, Qt.Key.Key_Right)
    qtbot.keyRelease(easel, Qt.Key.Key_Space)
    qtbot.keyClick(easel, Qt.Key.Key_Right)
    assert np.argwhere(easel.edits.mask).tolist() == [[5, 4], [5, 5], [5, 6]]
    assert easel.told == ["begun", "ended"]
    assert easel.accessibleDescription().startswith("Row 6, column 8, colour ")


def test_dragging_by_keyboard_takes_up_and_lets_go(qtbot, easel, picture):
    easel.tool = "drag"
    qtbot.keyClick(easel, Qt.Key.Key_Space)
    for _ in range(4):
        qtbot.keyClick(easel, Qt.Key.Key_Right)
    assert easel.told == ["begun"]
    qtbot.keyClick(easel, Qt.Key.Key_Space)
    np.testing.assert_array_equal(easel.edits.targets[8, 12], picture[8, 8])
    assert easel.told == ["begun", "ended"]


def test_escape_gives_a_gesture_up(qtbot, easel):
    qtbot.keyPress(easel, Qt.Key.Key_Space)
    qtbot.keyClick(easel, Qt.Key.Key_Escape)
    qtbot.keyRelease(easel, Qt.Key.Key_Space)
    assert easel.told == ["begun", "given_up"]


def test_the_wheel_and_the_slider_change_the_brush_within_limits(qtbot, easel):
    slider = BrushSize(easel)
    qtbot.addWidget(slider)

    def turn(notches: int) -> None:
        point, none = QPointF(200, 200), Qt.MouseButton.NoButton
        angle = QPoint(0, 120 * notches)
        wheel = QWheelEvent(point, point, QPoint(), angle, none, NO_KEYS, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(easel, wheel)

    turn(1)
    assert easel.radius == 0.625
    assert slider.value == 1
    turn(40)
    assert easel.radius == pytest.approx(0.3 * 16)
    slider.slider.setValue(2)
    assert easel.radius == 0.5 * 1.25**2
    turn(-40)
    assert easel.radius == 0.5


def test_paint_is_seen_over_the_picture_as_the_overlay_says(qtbot, easel):
    easel.show_picture(np.zeros((16, 16, 3), np.uint8))
    easel.show_edits(Edits.none(16, 16, 3).painted((4.5, 4.5), (4.5, 4.5), 0.5, RED))
    for opacity, red in ((1.0, 255), (0.0, 0)):
        easel.set_opacity(opacity)
        shown = easel.grab().toImage()
        assert abs(QColor(shown.pixel(at(easel, 4, 4))).red() - red) < 8


def test_ctrl_drag_carries_the_sample_and_paints_nothing(qtbot, easel):
    qtbot.mousePress(easel, LEFT, Qt.KeyboardModifier.ControlModifier, at(easel, 3, 3))
    qtbot.mouseMove(easel, at(easel, 9, 9))
    qtbot.mouseRelease(easel, LEFT, NO_KEYS, at(easel, 9, 9))
    assert easel.told == ["carried"]
    assert easel.edits.empty


def test_another_size_begins_with_an_empty_sheet_and_words_take_the_pictures_place(qtbot, easel):
    sweep(qtbot, easel, (3, 2), (3, 6))
    easel.show_picture(np.zeros((8, 8, 1), np.uint8))
    assert easel.edits.shape == (8, 8, 1)
    assert easel.edits.empty
    easel.show_sentence("Nothing here.")
    qtbot.mouseClick(easel, LEFT, NO_KEYS, QPoint(200, 200))
    qtbot.keyClick(easel, Qt.Key.Key_Space)
    easel.grab()
    assert easel.edits is None


def test_one_tool_is_chosen_at_a_time(qtbot, easel):
    row = ToolRow(easel)
    qtbot.addWidget(row)
    qtbot.mouseClick(row.buttons["edge"], LEFT)
    assert easel.tool == "edge"
    assert [name for name, button in row.buttons.items() if button.isChecked()] == ["edge"]


def test_the_paint_box_remembers_colours_and_turns_grey_for_grey_images(qtbot):
    box = PaintBox()
    qtbot.addWidget(box)
    colour = np.array([1, 2, 3], np.uint8)
    box.take(colour)
    qtbot.mouseClick(box.swatches[3], LEFT)
    assert box.colour.tolist() != colour.tolist()
    qtbot.mouseClick(box.swatches[0], LEFT)
    np.testing.assert_array_equal(box.colour, colour)
    for number in range(20):
        box.take(np.full(3, number, np.uint8))
    assert len([one for one in box.swatches if not one.isHidden()]) == MOST
    box.set_channels(1)
    box.grey.setValue(77)
    assert box.colour.tolist() == [77]
