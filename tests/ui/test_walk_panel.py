"""The walk: anchors are drawn, dropped, moved and undone, by mouse and keys; frames are G's, and come from memory."""

import numpy as np
import pytest
from dragging import Hand, dragged
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QKeySequence
from PySide6.QtWidgets import QApplication
from walk_window import WalkWindow

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.requests import Render, as_bytes
from ganstudio.training.commands import Step
from ganstudio.ui.panels.walk import WalkPanel
from ganstudio.ui.widgets import sample_drag


@pytest.fixture(scope="module")
def walked(qapp, tiny):
    found = WalkWindow()
    found.open(tiny)
    yield found
    found.close()


@pytest.fixture
def window(walked):
    """The same window for all tests, with the anchors that it began with."""
    panel = walked.panel
    walked.first = panel.anchors.z.copy() if not hasattr(walked, "first") else walked.first
    panel.load_state({"seconds": 1.0, "end": "loop"})
    panel.walk.player.pause()
    panel.show_map(False)
    panel.anchors.put(walked.first)
    panel.walk.strip.select(0)
    walked.studio.undo_stack.clear()
    walked.settle()
    for heard in (walked.said, walked.troubles, walked.chosen):
        heard.clear()
    return walked


def z_of(window) -> np.ndarray:
    return window.panel.anchors.z


def parcel(*numbers: float, dim: int = 4) -> Parcel:
    return Parcel(np.float32([[number] * dim for number in numbers]))


def anchor_at(window, index: int) -> QPoint:
    return window.panel.walk.strip.rect_of_anchor(index).center().toPoint()


def test_it_begins_with_nine_points_of_the_prior_and_frames_are_what_g_makes_of_them(window):
    walk = window.panel.walk
    assert z_of(window).shape == (9, 4)
    assert len(walk.z) == 8 * 30 + 1
    assert walk.z[::30].tobytes() == z_of(window).tobytes()
    frames = [0, 45, 240]
    answers = []
    window.studio.explorer.ask(Render(walk.z[frames]), "test")
    window.until(lambda: answers.extend(window.studio.explorer.take("test")) or answers)
    expected = as_bytes(answers[0].value)
    for frame, image in zip(frames, expected, strict=True):
        assert np.abs(walk.feed.cache.get(frame).astype(int) - image).max() <= 1


def test_other_anchors_are_drawn_and_taken_back(window, qtbot):
    before = z_of(window)
    qtbot.keyClick(window.panel, Qt.Key.Key_R)
    window.until(lambda: z_of(window) is not before)
    drawn = z_of(window)
    assert not np.array_equal(drawn, before)
    window.studio.undo_stack.undo()
    assert z_of(window).tobytes() == before.tobytes()
    window.studio.undo_stack.redo()
    assert z_of(window).tobytes() == drawn.tobytes()
    window.settle()


def test_anchors_are_chosen_moved_and_removed_by_keys_and_undone(window, qtbot):
    strip, before = window.panel.walk.strip, z_of(window)
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.selected == 1
    assert window.panel.walk.player.position == 30
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert strip.selected == 2
    assert z_of(window).tobytes() == before[[0, 2, 1, *range(3, 9)]].tobytes()
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert z_of(window).tobytes() == before[[0, 2, *range(3, 9)]].tobytes()
    window.studio.undo_stack.undo()
    window.studio.undo_stack.undo()
    assert z_of(window).tobytes() == before.tobytes()
    qtbot.keyClick(strip, Qt.Key.Key_End)
    qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert window.chosen[0].tobytes() == before[8].tobytes()


def test_a_path_keeps_two_anchors_and_takes_sixteen(window, qtbot):
    strip = window.panel.walk.strip
    window.panel.anchors.put(z_of(window)[:2])
    qtbot.keyClick(strip, Qt.Key.Key_Delete)
    assert "needs 2" in window.said[-1]
    window.panel.anchors.take(parcel(*range(30)), 2, False)
    assert z_of(window)[2:, 0].tolist() == list(range(14))
    assert window.said[-1] == "14 of 30 taken: a path has at most 16 anchors."
    window.panel.anchors.take(parcel(1), 2, False)
    assert "at most 16" in window.said[-1]
    assert len(z_of(window)) == 16
    assert not window.troubles  # the banner is for what is broken


def test_samples_fall_onto_anchors_and_between_them(window):
    strip, before = window.panel.walk.strip, z_of(window)
    assert Hand(parcel(7)).drop(strip, anchor_at(window, 3))
    assert z_of(window)[3].tolist() == [7] * 4
    assert np.delete(z_of(window), 3, 0).tobytes() == np.delete(before, 3, 0).tobytes()
    tile = strip.keys.index(next(key for key in strip.keys if 30 < key < 60))
    assert Hand(parcel(8)).drop(strip, strip._rect(tile).center().toPoint())
    assert z_of(window)[2].tolist() == [8] * 4
    assert Hand(parcel(9)).drop(strip, QPoint(2, 2))
    assert z_of(window)[-1].tolist() == [9] * 4
    assert len(z_of(window)) == 11


def test_what_does_not_fit_is_refused_in_words(window):
    strip, before = window.panel.walk.strip, z_of(window)
    Hand(parcel(1, dim=9)).drop(strip, anchor_at(window, 0))
    assert "z has 4 numbers (the sample's has 9)" in window.said[-1]
    Hand(Parcel(images=np.zeros((1, 8, 8, 3), np.uint8))).drop(strip, anchor_at(window, 0))
    assert "image without its z" in window.said[-1]
    assert not window.troubles
    assert z_of(window) is before


def test_an_anchor_is_dragged_to_another_place(window, qtbot, monkeypatch):
    strip, before = window.panel.walk.strip, z_of(window)
    target = anchor_at(window, 2)

    def drop(drag, *actions):
        Hand(drag.mimeData()).drop(strip, target)
        return Qt.DropAction.CopyAction

    start = anchor_at(window, 0)
    qtbot.mousePress(strip, Qt.MouseButton.LeftButton, pos=start)
    monkeypatch.setattr(QDrag, "exec", drop)
    qtbot.mouseMove(strip, start + QPoint(40, 0))
    assert z_of(window).tobytes() == before[[1, 2, 0, *range(3, 9)]].tobytes()
    assert strip.selected == 2


def test_any_frame_can_be_carried_away_with_its_z(window, qtbot, monkeypatch):
    walk = window.panel.walk
    tile = next(i for i, key in enumerate(walk.strip.keys) if key % 30)
    hand = dragged(qtbot, monkeypatch, walk.strip, walk.strip._rect(tile).center().toPoint())
    found = sample_drag.parcel_in(hand.mime)
    assert found.inputs.tobytes() == walk.z[walk.strip.keys[tile]].tobytes()
    assert found.images[0].tobytes() == walk.feed.cache.get(walk.strip.keys[tile]).tobytes()
    hand = dragged(qtbot, monkeypatch, walk.player.view, QPoint(50, 50))
    assert sample_drag.parcel_in(hand.mime).inputs.tobytes() == walk.z[walk.player.position].tobytes()


def test_samples_are_copied_and_pasted_by_keys(window, qtbot):
    strip = window.panel.walk.strip
    with qtbot.waitActive(window.panel):
        window.panel.activateWindow()
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    qtbot.keyClick(strip, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert sample_drag.pasted().inputs.tobytes() == z_of(window)[1].tobytes()
    qtbot.keyClick(strip, Qt.Key.Key_Home)
    qtbot.keyClick(strip, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(z_of(window)) == 10
    assert z_of(window)[1].tobytes() == z_of(window)[2].tobytes()
    QApplication.clipboard().clear()
    window.panel.paste()
    assert "no sample on the clipboard" in window.said[-1]


def test_it_plays_from_memory(window, qtbot):
    player = window.panel.walk.player
    painted, skipped = player.painted, player.skipped
    qtbot.keyClick(window.panel, Qt.Key.Key_K)
    window.until(lambda: player.painted >= painted + 8)
    assert player.waited == 0
    assert player.painted + player.skipped - painted - skipped <= player.position
    qtbot.keyClick(window.panel, Qt.Key.Key_K)
    here = player.position
    qtbot.keyClick(window.panel, Qt.Key.Key_J)
    assert (player.playing, player.position) == (False, here - 1)


def test_frames_follow_g_as_it_learns(window):
    walk = window.panel.walk
    before, stamp = walk.feed.cache.get(0).copy(), walk.feed.stamp
    window.session.post(Step())
    window.session.post(Step())
    window.until(lambda: walk.feed.stamp != stamp and not walk.feed.cache.stale([0, *walk.strip.keys]))
    assert not np.array_equal(walk.feed.cache.get(0), before)
    assert f"step {walk.feed.stamp.step:,}" in walk.player.view.accessibleDescription()


def test_a_closed_linear_slow_walk_is_another_path(window, qtbot):
    panel = window.panel
    panel.loop.click()
    assert len(panel.walk.z) == 9 * 30
    panel.load_state({"seconds": 2.0, "spherical": False, "closed": True, "end": "back"})
    assert len(panel.walk.z) == 9 * 60
    middle = (z_of(window)[0].astype(float) + z_of(window)[1]) / 2
    np.testing.assert_allclose(panel.walk.z[30], middle, atol=1e-6)
    state = panel.save_state()
    assert (state["seconds"], state["spherical"], state["closed"], state["end"]) == (2.0, False, True, "back")
    panel.load_state({"seconds": "soon", "spherical": 3, "seed": -1, "end": 7, "map": "no"})
    assert panel.save_state()["seconds"] == 2.0


def test_a_hidden_panel_asks_for_nothing(window, monkeypatch):
    asked = []
    window.panel.hide()
    monkeypatch.setattr(window.studio.explorer, "ask", lambda *what: asked.append(what) or 0)
    window.panel.anchors.put(z_of(window)[::-1].copy())
    window.panel.walk.feed.go_on()
    window.studio.explorer.answered.emit()
    assert not asked
    monkeypatch.undo()
    window.panel.show()
    window.settle()


def test_every_control_is_reached_by_keys_and_says_what_it_is(window):
    panel = window.panel
    for part in (panel.renew, panel.way, panel.loop, panel.pace, panel.save, panel.walk.player.slider):
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert part.accessibleName()
        assert part.toolTip()
    assert not [keys for keys in ("R", "K", "J", "L", "M", "E", "A") if QKeySequence(keys).isEmpty()]


def test_another_generator_whose_z_is_longer_gets_anchors_of_its_own(window, tiny):
    longer = change(change(tiny, "noise.params.dim", 6)[0], "noise.kind", "uniform")[0]
    window.open(longer)
    window.until(lambda: z_of(window).shape[1] == 6)
    window.settle()
    assert not window.troubles
    assert window.panel.way.currentData() is False  # straight suits a uniform prior
    window.open(tiny)
    window.until(lambda: z_of(window).shape[1] == 4)
    window.settle()
    assert window.panel.way.currentData() is True


def test_a_walk_through_points_is_a_curve_among_other_samples(window, tiny):
    window.open(files.preset("ring-8"))
    plane = window.panel.walk.player.plane
    window.until(lambda: np.isfinite(plane.curve.points).all() and len(plane.curve.cloud) == 600)
    assert plane.curve.points.shape == (241, 2)
    assert window.panel.walk.player.pictures.currentWidget() is plane
    assert len(window.panel.walk.strip.keys) == 9
    window.open(tiny)


def test_before_anything_is_open_it_says_what_it_waits_for(qtbot, studio):
    panel = WalkPanel(studio)
    qtbot.addWidget(panel)
    assert panel.walk.player.view.sentence
    panel.copy()
    panel.explore()
    panel.anchors.take(parcel(1), 0, True)
