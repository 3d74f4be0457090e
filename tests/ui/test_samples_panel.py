"""The Samples panel: shows what the probe made, pins inputs to the bit, sends them on, copies and saves."""

from time import monotonic, sleep

import numpy as np
import pytest
from dragging import Hand
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.probes.all import all_probes
from ganstudio.probes.samples import SamplesFrame, SamplesProbe
from ganstudio.probes.tiles import TileGrid
from ganstudio.training.commands import Open, Pause, Train
from ganstudio.training.session import Session
from ganstudio.ui.panels.samples import COUNTS, NO_IMAGES, SamplesPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets.grid_painting import tile_rect


def framed(count: int = 16, draw: int = 0, scores=None, probability: bool = True, dim: int = 8) -> SamplesFrame:
    generator = np.random.default_rng(draw)
    grid = TileGrid(count, 28, 28)
    grid.put(0, generator.integers(0, 256, (count, 28, 28, 1), dtype=np.uint8))
    z = generator.normal(size=(count, dim)).astype(np.float32)
    return SamplesFrame(7, "main", grid.published(), z, scores, probability, True)


@pytest.fixture
def idle(qapp) -> Studio:
    """A studio whose session never starts."""
    return Studio(Session(probes=dict))


@pytest.fixture
def panel(idle, qtbot) -> SamplesPanel:
    panel = SamplesPanel(idle)
    qtbot.addWidget(panel)
    panel.resize(620, 400)
    panel.show()
    panel.show_frame(framed())
    return panel


def at(panel: SamplesPanel, tile: int) -> QPoint:
    return tile_rect(panel.grid.tiles, panel.grid._viewport.target, tile).center().toPoint()


def test_before_pytorch_is_in_it_says_so(idle, qtbot):
    panel = SamplesPanel(idle)
    qtbot.addWidget(panel)
    assert panel.grid.accessibleDescription() == "Loading PyTorch…"
    assert not panel._save.isEnabled()
    panel.show_frame(framed())
    assert panel._save.isEnabled()


def test_a_frame_is_what_is_painted(panel):
    frame = framed(draw=3)
    panel.show_frame(frame)
    assert panel.grid.tiles is frame.tiles
    image = panel.grid.grab().toImage()
    for tile in (0, 5, 15):
        row, column = divmod(tile, 4)
        spot = tile_rect(frame.tiles, panel.grid._viewport.target, tile)
        scale = spot.width() / 28
        for y, x in ((0, 0), (14, 9), (27, 27)):
            point = spot.topLeft().toPoint() + QPoint(int((x + 0.5) * scale), int((y + 0.5) * scale))
            assert image.pixelColor(point).red() == frame.tiles.picture[row * 29 + y, column * 29 + x, 0]


def test_points_have_no_images(panel):
    panel.show_frame(SamplesFrame(7, "main", None, np.empty((0, 0), np.float32), None, False, True))
    assert panel.grid.accessibleDescription() == NO_IMAGES
    panel.save()
    panel.copy()


def test_the_probe_is_asked_for_what_the_controls_say(panel):
    asked = QSignalSpy(panel.studio.options_changed)
    assert panel.options() == {"tiles": 64, "columns": 11, "live": False, "draw": 0, "scores": False, "pinned": {}}
    for index, count in enumerate(COUNTS):
        panel._count.setCurrentIndex(index)
        panel._count.activated.emit(index)
        assert panel.options()["tiles"] == count
    panel._weights.setCurrentIndex(1)
    panel._weights.activated.emit(1)
    panel._renew.click()
    assert (panel.options()["live"], panel.options()["draw"]) == (True, 1)
    assert asked.count() == len(COUNTS) + 2


def test_a_panel_of_another_shape_asks_for_other_columns(panel):
    asked = QSignalSpy(panel.studio.options_changed)
    panel.resize(1200, 300)
    QApplication.processEvents()
    assert asked.count() == 1
    assert panel.options()["columns"] == 16


def test_a_layout_that_goes_through_another_shape_ends_with_the_right_columns(panel):
    """The frames of the first shape come only after the last: what counts is what was asked, not what is on screen."""
    asked = []
    panel.studio.options_changed.connect(lambda one: asked.append(one.options()["columns"]))
    for width, height in ((1200, 300), (320, 900), (620, 400)):
        panel.resize(width, height)
        QApplication.processEvents()
    assert asked[-1] == panel.grid.columns_for(64)
    assert len(asked) >= 2


def test_r_draws_new_inputs(panel, qtbot):
    panel.activateWindow()
    panel.grid.setFocus()
    qtbot.waitUntil(panel.isActiveWindow)
    qtbot.keyClick(panel.grid, Qt.Key.Key_R)
    assert panel.options()["draw"] == 1


def test_scores_are_asked_for_only_while_somebody_looks(panel):
    panel.grid.watched.emit(True)
    assert panel.options()["scores"] is True
    panel.grid.watched.emit(False)
    assert panel.options()["scores"] is False


@pytest.mark.parametrize(
    ("score", "probability", "caption"),
    [(0.731, True, "D = 0.73"), (-1.2, False, "D = −1.20  (critic)"), (float("nan"), True, "D = …")],
)
def test_the_caption_is_ds_judgement(panel, score, probability, caption):
    panel.show_frame(framed(scores=np.full(16, score, np.float32), probability=probability))
    assert panel.grid.caption(3) == caption


def test_without_scores_the_caption_waits(panel):
    assert panel.grid.caption(3) == "D = …"


def test_a_click_pins_the_input_to_the_bit(panel, qtbot):
    z = panel._frame.z[6].tobytes()
    qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=at(panel, 6))
    assert panel.grid.marked == {6}
    panel.pinning.reshuffle()
    assert panel.options()["pinned"][6].tobytes() == z
    qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=at(panel, 6))
    assert panel.pinning.pinned == {}
    assert panel.grid.marked == frozenset()


def test_a_pin_outlives_other_inputs_and_numbers(panel):
    panel.pinning.toggle(6)
    panel.show_frame(framed(64, draw=1))
    assert set(panel.pinning.pinned) == {6}
    panel._unpin.click()
    assert panel.pinning.pinned == {}


def test_pins_of_another_experiment_are_let_go(panel):
    panel.pinning.toggle(6)
    panel.show_frame(framed(dim=5))
    assert panel.pinning.pinned == {}


def test_pins_and_inputs_are_taken_back_and_done_again_and_then_what_the_window_did(panel, qtbot):
    panel.activateWindow()
    panel.grid.setFocus()
    qtbot.waitUntil(panel.grid.hasFocus)
    undone = []
    panel.studio.undo_stack.undo = lambda: undone.append(True)
    states, z = [panel.options()], panel._frame.z
    for act in (lambda: panel.pinning.toggle(6), panel.pinning.reshuffle, lambda: panel.pinning.pin(z[:2])):
        act()
        states.append(panel.options())
    panel.pinning.unpin_all()
    assert [sorted(one["pinned"]) for one in states] == [[], [6], [6], [0, 1, 6]]
    for before in reversed(states):
        assert undone == []
        qtbot.keyClick(panel.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert panel.options() == before
        assert panel.grid.marked == set(before["pinned"])
    qtbot.keyClick(panel.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [True]
    redo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(panel.grid, Qt.Key.Key_Z, redo)
    assert panel.options()["pinned"].keys() == {6}
    panel.show_frame(framed(dim=5))
    assert not panel.pinning.can_go_back, "another G's pins do not come back"


@pytest.mark.parametrize("pinned", [False, True])
def test_a_double_click_sends_the_input_on_and_pins_nothing(panel, qtbot, pinned):
    chosen = QSignalSpy(panel.studio.sample_chosen)
    if pinned:
        panel.pinning.toggle(9)
    qtbot.mouseClick(panel.grid, Qt.MouseButton.LeftButton, pos=at(panel, 9))
    qtbot.mouseDClick(panel.grid, Qt.MouseButton.LeftButton, pos=at(panel, 9))
    assert chosen.count() == 1
    assert chosen.at(0)[0].tobytes() == panel._frame.z[9].tobytes()
    assert chosen.at(0)[0].dtype == np.float32
    assert (9 in panel.pinning.pinned) == pinned


def test_the_menu_of_a_tile_explores_and_pins_it(panel):
    chosen = QSignalSpy(panel.studio.sample_chosen)
    actions = {action.text().partition("\t")[0]: action for action in panel.menu(4).actions()}
    actions["Explore this sample"].trigger()
    actions["Pin"].trigger()
    assert chosen.at(0)[0].tobytes() == panel._frame.z[4].tobytes()
    assert set(panel.pinning.pinned) == {4}
    assert "Explore this sample" not in {a.text().partition("\t")[0] for a in panel.menu(-1).actions()}


def test_e_explores_the_tile_chosen_by_key(panel, qtbot):
    chosen = QSignalSpy(panel.studio.sample_chosen)
    panel.grid.leaveEvent(None)
    panel.activateWindow()
    panel.grid.setFocus()
    qtbot.waitUntil(panel.grid.hasFocus)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    qtbot.keyClick(panel.grid, Qt.Key.Key_E)
    assert chosen.at(0)[0].tobytes() == panel._frame.z[1].tobytes()


def test_copy_and_save_give_the_same_picture(panel, tmp_path):
    panel.copy()
    copied = QApplication.clipboard().image()
    assert panel.save_to(str(tmp_path / "grid"))
    saved = QImage(str(tmp_path / "grid.png"))
    assert saved.size() == copied.size()
    assert saved.convertToFormat(QImage.Format.Format_RGB32) == copied.convertToFormat(QImage.Format.Format_RGB32)


def test_a_file_that_cannot_be_written_is_named(panel, tmp_path):
    said = QSignalSpy(panel.studio.trouble)
    path = str(tmp_path / "no folder" / "grid.png")
    assert not panel.save_to(path)
    assert path in said.at(0)[0]


def test_choices_are_remembered_and_nonsense_is_not(panel, idle, qtbot):
    panel._count.setCurrentIndex(COUNTS.index(144))
    panel._weights.setCurrentIndex(1)
    other = SamplesPanel(idle)
    qtbot.addWidget(other)
    other.load_state(panel.save_state())
    assert (other.options()["tiles"], other.options()["live"]) == (144, True)
    other.load_state({"count": "many", "live": 17, "else": []})
    assert other.options()["tiles"] == 144


def test_every_control_has_a_tooltip_and_a_name(panel):
    for control in (*panel.findChildren(QToolButton), *panel.findChildren(QComboBox)):
        assert control.toolTip(), control.text()
        assert control.accessibleName()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_narrow_panel_keeps_its_controls_in_view(panel):
    panel.resize(380, 300)
    QApplication.processEvents()
    for control in (*panel.findChildren(QToolButton), *panel.findChildren(QComboBox)):
        if control.isVisible():
            assert panel.rect().contains(control.geometry()), control.text()
    assert panel._more.isVisible()


def test_through_a_session_a_run_at_rest_shows_its_own_images(qapp, qtbot):
    experiment = files.preset("dcgan-mnist")
    for path, value in (("batch_size", 8), ("players.*.network.params.width", 4)):
        experiment, _ = change(experiment, path, value)
    session = Session(probes=all_probes, device="cpu", threads=1).start()
    panel = SamplesPanel(Studio(session))
    qtbot.addWidget(panel)
    mailbox = session.subscribe("samples", **panel.options())
    try:
        session.post(Open(experiment=experiment))
        session.post(Pause(at=40))
        session.post(Train())
        end, taken = monotonic() + 60, 0
        while session.status.phase != "paused" or taken < 4 or not panel._frame.complete:
            assert monotonic() < end
            frame = mailbox.take()
            if frame is not None:
                taken += 1
                panel.show_frame(frame)
                session.wake()
            sleep(0.002)
        frame = panel._frame
        assert frame.step == 40
        expected = SamplesProbe().frame(session._loop.trainer)
        np.testing.assert_array_equal(panel.grid.tiles.picture, expected.tiles.picture)
        sleep(0.2)
        assert mailbox.take() is None  # at rest, and all shown: no more work
    finally:
        assert session.close()


def test_a_dropped_sample_is_pinned_to_the_bit_where_it_falls(panel):
    z = np.random.default_rng(5).normal(size=(3, 8)).astype(np.float32)
    assert Hand(Parcel(z[:1])).drop(panel.grid, at(panel, 6))
    assert {tile: one.tobytes() for tile, one in panel.options()["pinned"].items()} == {6: z[0].tobytes()}
    assert panel.grid.marked == {6}
    panel.pinning.toggle(0)
    assert Hand(Parcel(z[1:])).drop(panel.grid, QPoint(1, 1))  # beside the tiles: where nothing is pinned yet
    assert {tile: one.tobytes() for tile, one in panel.pinning.pinned.items() if tile} == {
        6: z[0].tobytes(),
        1: z[1].tobytes(),
        2: z[2].tobytes(),
    }


def test_samples_beyond_the_last_tile_are_left_out(panel):
    panel.pinning.pin(np.zeros((5, 8), np.float32), 14)
    assert set(panel.pinning.pinned) == {14, 15}


def test_a_copied_sample_is_pasted_at_the_chosen_tile(panel, qtbot):
    panel.activateWindow()
    panel.grid.setFocus()
    qtbot.waitUntil(panel.isActiveWindow)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(panel.grid, key)
    qtbot.keyClick(panel.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    qtbot.keyClick(panel.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert {tile: z.tobytes() for tile, z in panel.pinning.pinned.items()} == {2: panel._frame.z[1].tobytes()}


@pytest.mark.parametrize(
    ("parcel", "words"),
    [
        (Parcel(np.zeros((1, 5), np.float32)), "G takes 8 numbers a sample; these samples are another G's, with 5."),
        (Parcel(images=np.zeros((1, 28, 28, 3), np.uint8)), "Only what G made can be pinned"),
    ],
)
def test_what_cannot_be_pinned_is_one_sentence(panel, parcel, words):
    trouble = QSignalSpy(panel.studio.trouble)
    assert Hand(parcel).drop(panel.grid, at(panel, 6))
    assert trouble.at(0)[0].startswith(words)
    assert panel.pinning.pinned == {}


def test_before_there_are_samples_none_is_pinned(idle, qtbot):
    panel = SamplesPanel(idle)
    qtbot.addWidget(panel)
    panel.show()
    trouble = QSignalSpy(idle.trouble)
    assert Hand(Parcel(np.zeros((1, 8), np.float32))).drop(panel.grid)
    assert trouble.count() == 1
