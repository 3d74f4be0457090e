"""The whole window, driven as a person would."""

import sys
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QShortcut
from PySide6.QtWidgets import QCheckBox, QMessageBox

from ganstudio import __version__
from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.models import make_model
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.perspectives import PERSPECTIVES, Perspective, arrange
from ganstudio.ui.settings import Settings
from ganstudio.ui.widgets.keys import KeySheet
from ganstudio.ui.window import make_window, open_as_left, start

WAIT = 60_000


def small() -> Experiment:
    experiment = files.preset("dcgan-mnist")
    for path, value in [("players.*.network.params.width", 4), ("batch_size", 16)]:
        experiment, _ = change(experiment, path, value)
    return experiment


@pytest.fixture
def make(qtbot, tmp_path):
    """Makes windows over one home, and closes what is left open."""
    opened: list[MainWindow] = []

    def _make(experiment: Experiment | None = None) -> MainWindow:
        window = make_window(Settings(tmp_path / "settings.json"), out=tmp_path / "runs", threads=1)
        qtbot.addWidget(window)
        opened.append(window)
        with qtbot.waitActive(window):
            window.show()
        if experiment is not None:
            window.open_experiment(experiment)
            window.studio.session.start()
        return window

    yield _make
    for window in opened:
        if window.isVisible():
            window.close()


def phase(window: MainWindow, *names: str):
    return lambda: window.studio.status.phase in names


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
    assert (Path(window.last_run) / "weights.safetensors").is_file()


def test_reopened_as_it_was_left(make, qtbot):
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.studio.edit("lr", 0.0005)
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
    again.studio.train()
    qtbot.waitUntil(lambda: again.studio.status.step > step + 1, timeout=WAIT)


def test_keys_before_torch_is_in_are_kept(make, qtbot):
    window = make()
    window.open_experiment(small())
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_S)
    assert "Loading PyTorch" in window.statusBar().currentMessage()
    window.studio.session.start()
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


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_dropped_folder_of_images_becomes_the_data(make, qtbot, tmp_path):
    from PIL import Image

    folder = tmp_path / "pictures"
    folder.mkdir()
    for index in range(20):
        Image.new("RGB", (40, 30), (index * 12, 80, 200)).save(folder / f"{index}.png")
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        drop(window, folder)
    assert window.studio.session.experiment.data.kind == "folder"
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= 1, timeout=WAIT)


def test_dropped_points_get_players_for_points(make, qtbot, tmp_path):
    points = tmp_path / "Mine.CSV"
    points.write_text("x,y\n" + "\n".join(f"{number % 7},{number % 5}" for number in range(300)))
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        drop(window, points)
    experiment = window.studio.session.experiment
    assert (experiment.title, experiment.data.kind) == ("Mine.CSV", "points-csv")
    assert experiment.players["generator"].network.kind == "mlp-generator"
    window.studio.edit("seed", 7)
    other = tmp_path / "other.csv"
    other.write_text(points.read_text())
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        drop(window, other)  # the players that are open are for points: they stay
    assert window.studio.session.experiment.seed == 7
    assert window.studio.session.experiment.data.params["path"] == str(other)
    for panel in ("samples", "real", "latent"):
        window.bring_up(panel)
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= 3, timeout=WAIT)
    assert not window.banner.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("bad.toml", "this is [not", "not valid TOML"), ("odd.txt", "hello", "drop an experiment")],
)
def test_a_bad_drop_is_one_sentence(make, tmp_path, name, content, said):
    path = tmp_path / name
    path.write_text(content)
    window = make()
    drop(window, path)
    assert said in window.banner.text
    assert name in window.banner.text


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
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= 5, timeout=WAIT)


def test_every_control_has_a_tooltip_and_a_name(make, qtbot):
    """What a screen reader, and a person who hesitates, are told."""
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider

    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    qtbot.wait(200)
    silent = []
    for panel in window.panels.values():
        for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QSlider, QLineEdit):
            for control in panel.findChildren(kind):
                if control.objectName().startswith("qt_") or isinstance(control.parent(), QAbstractSpinBox | QComboBox):
                    continue
                name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
                if not (control.toolTip() and name):
                    silent.append((panel.name, type(control).__name__, control.objectName(), name))
    assert not silent


def test_every_action_has_a_tip_and_the_palette_runs_it(make, qtbot):
    window = make(small())
    for action in window.all_actions():
        if action.menu() is None and action.text():
            assert action.statusTip() or action.toolTip(), action.text()
    from ganstudio.ui.widgets.palette import CommandPalette

    window.show_palette()
    palette = window.findChild(CommandPalette)
    palette.search.setText("layout reset")
    done = []
    window.actions_by_name["reset-layout"].triggered.connect(lambda: done.append(True))
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert done


def test_two_actions_never_share_a_key(make):
    window = make()
    keys = [key.toString() for action in window.all_actions() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


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
        panel.random.click()
        qtbot.wait(10)
    qtbot.waitUntil(phase(window, "paused"), timeout=WAIT)
    window.close()
    watched = window.studio.session.weights_sha256()
    torch.set_num_threads(1)
    alone = Trainer(small())
    for _ in range(40):
        alone.step()
    assert watched == alone.weights_sha256()


def test_damaged_settings_start_afresh(tmp_path, make):
    (tmp_path / "settings.json").write_text("{not json")
    window = make()
    assert window.perspectives.currentData() == "train"
    open_as_left(window)
    assert window.preset == files.DEFAULT_PRESET


def test_enter_presses_what_has_the_keyboard_and_space_trains(make, qtbot):
    """Space must train whatever was clicked last; so what it presses elsewhere is pressed with Enter."""
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    check = window.panels["histogram"].findChild(QCheckBox)
    check.setFocus(Qt.FocusReason.TabFocusReason)
    before = check.isChecked()
    qtbot.keyClick(check, Qt.Key.Key_Return)
    assert check.isChecked() is not before
    qtbot.keyClick(check, Qt.Key.Key_Space)
    assert check.isChecked() is not before
    qtbot.waitUntil(lambda: window.studio.status.step >= 1, timeout=WAIT)
    rate = window.panels["experiment"].form.rows["players.generator.optimiser.params.lr"].editor
    rate.setFocus(Qt.FocusReason.TabFocusReason)
    rate.lineEdit().selectAll()
    qtbot.keyClicks(rate, "0.0004")
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert window.studio.experiment.players["generator"].optimiser.params["lr"] == 0.0004


def test_the_key_sheet_lists_every_panels_keys_and_fits_a_small_screen(make, qtbot):
    window = make()
    window.resize(1280, 720)
    window.show_keys()
    sheet = window.findChild(KeySheet)
    text = sheet.label.text()
    for panel in window.panels.values():
        assert not panel.keys or panel.title in text
        assert all(what in text for what in panel.keys.values())
    for shortcuts in [action.shortcuts() for action in window.all_actions()]:
        assert all(key.toString() in text for key in shortcuts)
    assert sheet.width() <= 1280
    assert sheet.height() <= 720
    assert sheet.label.sizeHint().width() <= sheet.width() - 30
    sheet.close()


def test_a_panels_keys_are_on_the_sheet(make):
    """What acts by key in a panel and stands on no sheet is found by nobody."""
    window = make()
    for panel in window.panels.values():
        keys = [one.key().toString() for one in panel.findChildren(QShortcut)]
        keys += [key.toString() for action in panel.actions() for key in action.shortcuts()]
        listed = " ".join(panel.keys).replace("←", "Left").replace("→", "Right")
        assert [key for key in keys if key not in listed] == [], panel.name


def test_the_switch_says_which_loss_is_on(make):
    window = make()
    switch = window.actions_by_name["saturating"]
    window.open_preset("dcgan-mnist")
    assert (switch.text(), switch.isChecked()) == ("G's loss: non-saturating", False)
    experiment, _ = change(files.preset("dcgan-mnist"), "objective.kind", "least-squares")
    window.open_experiment(experiment)
    assert (switch.text(), switch.isChecked()) == ("G's loss: least-squares", False)
    experiment, _ = change(experiment, "objective.kind", "saturating")
    window.open_experiment(experiment)
    assert (switch.text(), switch.isChecked()) == ("G's loss: saturating", True)


def trained(make, qtbot, steps: int = 3) -> MainWindow:
    window = make(small())
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step >= steps, timeout=WAIT)
    return window


def test_a_run_that_gave_way_to_another_experiment_does_not_come_back(make, qtbot):
    window = trained(make, qtbot)
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        window.open_preset("mlp-mnist")
    qtbot.waitUntil(lambda: any("Saved in" in row.text(3) for row in log_rows(window)), timeout=WAIT)
    window.close()
    assert window.last_run == ""

    again = make()
    open_as_left(again)
    assert again.preset == "mlp-mnist"
    assert again.studio.experiment.title == files.preset("mlp-mnist").title
    assert again.studio.run is None


def log_rows(window: MainWindow):
    events = window.panels["log"].events
    return [events.topLevelItem(index) for index in range(events.topLevelItemCount())]


def test_a_dropped_run_goes_on(make, qtbot):
    window = trained(make, qtbot)
    window.close()
    step, run = window.studio.status.step, Path(window.last_run)
    again = make(files.preset("mlp-mnist"))
    qtbot.waitUntil(phase(again, "ready"), timeout=WAIT)
    with qtbot.waitSignal(again.studio.opened, timeout=WAIT):
        drop(again, run)
    qtbot.waitUntil(lambda: again.studio.status.step == step, timeout=WAIT)
    assert again.last_run == str(run)
    assert again.actions_by_name["pretrained"].text() == "The run's weights"
    assert str(run) in again.studio.recent


def test_the_pretrained_switch_brings_the_shipped_weights_and_is_remembered(make, qtbot, tmp_path, monkeypatch):
    window = trained(make, qtbot)
    window.close()
    model = tmp_path / "model.safetensors"
    make_model(Path(window.last_run), model)
    monkeypatch.setattr(MainWindow, "model", staticmethod(lambda preset: model))
    experiment = small()
    monkeypatch.setattr(files, "preset", lambda name: experiment)
    again = make()
    again.open_preset("dcgan-mnist")
    again.studio.session.start()
    switch = again.actions_by_name["pretrained"]
    qtbot.waitUntil(phase(again, "ready"), timeout=WAIT)
    assert (switch.text(), switch.isEnabled()) == ("Fresh weights", True)
    with qtbot.waitSignal(again.studio.opened, timeout=WAIT):
        qtbot.keyClick(again, Qt.Key.Key_P)
    assert (switch.text(), switch.isChecked()) == ("Pretrained weights", True)
    qtbot.waitUntil(lambda: again.panels["samples"].grid.tiles is not None, timeout=WAIT)
    again.close()
    sha = again.studio.session.weights_sha256()

    third = make()
    start(third)
    qtbot.waitUntil(phase(third, "ready"), timeout=WAIT)
    assert third.actions_by_name["pretrained"].isChecked()
    with qtbot.waitSignal(third.studio.opened, timeout=WAIT):
        third.restart()
    assert third.actions_by_name["pretrained"].text() == "Fresh weights"
    third.close()
    assert third.studio.session.weights_sha256() != sha


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
    assert "more than 0" in window.banner.text


def test_at_the_start_no_control_has_the_keyboard(make):
    window = make()
    assert window.focusWidget() in (None, window)
    assert not window.enter.isEnabled()


def test_a_recent_file_that_is_gone_is_one_sentence(make, tmp_path):
    window = make()
    for name in ("gone.toml", "gone run"):
        window.files.open_path(tmp_path / name)
        assert window.banner.text.startswith(f"{tmp_path / name}: there is nothing")


def test_the_window_says_what_it_is(make, monkeypatch):
    window, said = make(), []
    monkeypatch.setattr(QMessageBox, "about", lambda parent, title, text: said.append(text))
    window.actions_by_name["about"].trigger()
    assert __version__ in said[0]
    assert "LICENSES.md" in said[0]
