"""What the sliders of the Directions panel move: every kind of direction, how far, and what stays when it changes."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.keepsakes import NamedDirection
from ganstudio.training.commands import Step


def pick(window, kind: str) -> None:
    choice = window.panel.bank.choice
    choice.method.setCurrentIndex(choice.method.findData(kind))


def labels(window) -> list[str]:
    return [row.label.text() for row in window.panel.rows]


def named(exploring, *names: str) -> np.ndarray:
    """Keep directions at sharp angles to each other."""
    random = np.random.default_rng(2)
    vectors = random.normal(size=(len(names), 20)) + 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    for name, vector in zip(names, vectors, strict=True):
        exploring.studio.keepsakes.add_direction(NamedDirection(name, vector))
    return vectors


def test_random_directions_are_shuffled_and_come_back(exploring):
    panel, bot = exploring.panel, exploring.qtbot
    pick(exploring, "random")
    before = panel.bank.vectors
    np.testing.assert_allclose(before @ before.T, np.eye(8), atol=1e-12)
    z = panel.z
    panel.bank.choice.shuffle.click()
    assert not np.allclose(panel.bank.vectors, before)
    assert panel.z.tobytes() == z.tobytes()
    panel.activateWindow()
    panel.rows[0].slider.setFocus()
    bot.keyClick(panel.rows[0].slider, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    np.testing.assert_array_equal(panel.bank.vectors, before)


def test_named_directions_come_and_go_as_they_are_kept(exploring):
    panel = exploring.panel
    pick(exploring, "named")
    assert not panel.rows
    assert "No named directions yet" in panel.bank.note.text()
    vectors = named(exploring, "glasses", "beard")
    assert labels(exploring) == ["glasses", "beard"]
    assert panel.bank.note.isHidden()
    panel.rows[1].slider.setValue(-150)
    assert vectors[1] @ panel.z == pytest.approx(-1.5, abs=1e-5)
    exploring.studio.keepsakes.remove_direction("glasses")
    assert labels(exploring) == ["beard"]
    assert panel.bank.choice.which.text() == "1"


def test_a_sliders_menu_renames_and_removes_a_named_direction(exploring, monkeypatch):
    panel, troubles = exploring.panel, []
    exploring.studio.trouble.connect(troubles.append)

    def run(words: str) -> None:
        next(one for one in panel.menu(0).actions() if one.text() == words).trigger()

    assert [one.text() for one in panel.menu(0).actions()] == ["Lock\tL", "Reset\tDelete"]
    pick(exploring, "named")
    named(exploring, "glasses", "beard")
    monkeypatch.setattr("ganstudio.ui.widgets.direction_menu.QInputDialog.getText", lambda *_, **__: ("beard", True))
    run("Rename…")
    assert "already" in troubles[-1]
    monkeypatch.setattr("ganstudio.ui.widgets.direction_menu.QInputDialog.getText", lambda *_, **__: ("eyes", True))
    run("Rename…")
    assert labels(exploring) == ["eyes", "beard"]
    run("Remove")
    assert labels(exploring) == ["beard"]


def test_what_is_locked_keeps_its_slider_and_its_coordinate_whatever_moves(exploring):
    panel = exploring.panel
    pick(exploring, "named")
    vectors = named(exploring, "glasses", "beard", "hat")
    panel.rows[0].slider.setValue(120)
    panel.rows[0].lock.click()
    panel.rows[2].slider.setValue(-250)
    pick(exploring, "principal")
    assert labels(exploring) == ["glasses", *"12345678"]
    for row in panel.rows[1:]:
        row.slider.setValue(200)
        assert row.value.text() == "+2.00 σ"
        assert vectors[0] @ panel.position.z == pytest.approx(1.2, abs=1e-12)
    panel.rows[0].slider.setValue(0)
    assert exploring.coordinates()[0] == 1.2, "it is locked for the hand as well"
    panel.rows[0].lock.click()
    pick(exploring, "dimensions")
    assert labels(exploring) == [f"z {n}" for n in range(1, 9)]


def test_locks_and_choices_are_taken_back_and_done_again(exploring):
    panel, choice, bot = exploring.panel, exploring.panel.bank.choice, exploring.qtbot
    z, control = panel.z.tobytes(), Qt.KeyboardModifier.ControlModifier

    def state() -> tuple:
        locked = {row.label.text() for row in panel.rows if row.lock.isChecked()}
        return choice.kind, choice.which.text(), locked, panel.bank.locked().tobytes(), labels(exploring)[-5:]

    def lock() -> None:
        panel.rows[0].lock.click()

    def write() -> None:
        choice.which.setText("1-5")
        choice.which.editingFinished.emit()

    states = [state()]
    panel.activateWindow()
    for change_it in (lock, lambda: pick(exploring, "dimensions"), write, lock, lambda: pick(exploring, "random")):
        change_it()
        states.append(state())
    assert [len(one[2]) for one in states] == [0, 1, 1, 1, 0, 0]
    slider = panel.rows[0].slider
    slider.setFocus()
    for before in reversed(states[:-1]):
        bot.keyClick(slider, Qt.Key.Key_Z, control)
        assert state() == before
    assert slider.hasFocus(), "the keys go on from where they are"
    assert not panel.position.can_go_back
    for after in states[1:]:
        panel.controls.forward.click()
        assert state() == after
    assert panel.z.tobytes() == z


def test_another_generator_of_the_same_z_has_no_locks_of_the_last_one(exploring, wide):
    panel = exploring.panel
    panel.rows[0].lock.click()
    panel.rows[1].lock.click()
    panel.controls.back.click()
    exploring.open(change(wide, "seed", 5)[0])
    assert not [row for row in panel.rows if row.lock.isChecked()]
    for turn in (panel.controls.forward, panel.controls.back):
        turn.click()
        assert not [row for row in panel.rows if row.lock.isChecked()], "nor by way of what can be taken back"


def test_a_slider_without_room_beside_the_locks_says_so(exploring):
    panel = exploring.panel
    pick(exploring, "named")
    (vector,) = named(exploring, "glasses")
    exploring.studio.keepsakes.add_direction(NamedDirection("spectacles", -vector))
    panel.rows[0].lock.click()
    assert not panel.rows[1].slider.isEnabled()
    panel.rows[0].lock.click()
    assert panel.rows[1].slider.isEnabled()


def test_all_sliders_are_given_a_range(exploring):
    panel = exploring.panel
    choice = panel.bank.choice
    for words, most in [("±10 σ", 1000), ("±1 σ", 100)]:
        choice.range.setCurrentIndex(choice.range.findText(words))
        choice.range.activated.emit(choice.range.currentIndex())
        assert {row.slider.maximum() for row in panel.rows} == {-row.slider.minimum() for row in panel.rows} == {most}
    assert choice.save_state()["reach"] == 1


def test_minus_and_plus_take_steps_and_leaps_with_shift(exploring):
    row, bot = exploring.panel.rows[0], exploring.qtbot
    row.slider.setValue(0)
    row.more.click()
    assert exploring.coordinates()[0] == 0.25
    bot.mouseClick(row.less, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier)
    assert exploring.coordinates()[0] == -0.75


def test_the_search_is_seen_and_can_be_cancelled(exploring, monkeypatch):
    monkeypatch.setattr("ganstudio.latent.finding.LARGEST", 1)
    panel, choice = exploring.panel, exploring.panel.bank.choice
    before = panel.bank.vectors
    choice.find.click()
    exploring.until(lambda: choice.find.text() not in ("Find again", "Cancel (0%)"))
    choice.find.click()
    assert choice.find.text() == "Find again"
    exploring.qtbot.wait(50)
    assert choice.find.text() == "Find again"
    np.testing.assert_array_equal(panel.bank.vectors, before)
    monkeypatch.setattr("ganstudio.latent.finding.LARGEST", 5000)
    exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 1"))
    choice.find.click()
    exploring.until(lambda: "step 1" in choice.find.toolTip())


def test_points_are_shown_among_others(latent):
    experiment = files.preset("ring-8")
    for path, value in [("players.*.network.params.hidden", [8]), ("noise.params.dim", 2)]:
        experiment, _ = change(experiment, path, value)
    latent.session.start()
    latent.panel.show()
    latent.open(experiment)
    panel = latent.panel
    latent.until(lambda: len(panel.box.plane.cloud) == 512)
    assert panel.box.plane.isVisible()
    before = panel.box.plane.picture()
    panel.rows[0].slider.setValue(250)
    latent.settle()
    assert panel.box.plane.picture() != before
    panel.activateWindow()
    panel.rows[1].slider.setFocus()
    latent.until(lambda: len(panel.strip.values))
    trail = panel.box.plane.trail
    assert len(trail) == 7
    panel.rows[1].slider.clearFocus()
    panel.controls.random.click()
    latent.until(lambda: not len(panel.box.plane.trail))
    latent.settle()
    panel.keep()
    assert panel.favourites.favourites[0].picture.startswith(b"\x89PNG")
    assert panel.box.parcel.images is None
