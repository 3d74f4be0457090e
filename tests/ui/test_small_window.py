"""The Explore perspective on a small screen, and its panels in the large type of the stage."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.neighbours import Distances, Verdict
from ganstudio.ui import theme
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.direction_slider import DirectionSlider
from ganstudio.ui.widgets.distance_plot import BRIEF, LEAST, DistancePlot
from ganstudio.ui.widgets.fitting_label import FittingLabel
from ganstudio.ui.widgets.sample_view import SampleView

LOWER = ("walk", "arithmetic", "label", "neighbours")


@pytest.fixture
def large_type(qapp):
    """Twice the usual size, as on the stage."""
    before, large = qapp.font(), qapp.font()
    large.setPointSizeF(2 * before.pointSizeF())
    yield lambda: theme.enlarge(qapp, 2.0, large)
    theme.enlarge(qapp, 1.0, before)


def bottom(part: QWidget, window: QWidget) -> int:
    return part.mapTo(window, QPoint(0, part.height())).y()


def test_no_panel_of_the_explore_perspective_covers_the_timeline_bar(make):
    window = make()
    window.resize(1280, 720)
    window.show_perspective("explore")
    QApplication.processEvents()
    for name in LOWER:
        window.bring_up(name)
        QApplication.processEvents()
        assert not window.panels[name].visibleRegion().isEmpty()
        top = window.timeline_bar.mapTo(window, QPoint()).y()
        assert {one for one, dock in window.docks.items() if dock.isVisible() and bottom(dock, window) > top} == set()
    controls = window.panels["latent"].controls
    assert controls.widget().width() <= controls.viewport().width()  # nothing is cut at the right
    player = window.panels["walk"]
    assert player.save.y() == player.to_walk.y()  # in one row


def test_words_and_icons_follow_the_type(make, large_type):
    window = make()
    window.panels.build(["arithmetic", "label"])
    reading, accuracy = window.panels["arithmetic"].reading, window.panels["label"].verdict.accuracy
    usual = reading.font().pointSizeF(), accuracy.font().pointSizeF()
    large_type()
    window.restyle()
    assert (reading.font().pointSizeF(), accuracy.font().pointSizeF()) == pytest.approx([2 * one for one in usual])


def test_buttons_and_read_outs_follow_the_type(qtbot, large_type):
    owner, row = QWidget(), DirectionSlider()
    button = ActionButton(owner, "Random", "random", "A fresh z", lambda: None)
    for one in (owner, row, button):
        qtbot.addWidget(one)
    sides = button.iconSize().width(), row.reset.iconSize().width()
    large_type()
    for one in (row, button):
        one.restyle()
    assert (button.iconSize().width(), row.reset.iconSize().width()) == (2 * sides[0], 2 * sides[1])
    row.show_coordinate(-12.34, 0.0)
    assert row.value.width() >= row.value.fontMetrics().horizontalAdvance(row.value.text())


def test_a_caption_has_the_room_that_its_letters_need(qtbot, large_type):
    view = SampleView("Sample")
    qtbot.addWidget(view)
    large_type()
    view.resize(400, 300)
    view.show_image(np.full((8, 8, 3), (255, 0, 0), np.uint8), "gj")
    picture = view.grab().toImage()
    image_ends = max(y for y in range(300) if picture.pixelColor(200, y).getRgb()[:3] == (255, 0, 0))
    assert 299 - image_ends >= view.fontMetrics().height()


def test_a_low_histogram_of_distances_keeps_its_height(qtbot):
    random, plot = np.random.default_rng(0), DistancePlot()
    qtbot.addWidget(plot)
    near, far = random.uniform(1, 2, 50), random.uniform(30, 40, 50)
    plot.show_distances(Distances(near, far, far, held_out=True))
    plot.resize(560, plot.minimumSizeHint().height())
    picture = plot.grab().toImage()
    colour = QColor(theme.colours().fake)
    rows = [y for y in range(picture.height()) for x in range(12, 60) if picture.pixelColor(x, y) == colour]
    assert max(rows) - min(y for y in rows if y > 2 * plot.fontMetrics().height() + 14) >= LEAST - 8


def test_every_verdict_on_the_distances_has_brief_words():
    assert set(BRIEF) == set(Verdict)


def test_a_label_says_what_fits(qtbot):
    label = FittingLabel()
    qtbot.addWidget(label)
    label.say("EMA weights after step 12,000", "EMA, step 12,000")
    label.show()
    label.resize(600, 20)
    assert label.text() == "EMA weights after step 12,000"
    label.resize(label.fontMetrics().horizontalAdvance("EMA, step 12,000") + 2, 20)
    assert label.text() == "EMA, step 12,000"
    label.resize(40, 20)
    assert label.text().startswith("E")
    assert label.text().endswith("…")
    assert label.toolTip() == label.words == "EMA weights after step 12,000"
