"""Plots of curves: what they show is what was measured, at the same price for any length."""

import time

import numpy as np
import pytest
from curve_plots import CURVES, NAMES, filled, painted, picture, rows
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from ganstudio.training.history import Envelope, History
from ganstudio.ui.widgets.axis import Axis
from ganstudio.ui.widgets.curve_model import Level, extent, fetch, newest_bucket, stretches
from ganstudio.ui.widgets.curves import CurvePlot


@pytest.fixture
def plot(qtbot):
    plot = CurvePlot(CURVES)
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.show()
    return plot


# what is fetched


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("length", [1, 2, 5, 100, 1000, 70_001])
def test_stretches_cover_the_axis_once_in_about_as_many_buckets_as_pixels(length, log):
    history = filled(length)
    x = Axis(1 if log else 0, 1.2 * length + 10, log=log)
    cuts = stretches(x, 400)
    found = fetch(history, [NAMES[0]], cuts, slice(cuts[0].start, length), 1)
    assert (np.diff(found.x) > 0).all()
    assert found.low.min() == history.column(NAMES[0]).min()
    assert found.high.max() == history.column(NAMES[0]).max()
    assert len(found.x) <= 2 * 400 + 20
    assert newest_bucket(cuts, length) < length <= newest_bucket(cuts, length) + cuts[-1].width
    if log and length > 1000:
        early = found.x < 20
        assert (np.diff(found.x[early]) == 1).all(), "the first steps are not lumped together"


def test_a_zoomed_stretch_enters_from_outside():
    cuts = stretches(Axis(500, 600), 300)
    assert cuts[0].start < 500
    assert cuts[0].width == 1


def test_the_range_leaves_out_rare_spikes_and_says_so():
    x, ones = np.arange(500.0), np.ones((1, 500), np.float32)
    high = 2 * ones
    high[0, 77] = 1e6
    found = extent(Envelope(x, ones, high, ones, 1), False)
    assert (found.low, found.greatest) == (1, 1e6)
    assert 2 <= found.high < 4
    assert extent(Envelope(x, np.nan * ones, np.nan * ones, ones, 1), False) is None
    assert extent(Envelope(x, -ones, -ones, -ones, 1), True) is None


# what is painted


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("smoothing", [1, 30])
def test_a_picture_that_grew_is_the_picture_made_anew(plot, log, smoothing):
    plot.smoothing = smoothing
    plot.set_log(x=log)
    history = filled(1500)
    plot.show_history(history)
    picture(plot)
    for seed in range(40):
        history.append(rows(9, seed))
        plot.show_history(history)
        QApplication.processEvents()
    grown = picture(plot)
    plot.repaint_all()
    anew = picture(plot)
    differing = (np.abs(grown - anew).sum(2) > 60).mean()
    assert differing < 0.008, "smooth edges where pieces of a line meet, no more"
    assert plot.x.high > len(history)


def test_the_screen_shows_what_the_picture_holds(plot):
    """Only a strip of the window is painted on each frame; together the strips must make the whole."""
    history = filled(900)
    plot.show_history(history)
    QApplication.processEvents()
    on_screen = QImage(plot.size(), QImage.Format.Format_RGB32)
    plot.render(on_screen)
    strips = []
    plot_update = plot.update
    plot.update = lambda *a: (strips.extend(a), plot_update(*a))
    for seed in range(20):
        history.append(rows(5, seed))
        plot.show_history(history)
        QApplication.processEvents()
    assert strips, "frames ask for strips"
    assert all(strip.width() < 60 for strip in strips)
    newest = plot._paper.across(len(history))
    assert strips[-1].left() < newest < strips[-1].right()


def test_the_line_is_where_the_values_are(plot):
    history = History(NAMES)
    history.append(np.tile(np.array([[1.3, 3.3, -1.3]], np.float32), (1000, 1)))
    plot.resize(900, 700)  # lines wide enough to have a pixel of their own colour
    plot.show_history(history)
    for index, expected in enumerate((1.3, 3.3, -1.3)):
        ys, xs = np.nonzero(painted(plot, index))
        assert abs(float(plot._paper.down(expected)) - ys.mean()) < 1.5
        assert xs.min() <= plot.plot_area.left() + 3
        assert abs(float(plot._paper.across(1000)) - xs.max()) < 4


def test_smoothing_keeps_the_band(plot):
    history = filled(4000)
    plot.show_history(history)

    def band() -> int:
        background = picture(CurvePlot(())).reshape(-1, 3)[5]
        return int((np.abs(picture(plot) - background).sum(2) > 20).sum())

    rough = band()
    plot.smoothing = 1000
    assert band() > 0.9 * rough
    assert plot.history.buckets([NAMES[0]], 0, 4000, 8, 1000).low.min() == history.column(NAMES[0]).min()


def test_gaps_lonely_and_infinite_values_are_drawn_without_trouble(plot):
    values = rows(600)
    values[100:200] = np.nan
    values[150, 0] = 1.0
    values[300, 1], values[301, 1], values[302, 2] = np.inf, 1e30, -np.inf
    history = History(NAMES)
    history.append(values)
    for log in (False, True):
        plot.set_log(x=log, y=log)
        plot.show_history(history)
        assert painted(plot, 0).any()
        assert np.isfinite([plot.y.low, plot.y.high]).all()


def test_a_curve_that_never_has_a_value_is_no_trouble(plot):
    history = History(NAMES)
    history.append(np.full((50, 3), np.nan, np.float32))
    plot.show_history(history)
    picture(plot)
    history.append(rows(50))
    plot.show_history(history)
    assert painted(plot, 0).any()


def test_curves_can_be_hidden_all_of_them_too(plot):
    history = filled(500)
    plot.show_history(history)
    assert painted(plot, 1).any()
    for name in NAMES:
        plot.show_curve(name, False)
    assert not painted(plot, 1).any()
    history.append(rows(10))
    plot.show_history(history)
    plot.show_curve(NAMES[1], True)
    assert painted(plot, 1).any()


def test_an_empty_plot_says_what_to_do(plot):
    bare = picture(plot)
    plot.empty = "Press Train (Space): the losses appear here."
    assert (picture(plot) != bare).any()


def test_a_history_that_went_back_is_drawn_anew(plot):
    history = filled(1000)
    plot.show_history(history)
    picture(plot)
    history.truncate(600)
    history.append(np.tile(np.array([[0.1, 5.0, -5.0]], np.float32), (401, 1)))
    plot.show_history(history)
    grown = picture(plot)
    plot.repaint_all()
    assert (grown == picture(plot)).all()


def test_another_run_is_followed_again(plot):
    plot.show_history(filled(5000))
    picture(plot)
    plot.zoom(0.1, QPointF(300, 100))
    assert not plot.following
    plot.show_history(filled(50))
    assert plot.following
    assert plot.x.high == 100


def test_a_logarithmic_axis_says_what_it_cannot_show(plot):
    plot.set_log(y=True)
    plot.show_history(filled(300))
    assert painted(plot, 0).any()
    assert plot.y.low > 0
    assert "V(G, D)" in plot._beyond()
    plot.set_log(y=False)
    picture(plot)
    assert plot._beyond() == ""


def test_a_spike_is_told(plot):
    values = rows(800)
    values[300, 1] = 4000
    history = History(NAMES)
    history.append(values)
    plot.show_history(history)
    picture(plot)
    assert plot.y.high < 100
    assert "4,000" in plot._beyond()


def test_levels_show_with_their_curves(plot):
    plot.show_history(filled(300))
    bare = picture(plot)
    plot.set_levels([Level(1.5, "J_D = 1.5", "equilibrium", (NAMES[0],))])
    assert (picture(plot) != bare).any()
    plot.show_curve(NAMES[0], False)
    without = picture(plot)
    plot.set_levels([])
    assert (picture(plot) == without).all()


def test_a_long_name_of_a_level_is_seen_to_its_first_letter(plot):
    plot.show_history(filled(300))
    pictures = []
    for label in ("M", "W" * 30):
        plot.set_levels([Level(1.5, label, "equilibrium", (NAMES[0],))])
        pictures.append(picture(plot))
    differs = pictures[0] != pictures[1]
    columns = differs.any(tuple(axis for axis in range(differs.ndim) if axis != 1)).nonzero()[0]
    at = plot._picture.at
    assert columns.min() < at.plot.right() - QFontMetricsF(at.font).horizontalAdvance("W" * 30)


# the price


def test_a_frame_of_a_million_steps_costs_what_one_of_a_thousand_does(qtbot):
    plots = {}
    for length in (1000, 1_000_000):
        plot, history = CurvePlot(CURVES), filled(length)
        qtbot.addWidget(plot)
        plot.resize(900, 450)
        plot.smoothing = 20
        plot.show()
        plot.show_history(history)
        QApplication.processEvents()
        plots[length] = (plot, history)
    new = rows(1)

    def frames(length: int, anew: bool) -> float:
        plot, history = plots[length]
        start = time.process_time()
        for _ in range(3 if anew else 12):
            history.append(new)
            plot.show_history(history)
            if anew:
                plot.repaint_all()
            plot.repaint()
        return time.process_time() - start

    for anew in (False, True):
        frames(1000, anew), frames(1_000_000, anew)
        ratios = sorted(frames(1_000_000, anew) / frames(1000, anew) for _ in range(9))
        assert ratios[4] < 1.4, f"anew: {anew}"


def test_values_at_the_past_cursor_leave_the_curves_of_a_low_plot_free(plot):
    plot.show_history(filled(100))
    plot.show_cursor(50)
    told = plot.grab().toImage()
    plot.cursor_tells = False
    assert plot.grab().toImage() != told, "a high plot tells them"
    plot.resize(500, 110)
    silent = plot.grab().toImage()
    plot.cursor_tells = True
    assert plot.grab().toImage() == silent
