"""The whole window, driven as a person would."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QTabBar
from whole_window import WAIT, phase, small

from ganstudio import __version__
from ganstudio.experiment import files
from ganstudio.runs.read import read_run
from ganstudio.training.status import Status
from ganstudio.ui.perspectives import PERSPECTIVES, Perspective, arrange
from ganstudio.ui.window import open_as_left, start


def test_from_the_first_click_to_the_last(make, qtbot):
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.studio.status.step >= 5, timeout=WAIT)
    assert window.actions_by_name["train"].text() == "Pause"

    qtbot.keyClick(window, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: window.studio.session.experiment.objective.kind == "saturating", timeout=WAIT)
    assert window.actions_by_name["saturating"].isChecked()
    window.studio.undo_stack.undo()
    qtbot.waitUntil(lambda: window.studio.session.experiment.objective.kind == "non-saturating", timeout=WAIT)
    assert not window.actions_by_name["saturating"].isChecked()

    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(phase(window, "paused"), timeout=WAIT)
    step = window.studio.status.step
    qtbot.wait(200)
    assert window.studio.status.step == step

    window.close()
    assert window.studio.status.phase == "closed"
    assert read_run(Path(window.last_run)).step >= step


def test_reopened_as_it_was_left(make, qtbot):
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.studio.edit("lr", 0.0005)
    width = "players.generator.network.params.width"
    window.studio.edit(width, 8)
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= 3, timeout=WAIT)
    window.show_perspective("explore")
    window.docks["real"].hide()
    window.set_theme("dark")
    window.close()
    step = window.studio.status.step

    again = make()
    assert again.perspectives.currentData() == "explore"
    assert not again.docks["real"].isVisible()
    assert again.docks["latent"].isVisible()
    start(again)
    qtbot.waitUntil(phase(again, "ready", "paused", "stopped"), timeout=WAIT)
    assert again.studio.status.step == step
    assert again.studio.experiment.players["generator"].optimiser.params["lr"] == 0.0005
    assert len(again.studio.session.history) == step
    qtbot.waitUntil(lambda: again.studio.waiting == {width}, timeout=WAIT)
    assert again.studio.experiment.players["generator"].network.params["width"] == 8
    assert again.studio.session.experiment.players["generator"].network.params["width"] == 4
    again.studio.train()
    qtbot.waitUntil(lambda: again.studio.status.step > step + 1, timeout=WAIT)


def test_the_words_follow_a_rest_that_no_look_has_seen(make, monkeypatch):
    """Something else than a look, an edit say, may be what sees a short rest."""
    monkeypatch.setattr("ganstudio.ui.bridge.STATUS_SECONDS", 0.0)
    window = make()
    train = window.actions_by_name["train"]
    running, rest = Status(phase="running", step=5), Status(phase="paused", step=6)
    valves = window.studio.session._valves
    window.bridge.pause(True)

    def look(status):
        monkeypatch.setattr(valves, "status", status)
        window.bridge.look()

    look(running)
    assert train.text() == "Pause"
    monkeypatch.setattr(valves, "status", rest)
    window.studio.edited.emit("")
    assert train.text() == "Train"
    look(replace(running, step=7))
    assert train.text() == "Pause"
    assert not window.actions_by_name["step"].isEnabled()


def test_of_steps_in_a_row_by_hand_the_status_bar_shows_the_last(make, monkeypatch):
    window = make()
    window.bridge.pause(True)
    for step in (8, 9):
        monkeypatch.setattr(window.studio.session._valves, "status", Status(phase="paused", step=step))
        window.bridge.look()
    assert window.statusBar().labels["step"].text() == "step 9"


def test_keys_before_torch_is_in_are_kept(make, qtbot):
    window = make()
    window.open_experiment(small())
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert "Loading PyTorch" in window.statusBar().currentMessage()
    window.start_session()
    qtbot.waitUntil(lambda: window.studio.status.step >= 2, timeout=WAIT)
    qtbot.waitUntil(lambda: window.studio.session.experiment.objective.kind == "saturating", timeout=WAIT)


def test_every_perspective_shows_its_panels(make):
    window = make()
    for one in PERSPECTIVES:
        window.show_perspective(one.name)
        shown = {name for name, dock in window.docks.items() if dock.isVisibleTo(window)}
        assert shown == one.panels & set(window.docks)
    assert PERSPECTIVES[0].panels == {"samples", "losses", "histogram", "scores", "experiment"}


def test_a_perspective_stands_without_a_panel_that_there_is_not(make):
    window = make()
    row = (("none",), ("losses", "nobody"))
    arrange(window, window.docks, Perspective("odd", "Odd", "", (row, (("nowhere",),)), (1, 1), ((1, 2), (1,))))
    assert {name for name, dock in window.docks.items() if dock.isVisibleTo(window)} == {"losses"}


@pytest.mark.parametrize("name", [one.name for one in PERSPECTIVES])
def test_panels_that_a_perspective_does_not_show_keep_a_place(make, name):
    def shown(window):
        return [panel for panel, dock in window.docks.items() if not dock.isHidden()]

    def strays(window):
        bars = window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [bar for bar in bars if bar.count() < 2 and bar.isVisible() and bar.geometry().intersects(window.rect())]

    window = make()
    window.show_perspective(name)
    before = shown(window)
    window.close()
    again = make()
    assert again.perspectives.currentData() == name
    assert shown(again) == before
    assert not strays(again)
    for panel, dock in again.docks.items():
        again.bring_up(panel)
        assert again.dockWidgetArea(dock) != Qt.DockWidgetArea.NoDockWidgetArea
        # Not over the menus and the toolbar.
        assert dock.mapTo(again, dock.rect().topLeft()).y() > again.menuBar().geometry().bottom()


def test_a_panel_that_the_layout_does_not_know_is_shown(make):
    """Qt brings a dock that a saved layout does not know back hidden: a newer version's panel would never be seen."""
    window = make()
    window.docks["losses"].setObjectName("of a newer version")
    window.docks["scores"].hide()
    window.close()
    window.settings.set("known_panels", [name for name in window.docks if name != "losses"])
    window.settings.save()
    again = make()
    assert again.docks["losses"].isVisible()
    assert not again.docks["scores"].isVisible()


def test_a_panel_that_a_newer_version_puts_into_a_perspective_is_there(make):
    """The layout of an older version knows the panel, but hides it: nobody has closed it here."""
    window = make()
    window.show_perspective("explore")
    window.docks["plane"].hide()
    window.docks["walk"].hide()
    window.close()
    panels = next(one for one in PERSPECTIVES if one.name == "explore").panels
    window.settings.set("arranged_panels", [name for name in panels if name != "plane"])
    window.settings.save()
    again = make()
    assert not again.docks["plane"].isHidden()
    assert again.docks["samples"] in again.tabifiedDockWidgets(again.docks["plane"])
    assert not again.docks["samples"].visibleRegion().isEmpty()  # in front still
    assert again.docks["walk"].isHidden()


def test_a_step_that_fails_pauses_and_offers_ways_on(make, qtbot, monkeypatch):
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    from ganstudio.games.gan import GAN

    original = GAN.play

    def play(self, table, part, moment):
        if table.step >= 3:
            raise MemoryError("no room")
        original(self, table, part, moment)

    monkeypatch.setattr(GAN, "play", play)
    window.studio.train()
    qtbot.waitUntil(phase(window, "failed"), timeout=WAIT)
    qtbot.waitUntil(lambda: "memory" in window.banner.text, timeout=WAIT)
    monkeypatch.setattr(GAN, "play", original)
    smaller = next(one for one in window.banner.findChildren(QPushButton) if one.text() == "Train on with batches of 8")
    qtbot.mouseClick(smaller, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.studio.status.step >= 5, timeout=WAIT)
    assert window.studio.session.experiment.batch_size == 8


def test_void_calls_lose_no_reference_to_none(qtbot):
    """PySide6 6.12.0 lost one at each void call, and aborts Python 3.11 within seconds."""
    from PySide6.QtCore import QObject

    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(100):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) <= 10


def test_watched_equals_unwatched(make, qtbot):
    """Law 1, with the real window: every panel open, the hand on a slider, the theme switched."""
    from ganstudio.training import worker
    from ganstudio.training.commands import Pause
    from ganstudio.training.trainer import Trainer

    window = make(small())
    for dock in window.docks.values():
        dock.show()
    window.studio.session.post(Pause(at=40))
    window.studio.train()
    qtbot.waitUntil(phase(window, "running"), timeout=WAIT)
    window.switch_theme()
    panel = window.panels["latent"]
    for _ in range(10):
        panel.controls.random.click()
        qtbot.wait(10)
    qtbot.waitUntil(phase(window, "paused"), timeout=WAIT)
    window.close()
    watched = window.studio.session.weights_sha256()
    torch.set_num_threads(1)
    alone = Trainer(small(), worker.device("auto"))
    for _ in range(40):
        alone.step()
    assert watched == alone.weights_sha256()


def test_damaged_settings_start_afresh(tmp_path, make):
    (tmp_path / "settings.json").write_text("{not json")
    window = make()
    assert window.perspectives.currentData() == "train"
    open_as_left(window)
    assert window.preset == files.DEFAULT_PRESET


def test_settings_that_cannot_be_written_are_one_sentence(make, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    window = make()
    window.settings.path = tmp_path / "file" / "settings.json"
    start(window)
    assert str(window.settings.path) in window.banner.text
    window.close()
    assert str(window.settings.path) in capsys.readouterr().err


def test_a_refused_edit_is_seen_even_where_no_field_shows_it(make, qtbot):
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    qtbot.waitUntil(lambda: window.studio.is_loaded, timeout=WAIT)
    window.docks["experiment"].close()
    window.studio.edit("lr", -1)
    assert window.banner.text.startswith("Generator · Learning rate: must be a number more than 0")


def test_at_the_start_no_control_has_the_keyboard(make):
    window = make()
    assert window.focusWidget() in (None, window)
    assert not window.enter.isEnabled()


def test_the_window_says_what_it_is(make, monkeypatch):
    window, said = make(), []
    monkeypatch.setattr(QMessageBox, "about", lambda parent, title, text: said.append(text))
    window.actions_by_name["about"].trigger()
    assert __version__ in said[0]
    assert "LICENSES.md" in said[0]


def test_a_panel_of_the_view_menu_comes_to_the_front(make, tiny, qtbot):
    """Also one that the perspective does not have."""
    window = make(tiny)
    for name in ("players", "log", "minimax"):
        window.docks[name].toggleViewAction().trigger()
        qtbot.waitUntil(lambda name=name: not window.panels[name].visibleRegion().isEmpty(), timeout=2000)
