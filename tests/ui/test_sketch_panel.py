"""The Sketch panel over a session that works: what is asked for is searched, chosen, morphed, used and taken back."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from desk import Desk
from dragging import Hand
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset as shipped
from ganstudio.latent.parcel import Parcel
from ganstudio.latent.sketching import CANDIDATES, MORPH_STEPS
from ganstudio.ui.edited_image import OTHERS, POINTS
from ganstudio.ui.panels.sketch import SketchPanel
from ganstudio.ui.widgets import sample_drag

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class SketchDesk(Desk):
    """A window of the panel alone, whose own Undo and Train hear the keys that the panel leaves."""

    def __init__(self, qtbot):
        super().__init__(qtbot, SketchPanel)
        self.session.start()
        self.undone: list[bool] = []
        self.window = QMainWindow()
        undo = QAction("Undo", self.window)
        undo.setShortcut("Ctrl+Z")
        undo.triggered.connect(lambda *_: self.undone.append(True))
        train = QAction("Train", self.window)
        train.setShortcut("Space")
        train.triggered.connect(lambda *_: self.undone.append(True))
        self.window.addActions([undo, train])
        self.window.setCentralWidget(self.panel)
        self.window.resize(700, 480)
        qtbot.addWidget(self.window)
        with qtbot.waitActive(self.window):
            self.window.show()

    def restart(self) -> None:
        """The same experiment from its seed; another G as the panel sees it."""
        said: list[str] = []
        once = Qt.ConnectionType.SingleShotConnection
        self.studio.explorer.reopened.connect(lambda: said.append(self.panel.easel.sentence), once)
        self.studio.restart()
        self.until(lambda: said)
        assert said == ["The generator is being copied…"]

    def settled(self) -> None:
        """Until the image on the easel is that of the page, or a search has candidates."""
        panel = self.panel
        self.until(lambda: panel.image.pixels is not None and panel.easel.edits is not None)

    def paint(self) -> None:
        """A stroke of a few pixels by keyboard, and its candidates."""
        easel = self.panel.easel
        easel.setFocus()
        self.qtbot.keyPress(easel, Qt.Key.Key_Space)
        self.qtbot.keyClick(easel, Qt.Key.Key_Right, SHIFT)
        self.qtbot.keyRelease(easel, Qt.Key.Key_Space)
        self.until(lambda: self.panel.search.candidates is not None)

    def close(self) -> None:
        self.window.close()
        super().close()


@pytest.fixture
def bare(qtbot) -> Iterator[SketchDesk]:
    found = SketchDesk(qtbot)
    yield found
    found.close()


@pytest.fixture
def desk(bare, tiny) -> SketchDesk:
    bare.open(tiny)
    bare.settled()
    return bare


def picture(panel: SketchPanel) -> bytes:
    return panel.easel.picture.tobytes()


def test_a_stroke_by_keyboard_brings_ranked_candidates_one_is_chosen_morphed_and_used(desk):
    panel, qtbot = desk.panel, desk.qtbot
    before, start = picture(panel), panel.page.z
    assert not panel.view.use.isEnabled()
    desk.paint()
    found = panel.search.candidates
    assert 1 < len(found.images) <= 16
    assert panel.grid.marked == {0}
    assert picture(panel) == found.images[0].tobytes()
    # Chosen by keys: the second one.
    panel.grid.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Return):
        qtbot.keyClick(panel.grid, key)
    desk.until(lambda: panel.search.share == 1)
    chosen, after = (one.copy() for one in panel.search.chosen)
    assert panel.grid.marked == {panel.search.rank}
    # Back through z to where it began.
    for _ in range(MORPH_STEPS):
        qtbot.keyClick(panel.grid, Qt.Key.Key_M, SHIFT)
    desk.until(lambda: panel.morph.images is not None)
    assert picture(panel) == before
    assert panel.z.tobytes() == start.tobytes()
    for _ in range(MORPH_STEPS // 2):
        qtbot.keyClick(panel.grid, Qt.Key.Key_M)
    assert picture(panel) == panel.morph.images[MORPH_STEPS // 2].tobytes()
    assert np.abs(panel.morph.images[-1].astype(int) - after).max() <= 1
    for _ in range(MORPH_STEPS // 2):
        qtbot.keyClick(panel.grid, Qt.Key.Key_M)
    assert picture(panel) == after.tobytes()
    # Used: it goes to Directions to the bit, and is what is edited from now on.
    qtbot.keyClick(panel.grid, Qt.Key.Key_U)
    assert [one.tobytes() for one in desk.sent] == [chosen.tobytes()]
    assert panel.page.edits.empty
    assert panel.page.z.tobytes() == chosen.tobytes()
    assert panel.search.candidates is None
    # That can be taken back as well.
    qtbot.keyClick(panel.grid, Qt.Key.Key_Z, CONTROL)
    assert not panel.page.edits.empty
    assert panel.page.z.tobytes() == start.tobytes()


def test_undo_and_space_are_the_panels_own_while_it_has_the_focus(desk):
    panel, qtbot, easel = desk.panel, desk.qtbot, desk.panel.easel
    desk.paint()
    painted = panel.page.edits
    for holder in (easel, panel.view.near.slider, panel.grid, panel.tools.buttons["edge"]):
        holder.setFocus()
        qtbot.keyClick(holder, Qt.Key.Key_Z, CONTROL)
        assert panel.page.edits.empty
        assert panel.search.candidates is None
        qtbot.keyClick(holder, Qt.Key.Key_Z, CONTROL | SHIFT)
        assert panel.page.edits is painted
    easel.setFocus()
    qtbot.keyPress(easel, Qt.Key.Key_Space)
    qtbot.keyClick(easel, Qt.Key.Key_Down)
    qtbot.keyClick(easel, Qt.Key.Key_Escape)
    assert panel.page.edits is painted
    assert not desk.undone
    qtbot.keyClick(easel, Qt.Key.Key_Delete)
    assert panel.page.edits.empty
    desk.window.setFocus()
    qtbot.keyClick(desk.window, Qt.Key.Key_Z, CONTROL)
    assert len(desk.undone) == 1


def test_the_image_follows_directions_until_something_is_asked_of_it(desk):
    panel = desk.panel
    shown = [np.full(4, value, np.float32) for value in (0.5, -1.0)]
    desk.studio.show_sample(shown[0])
    assert panel.page.z.tobytes() == shown[0].tobytes()
    desk.paint()
    desk.studio.show_sample(shown[1])
    assert panel.page.z.tobytes() == shown[0].tobytes()
    panel.clear()
    desk.studio.show_sample(shown[1])
    assert panel.page.z.tobytes() == shown[1].tobytes()


def test_samples_come_and_go_to_the_bit(desk):
    panel, qtbot = desk.panel, desk.qtbot
    z = np.array([[0.1, -0.2, 0.3, 0.7]], np.float32)
    assert Hand(Parcel(z)).drop(panel.easel)
    assert panel.page.z.tobytes() == z.tobytes()
    panel.easel.setFocus()
    qtbot.keyClick(panel.easel, Qt.Key.Key_C, CONTROL)
    assert sample_drag.pasted().inputs.tobytes() == z.tobytes()
    desk.paint()
    candidates = panel.search.candidates.inputs
    carried = panel.grid.samples.parcel([1])
    assert carried.inputs.tobytes() == candidates[1].tobytes()
    sample_drag.copy(carried)
    qtbot.keyClick(panel.easel, Qt.Key.Key_V, CONTROL)
    assert panel.page.z.tobytes() == candidates[1].tobytes()
    Hand(Parcel(np.zeros((1, 7), np.float32))).drop(panel.grid)
    assert desk.told[-1] == OTHERS
    assert panel.page.z.tobytes() == candidates[1].tobytes()


def test_a_picture_without_z_is_sought_among_what_g_can_make(desk):
    panel = desk.panel
    real = np.random.default_rng(3).integers(0, 256, (1, 48, 32, 3), np.uint8)
    Hand(Parcel(images=real)).drop(panel.easel)
    np.testing.assert_array_equal(panel.page.picture, real[0, 8:40])
    desk.until(lambda: panel.search.candidates is not None)
    assert not panel.view.morph.isEnabled()
    assert panel.z is not None


def test_a_hidden_panel_searches_nothing_and_what_was_asked_stays_for_another_g(desk, tiny):
    panel = desk.panel
    desk.paint()
    edits, wide = panel.page.edits, change(tiny, "noise.params.dim", 6)[0]
    panel.hide()
    panel.search_again()
    assert panel.search.share == 1
    panel.show()
    desk.open(wide)
    desk.until(lambda: panel.page is not None and panel.page.z.shape == (6,))
    assert panel.search.candidates is None
    assert panel.page.edits.shape == edits.shape
    desk.paint()
    assert panel.search.candidates.inputs.shape[1] == 6


def same_prior(tiny):
    """Another G whose z is as long."""
    return change(tiny, "seed", 5)[0]


def test_the_image_comes_back_from_another_g_of_the_same_z(desk, tiny):
    panel = desk.panel
    desk.studio.show_sample(np.full(4, 0.5, np.float32))
    desk.until(lambda: panel.easel.picture.tobytes() == panel.image.pixels.tobytes())
    desk.restart()
    desk.until(lambda: not panel.easel.sentence)
    restarted = picture(panel)
    # Hidden, and Directions moves on meanwhile.
    panel.hide()
    desk.open(same_prior(tiny))
    z = np.full(4, -1.0, np.float32)
    desk.studio.show_sample(z)
    panel.show()
    desk.until(lambda: not panel.easel.sentence)
    assert panel.page.z.tobytes() == z.tobytes()
    assert picture(panel) != restarted
    desk.paint()


def test_what_was_painted_is_seen_and_sought_again_after_a_restart(desk):
    panel = desk.panel
    desk.paint()
    painted = panel.page.edits
    desk.restart()
    desk.until(lambda: not panel.easel.sentence)
    assert panel.easel.edits is painted
    desk.until(lambda: panel.search.candidates is not None)


def test_a_g_that_makes_few_different_images_is_told(desk):
    panel = desk.panel
    desk.paint()
    desk.until(lambda: panel.search.share == 1)
    found = panel.search.candidates
    for count, words in ((1, "G finds only 1 different image "), (3, "G finds only 3 different images ")):
        panel.search.candidates = replace(found, images=found.images[[0] * count])
        panel.search.changed.emit()
        assert panel.view.status.text().startswith(words)
    panel.search.candidates = replace(found, images=found.images[[0] * CANDIDATES])
    panel.search.changed.emit()
    assert "only" not in panel.view.status.text()


def test_again_goes_on_from_the_candidates_that_there_are(desk):
    panel, qtbot = desk.panel, desk.qtbot
    desk.paint()
    desk.until(lambda: panel.search.share == 1)
    before = panel.search.candidates
    panel.choose(1)
    qtbot.keyClick(panel.easel, Qt.Key.Key_A)
    desk.until(lambda: panel.search.candidates is not before)
    assert panel.search.candidates.errors[0] <= before.errors[0] * 1.01
    shown = panel.search.chosen[1].astype(int)
    assert np.abs(shown - before.images[1]).mean() < 6


def test_points_leave_nothing_to_paint_on(bare):
    bare.open(shipped("ring-8"))
    bare.until(lambda: bare.panel.easel.sentence == POINTS)
    bare.qtbot.keyClick(bare.panel.easel, Qt.Key.Key_Space)
    bare.qtbot.keyClick(bare.panel.easel, Qt.Key.Key_U)
    assert bare.panel.page is None


def test_choices_are_remembered(desk):
    desk.panel.load_state({"near": 70, "realism": 30, "overlay": -4})
    assert desk.panel.save_state() == {"near": 70, "realism": 30, "overlay": 50}
    assert desk.panel.view.weights.near == pytest.approx(0.8 * 0.49)
