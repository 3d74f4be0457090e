"""The Minimax panel: generators that a hand moves, the tops of their curves, and one Gaussian for two modes."""

import subprocess
import sys
from math import log

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from ganstudio.metrics.gaussian_fit import fit
from ganstudio.metrics.minimax import best_value
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.panels.minimax import LEFT, SEPARATION, MinimaxPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.candidates import DATA, FIRST, MOST, SIGMAS
from ganstudio.ui.widgets.fits_view import numbers, two_modes, verdict
from ganstudio.ui.widgets.minimax_painting import hue


@pytest.fixture
def panel(qapp, qtbot) -> MinimaxPanel:
    panel = MinimaxPanel(Studio(Session(probes=dict)))
    qtbot.addWidget(panel)
    panel.resize(700, 640)
    panel.show()
    return panel


@pytest.fixture
def game(panel):
    return panel.game


def drag(view, start: QPointF, by: QPoint) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(view, start.toPoint() + by / 2)
    QTest.mouseMove(view, start.toPoint() + by)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start.toPoint() + by)


def pressed(panel: MinimaxPanel, name: str) -> None:
    next(one for one in panel.findChildren(QToolButton) if one.accessibleName() == name).click()


def turned(view, place: QPointF, notches: int) -> None:
    view.wheelEvent(
        QWheelEvent(
            place,
            view.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
    )


def test_it_needs_no_torch():
    code = "import sys, ganstudio.ui.panels.minimax; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_generator_with_the_lowest_top_wins(game):
    tops = [best_value(DATA, one.mixture) for one in game.candidates.all]
    assert game.candidates.winner == int(np.argmin(tops)) == 1
    assert all(-log(4) <= top <= 0 for top in tops)


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_tops_stand_where_the_values_put_them(qapp, panel, game, choice):
    theme.apply(qapp, choice)
    image, chart = game.grab().toImage(), game.charts()[1]
    for one in game.candidates.all:
        at = QPointF(float(chart.across(1.0)) + 2, float(chart.down(best_value(DATA, one.mixture))))
        assert image.pixelColor(at.toPoint()).name() == QColor(hue(one)).name()


def test_dragging_moves_the_mean(game):
    first = game.candidates.all[0]
    before, sigma = first.mean, first.sigma
    unit = game.charts()[0].plot.width() / 12
    drag(game, game.handles(first)["mean"], QPoint(round(2 * unit), 0))
    assert first.mean == pytest.approx(before + 2, abs=0.05)
    assert first.sigma == sigma


def test_dragging_below_a_curve_takes_hold_of_it(game):
    third, chart = game.candidates.all[2], game.charts()[0]
    place = QPointF(float(chart.across(third.mean + 0.3)), float(chart.down(0.1)))
    drag(game, place, QPoint(round(-chart.plot.width() / 12), 4))
    assert game.candidates.selected == 2
    assert third.mean == pytest.approx(FIRST[2][0] - 1, abs=0.05)


def test_a_side_handle_and_the_wheel_change_sigma(game):
    first = game.candidates.all[0]
    unit = game.charts()[0].plot.width() / 12
    drag(game, game.handles(first)["right"], QPoint(round(unit), 0))
    assert first.sigma == pytest.approx(FIRST[0][1] + 1, abs=0.05)
    assert first.mean == FIRST[0][0]
    turned(game, game.handles(first)["mean"], -3)
    assert first.sigma < FIRST[0][1] + 1
    for _ in range(100):
        turned(game, game.handles(first)["mean"], -3)
    assert first.sigma == SIGMAS[0]


def test_keys_do_all_of_it(game):
    one = game.candidates.all[0]
    QTest.keyClick(game, Qt.Key.Key_Right)
    QTest.keyClick(game, Qt.Key.Key_Up)
    assert one.mean == pytest.approx(FIRST[0][0] + 0.1)
    assert one.sigma > FIRST[0][1]
    QTest.keyClick(game, Qt.Key.Key_PageDown)
    assert game.candidates.selected == 1
    QTest.keyClick(game, Qt.Key.Key_Delete)
    assert len(game.candidates.all) == 2


def test_candidates_come_and_go_within_limits(panel, game):
    for _ in range(MOST):
        pressed(panel, "Add a generator")
    assert len(game.candidates.all) == MOST
    assert not panel.add.isEnabled()
    assert len({one.hue for one in game.candidates.all}) == MOST
    game.grab()
    for _ in range(MOST):
        pressed(panel, "Remove the generator")
    assert len(game.candidates.all) == 1
    assert not panel.remove.isEnabled()
    place = QPointF(game.charts()[0].plot.left() + 8, game.charts()[0].plot.top() + 8)
    QTest.mouseDClick(game, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert len(game.candidates.all) == 2
    assert game.candidates.chosen.mean < -5


def test_to_the_minimum_nothing_is_lower(panel, game):
    pressed(panel, "To the minimum")
    chosen = game.candidates.chosen
    assert game.candidates.winner == game.candidates.selected
    for mean in (-0.05, 0.05):
        for sigma in (-0.05, 0.05):
            game.candidates.add(chosen.mean + mean, chosen.sigma + sigma)
            assert game.candidates.chosen.game.best > chosen.game.best
            game.candidates.remove()


def test_reset_brings_the_beginning_back(panel, game):
    pressed(panel, "Add a generator")
    game.candidates.place(mean=5, sigma=3)
    panel.separation.setValue(100)
    pressed(panel, "Reset")
    assert [(one.mean, one.sigma) for one in game.candidates.all] == list(FIRST)
    assert panel.fits.mixture == two_modes(SEPARATION, LEFT)


def test_the_mouse_chooses_a_discriminator(game):
    lower = game.charts()[1]
    QTest.mouseMove(game, QPointF(float(lower.across(0.0)), lower.plot.center().y()).toPoint())
    assert game.t == pytest.approx(0, abs=0.02)
    text = game.read_out(QPointF(float(lower.across(0.0)), lower.plot.center().y()))
    assert text.count("−1.39") >= len(FIRST)  # D = ½: −log 4 whatever G is
    assert "equations 1 to 6" in text
    assert "equation 2" in game.read_out(game.handles(game.candidates.chosen)["mean"])


def test_the_fits_are_those_of_the_mathematics(panel):
    panel.tabs.setCurrentIndex(1)
    panel.separation.setValue(500)
    mixture = two_modes(5.0, 0.5)
    assert panel.fits.mixture == mixture
    for name, one in panel.fits.fits().items():
        assert one == fit(mixture, name)
        assert numbers(name, one) in panel.fits.accessibleDescription()
    verdicts = {name: verdict(mixture, one) for name, one in panel.fits.fits().items()}
    assert verdicts["forward"] == "covers both modes"
    assert verdicts["reverse"] == "keeps to one mode"
    panel.separation.setValue(0)
    assert {verdict(panel.fits.mixture, one) for one in panel.fits.fits().values()} == {"there is one mode"}
    for chart in panel.fits.charts().values():
        assert "figure 1" in panel.fits.help_at(chart.plot.center())


@pytest.mark.parametrize("size", [(260, 260), (400, 420), (1200, 420), (2400, 1300)])
def test_any_size_is_painted(panel, size):
    panel.resize(*size)
    for index in (0, 1):
        panel.tabs.setCurrentIndex(index)
        panel.grab()


def test_it_is_remembered_and_nonsense_is_not(panel, qtbot):
    pressed(panel, "Add a generator")
    panel.game.candidates.place(mean=2.5, sigma=0.5)
    panel.tabs.setCurrentIndex(1)
    panel.left.setValue(30)
    state = panel.save_state()
    other = MinimaxPanel(panel.studio)
    qtbot.addWidget(other)
    other.load_state(state)
    assert other.save_state() == state
    for nonsense in (
        {"generators": [[0, "wide", 1]], "tab": 9, "separation": "far", "left": 0.5},
        {"generators": []},
        {"generators": [[0, 1, 0]] * 2},
        {"generators": [[float("nan"), 1, 0]], "separation": float("inf"), "left": True},
        {"generators": [[0, 1, 99]]},
    ):
        other.load_state(nonsense)
        assert other.save_state() == state
