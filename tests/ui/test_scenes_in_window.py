"""Scenes in the real window: played, paused, skipped, replayed, and left."""

from pathlib import Path

import pytest
import torch
from PySide6.QtCore import Qt

from ganstudio.experiment import scenes
from ganstudio.training import worker
from ganstudio.training.trainer import Trainer
from ganstudio.ui import memory
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.perspectives import PERSPECTIVES
from ganstudio.ui.settings import Settings
from ganstudio.ui.window import make_window

WAIT = 60_000
PLAY = """
title = "A play"
description = "Three beats."
preset = "ring-8"
seed = 3
steps = 60
perspective = "theory"
panels = ["losses"]

[set]
batch_size = 8
players.generator.network.hidden = [8]
players.discriminator.network.hidden = [8]

[[beats]]
at = 0
caption = "One."
edits = { objective = "saturating" }

[[beats]]
at = 20
caption = "Two."
edits = { lr = 0.01 }
pause = true

[[beats]]
at = 40
caption = "Three."
perspective = "inspect"
panel = "log"
"""


@pytest.fixture
def play(tmp_path) -> Path:
    path = tmp_path / "play.toml"
    path.write_text(PLAY)
    return path


@pytest.fixture
def window(qtbot, tmp_path):
    window = make_window(Settings(tmp_path / "settings.json"), out=tmp_path / "runs", threads=1)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
    window.start_session()
    yield window
    if window.isVisible():
        window.close()


@pytest.fixture
def until(qtbot, window):
    """Waits until the play has said so much and the session rests at this step."""

    def until(step: int, caption: str):
        def there() -> bool:
            status = window.studio.status
            rests = status.phase in ("ready", "paused") and status.step == step
            return rests and window.player.caption == caption and window.studio.session.idle is (step == 60)

        qtbot.waitUntil(there, timeout=WAIT)

    return until


def by_hand(steps: int = 60) -> str:
    """Fingerprint of the same training, edited by hand."""
    torch.set_num_threads(1)
    trainer = Trainer(scenes.loads(PLAY).experiment(), worker.device("auto"))
    for step in range(steps):
        if step == 0:
            trainer.edit("objective", "saturating")
        if step == 20:
            trainer.edit("lr", 0.01)
        trainer.step()
    return trainer.weights_sha256()


def test_a_scene_waits_goes_on_and_ends_as_by_hand(qtbot, window, play, until):
    window.player.open(str(play))  # before PyTorch is in
    until(0, "One.")
    assert window.scene_bar.isVisible()
    assert window.windowTitle().startswith("A play")
    assert window.perspectives.currentData() == "theory"
    assert window.scene_bar.place.text() == "Beat 1 of 3 · 20 steps to go"
    assert window.actions_by_name["saturating"].isChecked()  # the beat's edit stands in the fields
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    until(20, "Two.")
    assert window.studio.experiment.players["generator"].optimiser.params["lr"] == 0.01
    assert window.studio.waiting == set()
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    until(60, "Three.")
    assert window.perspectives.currentData() == "inspect"
    assert window.scene_bar.place.text() == "Beat 3 of 3 · the end"
    assert not window.player.departure
    window.close()
    assert window.studio.session.weights_sha256() == by_hand()


def test_skipping_back_and_replaying_lead_to_the_same(qtbot, window, play, until):
    window.player.open(str(play))
    until(0, "One.")
    player = window.player
    player.skip()
    player.skip()  # before the first is reached: on to the third, past the beat that waits
    until(40, "Three.")
    player.back()
    until(20, "Two.")
    player.back()
    until(0, "One.")
    player.play_to(2)
    until(40, "Three.")
    window.studio.step()
    qtbot.waitUntil(lambda: window.studio.status.step == 41, timeout=WAIT)
    player.back()  # to the beginning of this beat
    until(40, "Three.")
    player.skip()
    until(60, "Three.")
    assert not player.departure
    window.close()
    assert window.studio.session.weights_sha256() == by_hand()


def test_slow_beats_are_slow_again_after_a_skip(qtbot, window, play, until):
    slow = PLAY.replace('caption = "One."', 'caption = "One."\npace = 2')
    play.write_text(slow)
    window.player.open(str(play))
    until(0, "One.")
    window.player.skip()
    until(20, "Two.")
    assert window.studio.status.pace == 2
    window.player.leave()
    qtbot.waitUntil(lambda: window.studio.status.pace == 0, timeout=WAIT)


def test_an_edit_by_hand_is_a_departure_and_replay_undoes_it(qtbot, window, play, until):
    window.player.open(str(play))
    until(0, "One.")
    window.player.skip()
    until(20, "Two.")
    assert not window.scene_bar.note.isVisible()
    assert window.studio.edit("batch_size", 4)
    qtbot.waitUntil(lambda: window.scene_bar.note.isVisible(), timeout=WAIT)
    assert window.scene_bar.note.text() == "No longer as rehearsed"
    assert "edit by hand" in window.scene_bar.note.toolTip()
    window.actions_by_name["restart"].trigger()
    until(0, "One.")
    assert window.studio.experiment.batch_size == 8
    assert not window.scene_bar.note.isVisible()


def test_a_scene_that_is_left_says_and_changes_nothing_more(qtbot, window, play, until):
    window.player.open(str(play))
    until(0, "One.")
    qtbot.keyClick(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not window.scene_bar.isVisible()
    assert not window.actions_by_name["scene-on"].isEnabled()
    window.studio.train()
    qtbot.waitUntil(lambda: window.studio.status.step > 70, timeout=WAIT)
    assert window.studio.session.experiment.players["generator"].optimiser.params["lr"] != 0.01  # the second beat's


def test_opening_something_else_leaves_the_scene(window, play, until):
    window.player.open(str(play))
    until(0, "One.")
    window.open_preset("ring-8")
    assert window.player.scene is None
    assert not window.scene_bar.isVisible()


def test_a_scenes_file_can_be_dropped_and_a_bad_one_is_one_sentence(qtbot, window, play, until):
    window.files.open_path(play)
    until(0, "One.")
    play.write_text(PLAY.replace("at = 40", "at = 10"))
    window.files.open_path(play)
    assert "play.toml: beat 3.at: must come after beat 2" in window.banner.text
    for right, wrong, said in [
        ('panel = "log"', 'panel = "logg"', "play.toml: beat 3.panel: there is none called 'logg'; there are "),
        ('["losses"]', '["losses", "plain"]', "play.toml: panels: there is none called 'plain'"),
        ('"inspect"', '"stage"', "play.toml: beat 3.perspective: there is none called 'stage'"),
    ]:
        play.write_text(PLAY.replace(right, wrong))
        window.player.open(str(play))
        assert said in window.banner.text
    assert window.player.scene is not None  # what was open stays


def test_the_captions_are_in_the_log(window, play, until):
    window.player.open(str(play))
    until(0, "One.")
    window.player.play_to(2)
    until(40, "Three.")
    assert "said: Two." in window.panels["log"].events.text()


def test_the_menu_plays_every_shipped_scene(window):
    texts = [action.text() for action in window.all_actions()]
    for path in scenes.scenes().values():
        assert f"Play “{scenes.files.headline(path)[0]}”" in texts


def test_shipped_scenes_name_panels_and_perspectives_that_there_are(window):
    for name in scenes.scenes():
        scene, _ = scenes.find(name)
        named = {scene.perspective, *(beat.perspective for beat in scene.beats)} - {""}
        assert named <= {one.name for one in PERSPECTIVES}, name
        assert {*scene.panels, *(beat.panel for beat in scene.beats)} - {""} <= set(window.docks), name


def opened(qtbot, window: MainWindow, choose) -> None:
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        choose()


def test_points_are_shown_in_the_theory_perspective_and_the_way_back_is_a_button(qtbot, window):
    choose = window.studio.preset_chosen.emit
    opened(qtbot, window, lambda: choose("ring-8"))
    qtbot.waitUntil(lambda: window.perspectives.currentData() == "theory", timeout=WAIT)
    assert "Theory" in window.banner.text
    back = next(button for button in window.banner.findChildren(type(window.banner._buttons[0])))
    assert back.text() == "Back to Train"
    back.click()
    assert window.perspectives.currentData() == "train"
    opened(qtbot, window, lambda: choose("ring-8"))
    qtbot.wait(100)
    assert window.perspectives.currentData() == "train"  # once is enough


def test_images_leave_the_perspective_alone_and_so_do_points_that_nobody_chose(qtbot, window):
    opened(qtbot, window, lambda: window.studio.preset_chosen.emit("mlp-mnist"))
    opened(qtbot, window, lambda: window.open_preset("ring-8"))
    qtbot.wait(100)
    assert window.perspectives.currentData() == "train"


@pytest.mark.parametrize(("preset", "panel"), [("ring-8", "plane"), ("figure-1", "density")])
def test_the_theory_perspective_shows_the_panel_for_the_data_that_are_open(qtbot, window, preset, panel):
    opened(qtbot, window, lambda: window.open_preset(preset))
    window.show_perspective("theory")
    qtbot.waitUntil(lambda: not window.panels[panel].visibleRegion().isEmpty(), timeout=WAIT)


def test_the_explore_perspective_brings_up_what_shows_the_samples_of_the_open_data(qtbot, window, tiny):
    def in_front(panel):
        qtbot.waitUntil(lambda: not window.panels[panel].visibleRegion().isEmpty(), timeout=WAIT)

    window.show_perspective("explore")
    opened(qtbot, window, lambda: window.open_preset("ring-8"))
    in_front("plane")
    assert not window.panels["walk"].visibleRegion().isEmpty()  # the tabs are those of Samples
    window.bring_up("real")
    opened(qtbot, window, window.restart)
    in_front("real")  # chosen by a person, and the data are the same
    opened(qtbot, window, lambda: window.open_preset("figure-1"))
    in_front("density")
    opened(qtbot, window, lambda: window.open_experiment(tiny))
    in_front("samples")
    opened(qtbot, window, lambda: window.open_preset("ring-8"))
    window.show_perspective("train")
    assert not {"plane", "density"} & set(memory.shown(window))
    window.show_perspective("explore")
    in_front("plane")


def test_a_closed_windows_scene_does_not_come_back_half(qtbot, window, play, until, tmp_path):
    window.player.open(str(play))
    until(0, "One.")
    window.close()
    again = make_window(Settings(tmp_path / "settings.json"), out=tmp_path / "runs", threads=1)
    qtbot.addWidget(again)
    again.show()
    assert not again.scene_bar.isVisible()
    again.close()


@pytest.mark.parametrize("size", [(1280, 720), (2560, 1440)])
def test_the_caption_fits_whatever_its_length(qtbot, window, play, until, size):
    longest = "A caption of the longest kind that a scene may have, " * 4
    play.write_text(PLAY.replace("One.", longest[: scenes.LONGEST]))
    window.resize(*size)
    window.player.open(str(play))
    qtbot.waitUntil(lambda: window.player.caption.startswith("A caption"), timeout=WAIT)
    caption = window.scene_bar.caption
    assert caption.height() < size[1] / 9
    assert caption.fitting().pixelSize() >= 0.02 * size[1]
