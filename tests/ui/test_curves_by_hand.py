"""Plots of curves under the hand: markers, zooming, panning, the read-out."""

import time

import numpy as np
import pytest
from curve_plots import CURVES, NAMES, filled, picture, rows
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.curve_model import Marker
from ganstudio.ui.widgets.curves import CurvePlot


@pytest.fixture
def plot(qtbot):
    plot = CurvePlot(CURVES)
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    return plot


# markers


def test_a_marker_stands_at_its_step_and_is_told(plot):
    history = filled(1000)
    plot.show_history(history)
    bare = picture(plot)
    plot.set_markers([Marker(400, "saturating", "non-saturating → saturating")])
    changed = np.nonzero((picture(plot) != bare).any(2))[1]
    assert abs(changed.min() - float(plot._paper.across(400))) <= 2
    assert any("non-saturating → saturating" in text for text, _ in plot.reading(400))
    assert not any("saturating" in text for text, _ in plot.reading(900))


def test_thousands_of_markers_cost_little(plot):
    plot.show_history(filled(5000))
    picture(plot)

    def price(markers: list[Marker]) -> float:
        plot.set_markers(markers)
        plot.repaint_all()
        start = time.process_time()
        plot.repaint()
        return time.process_time() - start

    many = [Marker(step, f"lr {step}", "…") for step in range(5000)]
    assert sorted(price(many) for _ in range(5))[2] < 0.25


# the hand


def test_zooming_and_panning_pause_following_and_a_brings_it_back(plot, qtbot):
    history = filled(1000)
    plot.show_history(history)
    picture(plot)
    seen = []
    plot.following_changed.connect(seen.append)
    middle = plot.plot_area.center()
    under = plot.x.value(0.5)
    wheel = QWheelEvent(
        middle, middle, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot, wheel)
    assert plot.x.high - plot.x.low < 1300 / 1.2
    assert plot.x.value(0.5) == pytest.approx(under, rel=0.01)
    assert (plot.following, seen) == (False, [False])
    state = plot.x.state
    history.append(rows(3000))
    plot.show_history(history)
    assert plot.x.state == state
    qtbot.keyClick(plot, Qt.Key.Key_A)
    picture(plot)
    assert (plot.following, seen) == (True, [False, True])
    assert plot.x.high > 4000
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert not plot.following
    qtbot.mouseDClick(plot, Qt.MouseButton.LeftButton)
    assert plot.following


def test_dragging_moves_along_the_steps_and_on_the_axis_along_the_values(plot, qtbot):
    plot.show_history(filled(1000))
    picture(plot)
    low, values = plot.x.low, plot.y.state
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(300, 150))
    for x in (290, 250, 200):
        qtbot.mouseMove(plot, QPoint(x, 150))
        QApplication.processEvents()
    plot.pan(0.2)
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert plot.x.low > low
    picture(plot)
    assert plot.y.state == values
    plot.pan(0.2, values=True)
    picture(plot)
    assert plot.y.state != values


def test_a_view_of_the_past_is_not_painted_again(plot):
    history = filled(5000)
    plot.show_history(history)
    picture(plot)
    plot.zoom(0.1, QPointF(150, 100))
    picture(plot)
    before = plot._picture
    assert plot.x.high < 4000
    updates = []
    plot.update = lambda *a: updates.append(a)
    for seed in range(5):
        history.append(rows(50, seed))
        plot.show_history(history)
    assert plot._picture is before
    assert not updates


def test_plots_on_one_axis_of_steps_show_the_same_steps(qtbot):
    x = Axis(0, 100)
    plots = [CurvePlot(CURVES[:1], x), CurvePlot(CURVES[1:], x)]
    history = filled(2000)
    for plot in plots:
        qtbot.addWidget(plot)
        plot.show()
        plot.show_history(history)
        picture(plot)
    plots[0].pan(0.3)
    assert not plots[1].following
    picture(plots[1])
    assert plots[1]._picture.x_state == x.state


def test_the_read_out_tells_step_mean_and_range(plot):
    history = filled(3000)
    plot.show_history(history)
    picture(plot)
    lines = [text for text, _ in plot.reading(1234)]
    assert lines[0] == "step 1,234"
    width = plot._picture.cuts[0].width
    values = history.column(NAMES[1])[1233 // width * width :][:width]
    assert f"({values.min():.3g} … {values.max():.3g})" in lines[2]
    plot.hover = QPointF(plot.plot_area.center())
    with_cross = picture(plot)
    plot.hover = None
    assert (picture(plot) != with_cross).any()
    assert plot.reading(999_999) == [("step 999,999", plot.reading(1)[0][1])]
