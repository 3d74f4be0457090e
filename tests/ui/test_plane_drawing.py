"""Drawing data of the plane with a brush: it begins with what is there, and every stroke can be taken back."""

import numpy as np
import pytest
from plane_frames import made, wheel
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QSignalSpy, QTest

from ganstudio.data.drawn import painted
from ganstudio.experiment import files
from ganstudio.probes.plane import PlaneFrame
from ganstudio.ui import theme
from ganstudio.ui.drawn_plane import DrawnPlaneData
from ganstudio.ui.panels.plane import PlanePanel

DRAWN = DrawnPlaneData.kind


@pytest.fixture
def drawing(studio, settle, qtbot, qapp) -> PlanePanel:
    """The panel over an open ring, about to be replaced by a drawing."""
    theme.apply(qapp, "light")
    panel = PlanePanel(studio)
    panel.resize(700, 640)
    qtbot.addWidget(panel)
    panel.show()
    studio.open(files.preset("ring-8"))
    settle(studio)
    panel.show_frame(PlaneFrame(0, "main", made()))
    panel.switches["draw"].setChecked(True)
    return panel


def at(panel: PlanePanel, x: float, y: float) -> QPoint:
    return QPoint(*panel.view.mapping().pixels(np.array([x, y])).round().astype(int).tolist())


def test_drawing_replaces_other_data_and_a_stroke_is_an_edit_that_can_be_undone(drawing):
    studio = drawing.studio
    assert studio.experiment.data.kind == DRAWN
    assert drawing._restart.isVisible()
    drawing._clear.click()
    place = at(drawing, 1.0, -1.0)
    QTest.mousePress(drawing.view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(drawing.view, at(drawing, 1.5, -1.0))
    QTest.mouseRelease(drawing.view, Qt.MouseButton.LeftButton, pos=at(drawing, 1.5, -1.0))
    paint = painted(studio.experiment.data.params["cells"])
    half = studio.experiment.data.params["width"] / 2
    cell = 2 * half / len(paint)
    assert paint[int((1.25 + half) / cell), int((-1.0 + half) / cell)] == 9
    assert paint[int((-1.25 + half) / cell), int((1.0 + half) / cell)] == 0
    assert "data.params.cells" in studio.waiting or "data" in " ".join(studio.waiting)
    studio.undo_stack.undo()
    assert drawing.view.canvas.paint[int((1.25 + half) / cell), int((-1.0 + half) / cell)] == 0
    assert not drawing.view.canvas.empty  # what was there at first


def test_a_drawing_begins_with_the_data_as_they_are_and_is_one_step_of_undo(drawing):
    canvas, studio = drawing.view.canvas, drawing.studio
    assert max(high for _, high in canvas.extent) > 2
    inked = np.argwhere(canvas.paint > 0) * canvas.cell + canvas.cell / 2 - canvas.cell * len(canvas.paint) / 2
    np.testing.assert_allclose(np.linalg.norm(inked, axis=1), 2, atol=1.5 * canvas.cell)  # the ring's eight modes
    assert 8 <= len(inked) <= 8 * 9
    studio.undo_stack.undo()
    assert studio.experiment.data.kind == "ring"
    assert drawing.view.canvas is None


def test_clearing_can_be_undone_and_done_again(drawing):
    studio, before = drawing.studio, drawing.view.canvas.paint.copy()
    cells = studio.experiment.data.params["cells"]
    drawing._clear.click()
    assert drawing.view.canvas.empty
    assert studio.experiment.data.params["cells"] == cells  # nothing is no data
    studio.undo_stack.undo()
    np.testing.assert_array_equal(drawing.view.canvas.paint, before)
    studio.undo_stack.redo()
    assert drawing.view.canvas.empty
    studio.undo_stack.undo()
    drawing.switches["draw"].setChecked(False)
    studio.undo_stack.redo()  # with nobody drawing there is nothing to see
    assert drawing.view.canvas is None


def test_data_too_far_out_are_not_drawn(studio, settle, qtbot):
    panel = PlanePanel(studio)
    qtbot.addWidget(panel)
    studio.open(files.preset("ring-8"))
    settle(studio)
    studio.edit("data.params.radius", 90.0)
    told = QSignalSpy(studio.message)
    panel.switches["draw"].setChecked(True)
    assert not panel.switches["draw"].isChecked()
    assert "too far out" in told.at(0)[0]
    assert studio.experiment.data.kind == "ring"


def test_the_right_button_erases_and_the_wheel_sizes_the_brush(drawing):
    drawing._clear.click()
    canvas = drawing.view.canvas
    radius = canvas.radius
    wheel(drawing, drawing.view.plot_rect().center(), 2)
    assert canvas.radius > radius
    for button, expected in ((Qt.MouseButton.LeftButton, 9), (Qt.MouseButton.RightButton, 0)):
        QTest.mouseClick(drawing.view, button, pos=at(drawing, 0.0, 0.0))
        canvas = drawing.view.canvas
        assert canvas.paint[len(canvas.paint) // 2, canvas.paint.shape[1] // 2] == expected


def test_restart_is_asked_of_the_window_and_ends_drawing_when_it_has_opened(drawing, settle):
    asked = QSignalSpy(drawing.studio.action_wanted)
    drawing._restart.click()
    assert asked.at(0) == ["restart"]
    drawing.studio.restart()
    settle(drawing.studio)
    assert not drawing.switches["draw"].isChecked()
    assert drawing.view.canvas is None
    assert drawing.studio.session.experiment.data.kind == DRAWN


def test_a_canvas_left_empty_is_no_edit(drawing):
    cells = drawing.studio.experiment.data.params.get("cells")
    drawing._clear.click()
    QTest.mouseClick(drawing.view, Qt.MouseButton.RightButton, pos=at(drawing, 0.0, 0.0))
    assert drawing.studio.experiment.data.params.get("cells") == cells
    asked, told = QSignalSpy(drawing.studio.action_wanted), QSignalSpy(drawing.studio.message)
    drawing._restart.click()  # would train on what the canvas does not show
    assert asked.count() == 0
    assert "draw something" in told.at(0)[0]
