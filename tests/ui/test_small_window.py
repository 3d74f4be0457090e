"""The Explore perspective on a small screen, and its panels in the large type of the stage."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.latent.neighbours import Distances, Verdict
from ganstudio.ui import theme
from ganstudio.ui.widgets.action_button import ActionButton
from ganstudio.ui.widgets.direction_slider import DirectionSlider
from ganstudio.ui.widgets.distance_plot import BRIEF, LEAST, DistancePlot
from ganstudio.ui.widgets.fitting_label import FittingLabel
from ganstudio.ui.widgets.fitting_row import BESIDE, FittingRow
from ganstudio.ui.widgets.neighbour_cells import FEWEST, SMALLEST, Cell, arranged
from ganstudio.ui.widgets.sample_view import SampleView
from ganstudio.ui.widgets.sentence import draw_sentence

LOWER = ("walk", "arithmetic", "label", "neighbours")
ALL = ("latent", "sketch", "invert", "samples", "plane", "density", "real", *LOWER)


@pytest.fixture
def large_type(qapp):
    """Twice the usual size, as on the stage."""
    before, large = qapp.font(), qapp.font()
    large.setPointSizeF(2 * before.pointSizeF())
    yield lambda: theme.enlarge(qapp, 2.0, large)
    theme.enlarge(qapp, 1.0, before)


def bottom(part: QWidget, window: QWidget) -> int:
    return part.mapTo(window, QPoint(0, part.height())).y()


def test_the_panels_of_the_explore_perspective_cover_neither_the_timeline_bar_nor_each_other(make):
    window = make()
    window.show_perspective("explore")
    for size in ((960, 600), (1280, 720)):  # the first is the window's least
        window.resize(*size)
        QApplication.processEvents()
        assert (window.width(), window.height()) == size
        for name in ALL:
            window.bring_up(name)
            QApplication.processEvents()
            assert not window.panels[name].visibleRegion().isEmpty()
            top = window.timeline_bar.mapTo(window, QPoint()).y()
            shown = {one: dock for one, dock in window.docks.items() if not dock.visibleRegion().isEmpty()}
            assert {one for one, dock in shown.items() if bottom(dock, window) > top} == set()
            places = [dock.geometry() for dock in shown.values()]
            assert not any(a.intersects(b) for i, a in enumerate(places) for b in places[:i])
    window.bring_up("latent")
    window.bring_up("walk")
    QApplication.processEvents()
    controls = window.panels["latent"].controls
    assert controls.widget().width() <= controls.viewport().width()  # nothing is cut at the right
    player = window.panels["walk"]
    assert player.save.y() == player.to_walk.y()  # in one row


def test_the_end_of_the_toolbar_is_in_view_in_the_least_window(make):
    window = make()
    window.resize(960, 600)
    QApplication.processEvents()
    stage = window.training_bar.widgetForAction(window.training_bar.actions()[-1])
    assert stage.isVisible()
    assert stage.mapTo(window, QPoint(stage.width(), 0)).x() <= window.width()


def test_a_row_gives_up_the_words_of_its_last_buttons_first(qtbot):
    owner = QWidget()
    first, second = (ActionButton(owner, text, "random", "", lambda: None, wordy=True) for text in ("First", "Second"))
    row = FittingRow(first, None, second)
    for one in (owner, row):
        qtbot.addWidget(one)
    both = row.sizeHint().width()
    row.show()
    for width, words in ((both, (True, True)), (both - 8, (True, False)), (2 * first.iconSize().width(), (False,) * 2)):
        row.resize(width, 30)
        assert tuple(one.toolButtonStyle() == BESIDE for one in (first, second)) == words


def test_two_rows_of_neighbours_are_in_view_where_it_is_low():
    for height, rows in ((150, 3), (200, 9), (330, 9)):
        found = arranged(600, height, rows, 8, 22, 20)
        assert found.columns >= FEWEST
        assert found.side >= SMALLEST
        assert found.rect(Cell(1)).bottom() + found.foot <= height


def test_a_sentence_is_set_smaller_where_it_would_be_cut():
    image = QImage(110, 60, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setFont(QApplication.font())
    usual = draw_sentence(painter, QRect(0, 0, 900, 60), "Samples that you keep stand here").height()
    room = QRect(0, 0, 110, 60)
    found = draw_sentence(painter, room, "Samples that you keep stand here")
    painter.end()
    assert room.contains(found)
    assert found.height() > usual  # in several lines


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
