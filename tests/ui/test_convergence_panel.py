"""The Convergence panel: numbers to be read from afar, curves of what they have been, bars of the modes."""

import subprocess
import sys
from math import log
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton, QComboBox, QPushButton

from ganstudio.probes.convergence import NAMES as PROBED
from ganstudio.probes.convergence import Convergence, ConvergenceFrame
from ganstudio.training.session import Session
from ganstudio.training.status import Status
from ganstudio.ui import theme
from ganstudio.ui.panels.convergence import DISTANCES, NAMES, ConvergencePanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.mode_bars import ModeBars

NUMBERS = {
    "js": 0.0123,
    "kl_data": 0.51,
    "kl_generator": 1.16,
    "wasserstein": 0.039,
    "covered": 7.0,
    "good": 0.963,
    "entropy": 1.94,
    "score_real": 0.52,
    "score_fake": 0.47,
    "score_distance": 0.025,
}
SHARES = np.array([0.3, 0.2, 0.15, 0.15, 0.1, 0.06, 0.04, 0.0])


def framed(step: int = 400, looks: int = 5, live: bool = False, dim: int = 2, **changes) -> ConvergenceFrame:
    numbers = {**NUMBERS, **{name: value for name, value in changes.items() if name in NUMBERS}}
    found = {name: value for name, value in changes.items() if name not in NUMBERS}
    steps = np.linspace(0, step, looks).round()
    trail = {"step": steps} | {name: np.full(looks, value) for name, value in numbers.items()}
    parts = {
        "shares": SHARES,
        "good_shares": 0.9 * SHARES,
        "real_shares": np.full(8, 1 / 8),
        "most_entropy": log(8),
        "rest": 0.5,
        "probability": True,
        **found,
    }
    chance = {one.name: 0.005 for one in DISTANCES}
    return ConvergenceFrame(step, "main", dim, live, Convergence(numbers, chance, trail=trail, **parts))


NOTHING = ConvergenceFrame(9, "main", 0, False, None)


@pytest.fixture
def idle(qapp) -> Studio:
    """A studio whose session never starts."""
    return Studio(Session(probes=dict))


@pytest.fixture
def panel(idle, qtbot) -> ConvergencePanel:
    panel = ConvergencePanel(idle)
    qtbot.addWidget(panel)
    panel.resize(900, 500)
    panel.show()
    return panel


def read(panel: ConvergencePanel) -> dict[str, str]:
    return {name: f"{entry.value} {entry.unit}".strip() for name, entry in panel.legend.items()}


def test_the_panel_imports_no_torch():
    code = "import sys; from ganstudio.ui.panels import convergence; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0


def test_every_number_of_the_probe_has_a_place():
    assert set(NAMES) | {"score_real", "score_fake"} == set(PROBED)


def test_the_numbers_are_read_with_their_units(panel):
    panel.show_frame(framed())
    assert read(panel) == {
        "js": "0.0123 nat",
        "kl_data": "0.510 nat",
        "kl_generator": "1.16 nat",
        "wasserstein": "0.0390",
        "covered": "7 of 8",
        "good": "96.3 %",
        "entropy": "1.94 of 2.08 nat",
        "score_distance": "0.025 real 0.52, fake 0.47",
    }
    assert panel.legend["covered"].accessibleDescription() == "7 of 8"


def test_the_start_looked_back_at_has_numbers_but_no_curve_and_asks_for_nothing(panel, idle, monkeypatch):
    monkeypatch.setattr(Studio, "status", Status(phase="paused"))
    idle.is_loaded = True
    idle.loaded.emit()
    assert "Press Train (Space)" in panel.distances.empty
    panel.show_past(0)
    panel.show_frame(framed(step=0, looks=1))
    assert read(panel)["covered"] == "7 of 8"
    assert "nothing of step 0 to show here: no step had been made yet" in panel.distances.empty
    panel.show_past(None)
    assert "Press Train (Space)" in panel.distances.empty


def test_a_critic_has_no_one_half(panel):
    panel.show_frame(
        framed(score_distance=float("nan"), rest=None, probability=False, score_real=3.1, score_fake=-12.0)
    )
    assert panel.legend["score_distance"].value == "–"
    assert "critic" in panel.legend["score_distance"].toolTip()
    panel.show_frame(framed(rest=0.45))
    assert "0.45" in panel.legend["score_distance"].toolTip()


def test_one_mode_has_no_entropy(panel):
    one = np.ones(1)
    panel.show_frame(framed(shares=one, good_shares=one, real_shares=one, most_entropy=0.0, entropy=0.0, dim=1))
    assert panel.legend["entropy"].value == "–"
    panel.grab()


def test_formulas_and_sources_are_told(panel):
    panel.show_frame(framed(dim=1))
    tips = {name: entry.toolTip() for name, entry in panel.legend.items()}
    assert all("(" in tip and "section" in tip for tip in tips.values())
    assert "∫ |F(x) − F_g(x)| dx" in tips["wasserstein"]
    assert "0.0050" in tips["js"]
    panel.show_frame(framed(dim=2))
    assert "Bonneel" in panel.legend["wasserstein"].toolTip()


def test_what_chance_alone_gives_is_a_dashed_line(panel):
    panel.show_frame(framed())
    assert {level.curves for level in panel.distances._shown_levels()} == {("js",), ("wasserstein",)}
    panel.legend["js"].click()
    assert {level.curves for level in panel.distances._shown_levels()} == {("wasserstein",)}


# curves


def test_the_curves_are_the_probes_trail(panel):
    panel.show_frame(framed())
    history = panel.distances.history
    assert len(history) == 400
    assert history.latest("js") == pytest.approx(0.0123)
    assert history.latest("covered") == pytest.approx(7 / 8)
    assert history.latest("entropy") == pytest.approx(1.94 / log(8))
    panel.grab()
    assert "JSD  0.01230 nat" in [words for words, _ in panel.distances.reading(200)]


def test_the_divergences_are_logarithmic_and_the_shares_are_not(panel):
    panel.show_frame(framed())
    assert panel.distances.y.log
    assert not panel.parts.y.log
    panel.controls.log_y.click()
    assert not panel.distances.y.log
    panel.grab()
    assert (panel.parts.y.low, panel.parts.y.high) == (-0.03, 1.03)


def test_a_read_out_switches_its_curve(panel, qtbot):
    panel.show_frame(framed())
    qtbot.mouseClick(panel.legend["kl_data"], Qt.MouseButton.LeftButton)
    assert "kl_data" not in [one.name for one in panel.distances.shown]
    assert panel.legend["kl_data"].value == "0.510"


def test_other_weights_and_another_experiment_begin_anew(panel, idle):
    panel.show_frame(framed(step=400))
    panel.show_frame(framed(step=40, live=True))
    assert len(panel.distances.history) == 40
    idle.opened.emit(None)
    panel.show_frame(framed(step=100, live=True))
    assert len(panel.distances.history) == 100


def test_the_weights_are_chosen(panel, idle):
    asked = QSignalSpy(idle.options_changed)
    assert panel.options() == {"live": False}
    panel.weights.setCurrentIndex(1)
    panel.weights.activated.emit(1)
    assert panel.options() == {"live": True}
    assert asked.count() == 1


# data without a density


def test_images_are_told_of_and_a_preset_is_offered(panel, idle, qtbot):
    panel.show_frame(NOTHING)
    assert panel.offer.isVisible()
    assert panel.offer.size() == panel.size()
    panel.resize(700, 400)
    assert panel.offer.size() == panel.size()
    chosen = QSignalSpy(idle.preset_chosen)
    buttons = panel.offer.findChildren(QPushButton)
    for button in buttons:
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [chosen.at(i)[0] for i in range(chosen.count())] == ["figure-1", "ring-8"]
    panel.show_frame(framed())
    assert not panel.offer.isVisible()


def test_what_is_offered_there_is():
    from ganstudio.experiment import files

    assert {"figure-1", "ring-8"} <= set(files.presets())


# bars


def column(bars: ModeBars, mode: int) -> list[str]:
    """The colours of a bar from the bottom up."""
    image = bars.grab().toImage()
    rect = bars.columns()[mode]
    ratio = image.devicePixelRatio()
    x = round(rect.center().x() * ratio)
    rows = range(round((rect.bottom() - 2) * ratio), round(rect.top() * ratio), -1)
    return [QColor(image.pixel(x, y)).name() for y in rows]


def test_a_bar_is_as_high_as_its_share(panel):
    panel.show_frame(framed(good_shares=SHARES, real_shares=np.zeros(8)))
    bars = panel.bars
    assert bars.top == 0.3
    fake = theme.colours().fake
    for mode in (0, 1, 4):
        colours = column(bars, mode)
        assert colours.count(fake) / len(colours) == pytest.approx(SHARES[mode] / 0.3, abs=0.03)
    assert fake not in column(bars, 7)


def test_the_bars_axis_keeps_still(qtbot):
    bars = ModeBars()
    qtbot.addWidget(bars)
    tops = []
    for share in (0.39, 0.35, 0.25, 0.1, 0.4, 1.0):
        shares = np.array([share, 0.0])
        bars.show_shares(shares, shares, np.array([0.05, 0.05]))
        tops.append(bars.top)
    assert tops == [0.5, 0.5, 0.5, 0.1, 0.5, 1.0]
    assert "Mode 1: 100.0%" in bars.reading(0)


@pytest.mark.parametrize("count", [1, 25, 400])
def test_any_number_of_modes_is_painted(qtbot, count):
    bars = ModeBars()
    qtbot.addWidget(bars)
    bars.resize(180, 90)
    even = np.full(count, 1 / count)
    bars.show_shares(even, even, even)
    bars.grab()


# the panel as a whole


def test_it_says_what_it_waits_for(panel):
    assert panel.plots[0].empty == "Loading PyTorch…"


def test_every_control_has_a_name_and_a_tooltip(panel):
    panel.show_frame(framed())
    for one in panel.findChildren(QAbstractButton) + panel.findChildren(QComboBox):
        assert one.toolTip(), one
        assert one.accessibleName(), one


def test_choices_are_remembered_and_misfits_ignored(panel, idle, qtbot):
    panel.weights.setCurrentIndex(1)
    panel.legend["js"].click()
    panel.controls.log_y.click()
    other = ConvergencePanel(idle)
    qtbot.addWidget(other)
    other.load_state(panel.save_state())
    assert other.save_state() == panel.save_state()
    assert other.options() == {"live": True}
    assert "js" in other.distances.hidden
    other.load_state({"live": "yes", "hidden": 3})
    assert other.save_state() == panel.save_state()


@pytest.mark.parametrize("size", [(260, 240), (540, 340), (1900, 1200)])
def test_any_size_and_any_number_is_painted(panel, size):
    panel.resize(*size)
    panel.show_frame(framed())
    panel.distances.hover = QPointF(60, 30)
    panel.grab()
    odd = {name: float("inf") if name == "wasserstein" else float("nan") for name in NUMBERS if name != "covered"}
    panel.show_frame(framed(step=800, **odd))
    panel.grab()


@pytest.mark.usefixtures("own_looks")
def test_in_both_themes(panel, qapp):
    pictures = []
    for choice in ("light", "dark"):
        theme.apply(qapp, choice)
        panel.restyle()
        panel.show_frame(framed())
        pictures.append(panel.grab().toImage())
    assert pictures[0] != pictures[1]
