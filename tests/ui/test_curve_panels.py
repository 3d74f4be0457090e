"""The panels Losses and Scores: theory, edits, legend, controls, files. Each starts alone over a session at rest."""

import csv
import subprocess
import sys
from math import log
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QSpinBox

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.training.events import Event
from ganstudio.training.history import History
from ganstudio.training.session import Session
from ganstudio.ui.panels.losses import LossesPanel, levels
from ganstudio.ui.panels.scores import ScoresPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.run_notes import Theory, marker, named

NAMES = (
    "loss.discriminator", "loss.generator", "value", "score.real", "score.fake",
    "gradient.discriminator", "gradient.generator", "penalty",
)  # fmt: skip


def filled(steps: int, seed: int = 0) -> History:
    values = np.random.default_rng(seed).uniform(0.1, 0.9, (steps, len(NAMES)))
    values[:, 2] *= -1
    values[:, 7] = np.nan
    history = History(NAMES)
    history.append(values)
    return history


@pytest.fixture
def studio(qtbot):
    studio = Studio(Session(probes=dict))
    studio.experiment = files.preset("dcgan-mnist")
    studio.is_loaded = True
    return studio


@pytest.fixture
def losses(studio, qtbot):
    panel = LossesPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(620, 320)
    panel.show()
    return panel


@pytest.fixture
def scores(studio, qtbot):
    panel = ScoresPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(620, 320)
    panel.show()
    return panel


def edit(studio: Studio, path: str, value: object) -> None:
    studio.experiment, _ = change(studio.experiment, path, value)
    studio.edited.emit(path)


def at_rest(panel) -> dict[str, float]:
    """Level by curve."""
    return {name: level.value for plot in panel.plots for level in plot._levels for name in level.curves}


def tell(studio: Studio, kind: str, step: int, **data: object) -> None:
    studio.event.emit(Event(kind, step, "A sentence.", data))


# start


def test_the_panels_import_no_torch():
    code = (
        "import sys; from ganstudio.ui.panels import losses, scores, log;"
        "sys.exit('torch' in sys.modules)"
    )  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0


def test_before_torch_is_in_there_is_no_theory_and_no_trouble(qtbot):
    panel = LossesPanel(Studio(Session(probes=dict)))
    qtbot.addWidget(panel)
    panel.show()
    panel.show_history(History(()))
    assert at_rest(panel) == {}
    panel.show_history(filled(10))
    panel.grab()


# theory


@pytest.mark.parametrize(
    ("objective", "expected"),
    [
        ("non-saturating", (2 * log(2), log(2), -log(4))),
        ("saturating", (2 * log(2), -log(2), -log(4))),
        ("maximum-likelihood", (2 * log(2), -1, -log(4))),
        ("least-squares", (0.5, 0.25, 0)),
        ("hinge", (2, None, 0)),
        ("wasserstein", (0, None, 0)),
        ("relativistic-average", (2 * log(2), 2 * log(2), 0)),
    ],
)
def test_the_losses_know_where_each_objective_rests(studio, losses, objective, expected):
    edit(studio, "objective", objective)
    found = at_rest(losses)
    for name, value in zip(NAMES[:3], expected, strict=True):
        assert found.get(name) == (value if value is None else pytest.approx(value)), name


def test_the_equilibrium_responds_to_label_smoothing(studio, losses, scores):
    before = at_rest(losses)
    edit(studio, "label_smoothing", 0.9)
    after = at_rest(losses)
    assert after["loss.discriminator"] == pytest.approx(-(0.9 * log(0.45) + 1.1 * log(0.55)))
    assert after["value"] == pytest.approx(log(0.45) + log(0.55))
    assert before != after
    assert at_rest(scores)["score.real"] == pytest.approx(0.45)


def test_values_of_theory_have_names():
    assert [named(v) for v in (2 * log(2), -log(4), 0.5, 0.0, -0.0, 2.0, 1.3698)] == [
        "2 log 2", "−log 4", "½", "0", "0", "2", "1.37",
    ]  # fmt: skip
    shared = levels({"loss.discriminator": 2 * log(2), "loss.generator": 2 * log(2), "value": 0.0})
    assert [one.label for one in shared] == ["V = 0", "J_D = J_G = 2 log 2"]


def test_a_critic_has_logits_and_no_line_at_one_half(studio, scores):
    scores.show_history(filled(100))
    scores.grab()
    assert at_rest(scores) == {"score.real": 0.5, "score.fake": 0.5}
    assert (scores.scores.y.low, scores.scores.y.high) == (-0.03, 1.03)
    edit(studio, "objective", "wasserstein")
    assert at_rest(scores) == {}
    assert "logit" in scores.legend["score.real"].accessibleName()
    scores.grab()
    edit(studio, "objective", "saturating")
    assert "logit" not in scores.legend["score.real"].accessibleName()


def test_the_value_of_a_critics_game_is_a_difference_of_means():
    from ganstudio.games.objectives.base import Equilibrium

    assert Theory(False, "", Equilibrium(2.0, None, None)).value == 0
    assert Theory(True, "", Equilibrium(1.0, 1.0, None)).value is None


# edits


def test_edits_are_marked_and_go_back_with_the_run(studio, losses, scores):
    losses.show_history(filled(3000))
    tell(studio, "edited", 1000, path="objective.kind", old="non-saturating", new="saturating")
    tell(studio, "edited", 2500, path="players.generator.optimiser.params.lr", old=0.001, new=0.0002)
    for panel in (losses, scores):
        assert [(m.step, m.label) for m in panel.plots[0]._markers] == [(1000, "saturating"), (2500, "G lr 0.0002")]
    assert losses.plots[0]._markers[1].sentence == "G lr 0.001 → 0.0002"
    tell(studio, "restored", 2000)
    assert [m.step for m in losses.plots[0]._markers] == [1000, 2000]
    tell(studio, "opened", 0, experiment=studio.experiment)
    assert losses.plots[0]._markers == []


def test_a_run_brings_its_edits_along(studio, losses):
    earlier = [
        Event("edited", 100, "", {"path": "objective.kind", "old": "hinge", "new": "saturating"}),
        Event("edited", 900, "", {"path": "batch_size", "old": 64, "new": 32}),
        Event("restored", 800),
    ]
    tell(studio, "opened", 800, experiment=studio.experiment, earlier=earlier)
    assert [(m.step, m.label) for m in losses.plots[0]._markers] == [(100, "saturating"), (800, "batch size 32")]


@pytest.mark.parametrize(
    ("path", "old", "new", "label"),
    [
        ("batch_size", 64, 32, "batch size 32"),
        ("regularisers.r1.gamma", None, 0.5, "R1 γ 0.5"),
        ("regularisers.gradient-penalty.weight", 0.0, 10.0, "gradient penalty λ 10"),
        ("regularisers.label-smoothing.real_target", 1.0, 0.9, "label smoothing 0.9"),
        ("players.discriminator.optimiser.kind", "adam", "sgd", "D sgd"),
        ("objective.kind", "hinge", None, "off"),
    ],
)
def test_markers_are_short(path, old, new, label):
    assert marker(Event("edited", 7, "", {"path": path, "old": old, "new": new})).label == label


# controls


def test_every_control_has_a_name_and_a_tooltip_and_can_be_reached(losses, scores):
    for panel in (losses, scores):
        controls = panel.findChildren(QAbstractButton) + panel.findChildren(QSpinBox)
        assert len(controls) >= 8
        for one in controls:
            assert one.toolTip(), one
            assert one.accessibleName(), one
            assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, one
        for plot in panel.plots:
            assert plot.accessibleName()
            assert plot.accessibleDescription()


def test_the_legend_switches_curves_by_click_and_by_enter(losses, qtbot):
    losses.show_history(filled(100))
    button = losses.legend["value"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "value" not in [one.name for one in losses.plots[0].shown]
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert "value" in [one.name for one in losses.plots[0].shown]


def test_the_penalty_shows_where_there_is_one(losses):
    losses.show_history(filled(100))
    assert not losses.legend["penalty"].isVisible()
    history = filled(100, seed=1)
    history.append(np.ones((5, len(NAMES))))
    losses.show_history(history)
    assert losses.legend["penalty"].isVisible()
    history.append(np.full((5, len(NAMES)), np.nan))
    losses.show_history(history)
    assert losses.legend["penalty"].isVisible(), "it does not flicker"
    losses.show_history(filled(100))
    assert not losses.legend["penalty"].isVisible()


def test_the_controls_act_on_the_plots(losses, scores):
    losses.controls.smoothing.setValue(77)
    assert losses.plots[0].smoothing == 77
    losses.controls.log_x.click()
    assert losses.plots[0].x.log
    assert scores.gradients.y.log
    assert not scores.scores.y.log
    scores.controls.log_y.click()
    assert not scores.gradients.y.log


def test_both_plots_of_the_scores_move_together(scores):
    scores.show_history(filled(2000))
    scores.grab()
    scores.scores.pan(0.2)
    assert not scores.controls.follow.isChecked()
    assert not scores.gradients.following
    scores.grab()
    assert scores.gradients._picture.x_state == scores.scores._picture.x_state
    scores.controls.follow.click()
    scores.grab()
    assert all(plot.following and plot.x.low == 0 for plot in scores.plots)


def test_following_can_be_paused_by_the_button(losses):
    history = filled(1000)
    losses.show_history(history)
    losses.grab()
    losses.controls.follow.click()
    state = losses.plots[0].x.state
    history.append(np.ones((2000, len(NAMES))))
    losses.show_history(history)
    assert losses.plots[0].x.state == state


def test_choices_are_remembered_and_misfits_ignored(studio, losses, qtbot):
    losses.controls.smoothing.setValue(300)
    losses.controls.log_y.click()
    losses.legend["value"].click()
    other = LossesPanel(studio)
    qtbot.addWidget(other)
    other.load_state(losses.save_state())
    assert other.save_state() == losses.save_state()
    assert other.plots[0].y.log
    assert "value" in other.plots[0].hidden
    other.load_state({"smoothing": "much", "log_x": 3, "hidden": "all", "unknown": None})
    assert other.save_state() == losses.save_state()
    other.load_state({"smoothing": -5, "hidden": ["no such", 3]})
    assert other.controls.smoothing.value() == 1


@pytest.mark.usefixtures("own_looks")
def test_panels_paint_in_both_themes_and_at_all_sizes(losses, scores, qapp):
    from ganstudio.ui import theme

    pictures = []
    for choice in ("light", "dark"):
        theme.apply(qapp, choice)
        for panel in (losses, scores):
            panel.restyle()
            panel.show_history(filled(500))
            for size in ((150, 120), (420, 300), (1900, 1000)):
                panel.resize(*size)
                pictures.append(panel.grab().toImage())
    assert pictures[2] != pictures[8]


# files


def test_the_numbers_hold_every_step(losses, qtbot, tmp_path):
    history = filled(25_000)
    losses.show_history(history)
    with qtbot.waitSignal(losses.saved) as said:
        losses.save(tmp_path / "losses.csv")
    assert said.args == [f"Saved {tmp_path / 'losses.csv'}."]
    with open(tmp_path / "losses.csv", encoding="utf-8") as file:
        table = list(csv.reader(file))
    assert table[0] == ["step", "loss.discriminator", "loss.generator", "value", "penalty"]
    assert len(table) == 25_001
    for row in (1, 9_999, 10_000, 10_001, 25_000):
        assert int(table[row][0]) == row
        assert np.float32(table[row][1]) == history.column("loss.discriminator")[row - 1]
        assert table[row][4] == "", "a step without a penalty has an empty cell, not a zero"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_pictures_are_saved_as_they_are_seen(scores, tmp_path, suffix):
    scores.show_history(filled(1000))
    path = tmp_path / f"scores{suffix}"
    scores.save(path)
    if suffix == ".png":
        image = QImage(str(path))
        assert image.width() == 2 * scores.plots[0].width()
        assert image.height() > 2 * sum(plot.height() for plot in scores.plots)
    else:
        drawing = QSvgRenderer(str(path))
        assert drawing.isValid()
        assert drawing.viewBoxF().width() == scores.plots[0].width()
        assert "polyline" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["absent/losses.csv", "absent/losses.png", "absent/losses.svg", "losses.bmp"])
def test_a_file_that_cannot_be_written_is_told_plainly(losses, qtbot, tmp_path, name):
    losses.show_history(filled(10))
    with qtbot.waitSignal(losses.studio.trouble) as said:
        losses.save(tmp_path / name)
    assert said.args[0].startswith(str(tmp_path / name))
    assert "choose" in said.args[0]
    assert not list(tmp_path.iterdir())


def test_saving_a_run_that_has_not_begun_is_no_trouble(losses, qtbot, tmp_path):
    for name in ("a.png", "a.svg", "a.csv"):
        with qtbot.waitSignal(losses.saved) as said:
            losses.save(tmp_path / name)
        assert said.args[0].startswith("Saved")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "step\n"


def test_the_dialog_adds_the_ending(losses, qtbot, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: (str(tmp_path / "mine"), ""))
    losses.ask_where_to_save(".png")
    assert (tmp_path / "mine.png").is_file()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a: ("", ""))
    losses.ask_where_to_save(".svg")
    assert len(list(tmp_path.iterdir())) == 1
