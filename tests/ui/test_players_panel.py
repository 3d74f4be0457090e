"""The Players panel: the probe's facts in words and bars, at little cost."""

import subprocess
import sys
from dataclasses import replace
from time import thread_time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset
from ganstudio.probes.players import PlayersProbe
from ganstudio.training.trainer import Trainer
from ganstudio.ui import theme
from ganstudio.ui.panels.players import SIDE_BY_SIDE, PlayersPanel
from ganstudio.ui.widgets.layer_table import COLUMNS, GRADIENT, OUTPUT, UPDATE, WEIGHTS


@pytest.fixture(scope="module")
def frames():
    """Of a small DCGAN: before the first step, and after two."""
    experiment = preset("dcgan-mnist")
    for path, value in (("players.*.network.width", 4), ("players.*.network.hidden", 0), ("batch_size", 4)):
        experiment, _ = change(experiment, path, value)
    trainer, probe = Trainer(experiment), PlayersProbe()
    found = [probe.frame(trainer)]
    for _ in range(2):
        trainer.step()
        found.append(probe.frame(trainer))
    return found


@pytest.fixture
def panel(studio, qtbot):
    panel = PlayersPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(360, 600)
    panel.show()
    return panel


def words(panel, player, column):
    model = panel.views[player].layers.layers
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_the_panel_needs_no_torch():
    code = (
        "import sys\nfrom ganstudio.ui.panels import players\nfrom ganstudio.ui.widgets import layer_table\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_it_says_that_it_waits_until_there_is_something_to_show(panel, frames):
    assert panel._sentence.isVisible()
    assert panel._sentence.text()
    panel.show_frame(frames[0])
    assert not panel._sentence.isVisible()


def test_layers_are_listed_with_shapes_and_weights(panel, frames):
    panel.show_frame(frames[0])
    assert list(panel.views) == ["generator", "discriminator"]
    assert words(panel, "generator", OUTPUT)[-1] == "1×28×28"
    assert words(panel, "discriminator", OUTPUT)[-1] == "1"
    assert words(panel, "discriminator", WEIGHTS)[-1] == "393"
    assert panel.views["generator"].heading.text() == "Generator · 25,689 weights · 0 updates"
    assert panel.views["generator"].verdict.text() == "No update yet."
    assert set(words(panel, "generator", GRADIENT)) == {""}


def test_gradients_and_updates_appear_with_the_first_step(panel, frames):
    panel.show_frame(frames[0])
    panel.show_frame(frames[1])
    model = panel.views["generator"].layers.layers
    for row, layer in enumerate(frames[1].tables[0].layers):
        assert bool(model.index(row, GRADIENT).data()) is bool(layer.weights)
        assert 0 < model.share(row) <= 1 if layer.weights else model.share(row) == 0
    assert panel.views["generator"].heading.text().endswith("1 update")
    assert panel.views["generator"].verdict.text() == "Gradients reach every layer."


@pytest.mark.parametrize(
    ("health", "sentence"),
    [
        (("vanishing",), "Gradients hardly reach layer 0."),
        (("exploding", "vanishing"), "Gradients explode in layer 0."),
        (("vanishing",) * 8, "Gradients hardly reach layers 0, 1, 2 and 5 more."),
    ],
)
def test_what_is_wrong_is_said_in_words(panel, frames, health, sentence):
    first, second = frames[1].gradients
    health = (*health, *first.health[len(health) :])
    panel.show_frame(replace(frames[1], gradients=(replace(first, health=health), second)))
    assert panel.views["generator"].verdict.text() == sentence
    tip = panel.views["generator"].layers.layers.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert health[0].capitalize() in tip
    panel.grab()


def test_numbers_that_are_not_finite_are_shown(panel, frames):
    first, second = frames[1].gradients
    norms = np.where(np.isfinite(first.norms), np.nan, np.nan)
    norms[0] = np.inf
    broken = replace(first, norms=norms, health=("exploding", *first.health[1:]))
    panel.show_frame(replace(frames[1], gradients=(broken, second)))
    assert words(panel, "generator", GRADIENT)[0] == "∞"
    panel.grab()


def test_only_cells_that_changed_are_repainted(panel, frames):
    panel.show_frame(frames[1])
    model = panel.views["generator"].layers.layers
    changed, reset = QSignalSpy(model.dataChanged), QSignalSpy(model.modelReset)
    panel.show_frame(frames[1])
    assert changed.count() == 0
    panel.show_frame(frames[2])
    assert changed.count() == 1
    assert [changed.at(0)[0].column(), changed.at(0)[1].column()] == [GRADIENT, UPDATE]
    assert reset.count() == 0


def test_a_frame_is_cheap(panel, frames):
    panel.show_frame(frames[0])

    def seconds(frame):
        start = thread_time()
        panel.show_frame(frame)
        return thread_time() - start

    assert min(seconds(frames[1 + i % 2]) for i in range(10)) <= 0.001


def test_the_players_stand_side_by_side_where_there_is_room(panel, frames):
    panel.show_frame(frames[1])
    assert panel._split.orientation() == Qt.Orientation.Vertical
    panel.resize(SIDE_BY_SIDE, 400)
    panel.grab()
    assert panel._split.orientation() == Qt.Orientation.Horizontal


def test_tables_need_no_sideways_scrolling_at_360_pixels(panel, frames):
    panel.show_frame(frames[1])
    panel.grab()
    for view in panel.views.values():
        assert view.layers.horizontalHeader().length() <= view.layers.viewport().width()
        assert view.layers.columnWidth(0) >= 60


def test_every_column_explains_itself(panel, frames):
    panel.show_frame(frames[1])
    model = panel.views["generator"].layers.layers
    for column, title in enumerate(COLUMNS):
        assert model.headerData(column, Qt.Orientation.Horizontal) == title
        assert model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert panel.views["generator"].layers.accessibleName() == "Layers of the generator"
    assert "healthy" in model.index(0, UPDATE).data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_it_takes_both_themes(panel, qapp, frames, choice):
    panel.show_frame(frames[1])
    theme.apply(qapp, choice)
    panel.restyle()
    assert panel.views["generator"].verdict.text()
    picture = panel.grab().toImage()
    assert (picture.pixelColor(40, picture.height() - 20).lightness() < 128) is (choice == "dark")


def test_another_experiment_is_awaited(panel, studio, frames, settle):
    panel.show_frame(frames[1])
    studio.restart()
    settle(studio)
    assert panel._sentence.isVisible()
    panel.show_frame(frames[0])
    assert panel.views["generator"].isVisible()
