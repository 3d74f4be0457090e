"""The Arithmetic panel: samples into A, B and C by mouse, keys, drop and paste; the sum, and a direction to keep."""

from itertools import combinations

import numpy as np
import pytest
from desk import Desk
from dragging import Hand, dragged
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QUndoCommand
from PySide6.QtWidgets import QApplication, QLineEdit

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.arithmetic import MIDDLE, in_pixels, surrounded
from ganstudio.latent.parcel import Parcel
from ganstudio.training.commands import Step
from ganstudio.ui.panels.arithmetic import ArithmeticPanel, listed
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.sample_drag import pixels_of

NO_KEYS = Qt.KeyboardModifier.NoModifier


class ArithmeticDesk(Desk):
    """The panel over a session that works."""

    def open(self, experiment) -> None:
        """Open an experiment and wait for samples to pick from."""
        super().open(experiment)
        self.until(lambda: self.panel.pool.inputs is not None)

    @property
    def terms(self):
        return self.panel.summing.terms

    @property
    def z(self) -> np.ndarray:
        return self.panel.pool.inputs

    def settle(self) -> None:
        """Wait until all that is picked is seen."""
        panel = self.panel
        self.until(lambda: [tiles.count for tiles in panel.slots] == [len(slot) for slot in self.terms.slots])
        if self.terms.complete:
            expected = surrounded(self.terms.sum, self.terms.noise, self.terms.seed, panel.summing.prior.limit)
            result = panel.equation.result if panel.pool._pictures else panel.equation.plane
            self.until(lambda: result.inputs is not None and np.array_equal(result.inputs, expected))

    def click(self, tiles, tile: int) -> None:
        at = tiles.places(tiles.total)[tile].center().toPoint()
        self.qtbot.mouseClick(tiles, Qt.MouseButton.LeftButton, NO_KEYS, at)

    def key(self, key, modifier=NO_KEYS, on=None) -> None:
        target = on or self.panel
        target.setFocus()
        self.qtbot.keyClick(target, key, modifier)

    def fill(self) -> None:
        """Three samples into each slot."""
        for tile in range(9):
            self.click(self.panel.pool, tile)
        self.settle()


@pytest.fixture
def desk(qtbot):
    found = ArithmeticDesk(qtbot, ArithmeticPanel)
    with qtbot.waitActive(found.panel):
        found.panel.show()
    yield found
    found.close()


@pytest.fixture
def faces(desk, tiny):
    desk.session.start()
    desk.open(tiny)
    return desk


def test_it_says_what_it_waits_for_and_then_what_to_do(desk, tiny):
    panel = desk.panel
    assert panel.equation.accessibleDescription() == "Loading PyTorch…"
    assert not panel.bar.draw.isEnabled()
    desk.session.start()
    desk.open(tiny)
    assert panel.equation.accessibleDescription().startswith("Fill A, B and C")
    assert panel.bar.draw.isEnabled()
    assert not panel.bar.keep.isEnabled()


def test_clicks_fill_a_then_b_then_c_with_three_each(faces):
    faces.fill()
    np.testing.assert_array_equal(np.stack(faces.terms.slots[0]), faces.z[:3])
    np.testing.assert_array_equal(np.stack(faces.terms.slots[2]), faces.z[6:9])
    assert [faces.panel.pool.badges[tile][0] for tile in range(9)] == [*"AAABBBCCC"]
    result = faces.panel.equation.result
    expected = faces.z[:3].mean(0, dtype=float) - faces.z[3:6].mean(0, dtype=float) + faces.z[6:9].mean(0, dtype=float)
    np.testing.assert_allclose(result.inputs[MIDDLE], expected, atol=1e-6)
    offsets = np.delete(result.inputs, MIDDLE, 0) - result.inputs[MIDDLE]
    assert 0.1 < np.abs(offsets).max() <= 0.25 + 1e-6


def test_beside_it_stands_the_same_sum_of_the_pixels(faces):
    faces.fill()
    slots = [np.stack([pixels_of(one) for one in tiles._pictures[:3]]) for tiles in faces.panel.slots]
    shown = pixels_of(faces.panel.equation.pixels._pictures[0])
    np.testing.assert_array_equal(shown, in_pixels(*slots))
    assert faces.panel.equation.pixels.parcel([0]).inputs is None


def test_below_each_slot_stands_the_image_of_its_mean(faces):
    faces.fill()
    tiles = faces.panel.slots[0]
    np.testing.assert_allclose(tiles.inputs[3], faces.z[:3].mean(0), atol=1e-6)
    assert tiles.places(4)[3].top() > tiles.places(4)[2].bottom()
    before = [tiles.places(count)[-1].width() for count in (1, 4)]
    tiles.resize(64, 130)  # of a window of 960 × 600
    places = tiles.places(4)
    assert min(one.width() for one in places) >= 24 > 17
    assert all(tiles.rect().contains(one.toRect()) for one in places)
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
    assert (tiles.places(1)[-1], tiles.places(2)[0]) == (places[-1], places[0]), "none moves when others come"
    assert before == [before[0]] * 2


def test_everything_goes_by_keys(faces):
    panel = faces.panel
    panel.pool.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        faces.key(key, on=panel.pool)
        faces.key(Qt.Key.Key_Right, on=panel.pool)
    faces.settle()
    for slot in range(3):
        np.testing.assert_array_equal(faces.terms.slots[slot][0], faces.z[slot])
    faces.key(Qt.Key.Key_X)
    np.testing.assert_array_equal(faces.terms.slots[0][0], faces.z[1])
    seed = faces.terms.seed
    faces.key(Qt.Key.Key_N)
    assert faces.terms.seed != seed
    faces.settle()
    panel.slots[2].setFocus(Qt.FocusReason.TabFocusReason)
    faces.key(Qt.Key.Key_Delete, on=panel.slots[2])
    assert [len(slot) for slot in faces.terms.slots] == [1, 1, 0]
    for _ in range(3):
        faces.key(Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert [len(slot) for slot in faces.terms.slots] == [1, 1, 1]
    np.testing.assert_array_equal(faces.terms.slots[0][0], faces.z[0])
    faces.key(Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    np.testing.assert_array_equal(faces.terms.slots[0][0], faces.z[1])
    faces.key(Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert len(faces.terms) == 0
    before = faces.z.copy()
    faces.key(Qt.Key.Key_R)
    faces.until(lambda: not np.array_equal(faces.z, before))


def test_samples_are_dropped_pasted_and_copied_to_the_bit(faces, qtbot, monkeypatch):
    panel = faces.panel
    z = np.random.default_rng(7).normal(size=(4, 4)).astype(np.float32)
    assert Hand(Parcel(z[:3])).drop(panel.slots[1])
    assert np.stack(faces.terms.slots[1]).tobytes() == z[:3].tobytes()
    sample_drag.copy(Parcel(z[3:]))
    faces.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier, on=panel.slots[2])
    assert faces.terms.slots[2][0].tobytes() == z[3].tobytes()
    panel.slots[0].setFocus()
    faces.click(panel.pool, 0)
    faces.settle()
    result = panel.equation.result
    middle = result.places(9)[MIDDLE].center().toPoint()
    hand = dragged(qtbot, monkeypatch, result, middle)
    carried = sample_drag.parcel_in(hand.mime)
    assert carried.inputs.tobytes() == result.inputs[MIDDLE : MIDDLE + 1].tobytes()
    assert carried.images.shape == (1, 32, 32, 3)
    assert hand.drop(panel.slots[0])
    np.testing.assert_array_equal(faces.terms.slots[0][-1], carried.inputs[0])
    result.setFocus(Qt.FocusReason.TabFocusReason)
    faces.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier, on=result)
    assert sample_drag.pasted().inputs.shape[1] == 4
    assert "on the clipboard, with z" in faces.told[-1]


def test_what_does_not_fit_is_refused_in_a_sentence(faces):
    slot = faces.panel.slots[0]
    Hand(Parcel(images=np.zeros((1, 8, 8, 3), np.uint8))).drop(slot)
    assert "has no z" in faces.told[-1]
    Hand(Parcel(np.zeros((1, 7), np.float32))).drop(slot)
    assert "another generator" in faces.told[-1]
    Hand(Parcel(np.ones((20, 4), np.float32))).drop(slot)
    assert len(faces.terms.slots[0]) == 9
    Hand(Parcel(np.ones((1, 4), np.float32))).drop(slot)
    assert "A is full" in faces.told[-1]
    QApplication.clipboard().clear()
    faces.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert "no sample on the clipboard" in faces.told[-1]
    assert len(faces.terms) == 9


def test_a_double_click_explores_and_picks_nothing(faces):
    sent = []
    faces.studio.sample_chosen.connect(sent.append)
    pool = faces.panel.pool
    faces.click(pool, 2)
    at = pool.places(pool.total)[2].center().toPoint()
    faces.qtbot.mouseDClick(pool, Qt.MouseButton.LeftButton, NO_KEYS, at)
    assert sent[0].tobytes() == faces.z[2].tobytes()
    assert len(faces.terms) == 0
    faces.fill()
    faces.panel.equation.result.setFocus(Qt.FocusReason.TabFocusReason)
    faces.key(Qt.Key.Key_E, on=faces.panel.equation.result)
    assert sent[1].tobytes() == faces.panel.equation.result.inputs[0].tobytes()


def test_the_cross_removes_a_sample(faces):
    faces.fill()
    tiles = faces.panel.slots[0]
    place = tiles.places(4)[1]
    corner = QPoint(int(place.right()) - 4, int(place.top()) + 4)
    faces.qtbot.mouseClick(tiles, Qt.MouseButton.LeftButton, NO_KEYS, corner)
    assert [list(z) for z in faces.terms.slots[0]] == [list(faces.z[0]), list(faces.z[2])]


def test_the_noise_is_scaled_and_taken_back_as_one(faces):
    faces.fill()
    noise = faces.panel.bar.noise
    for value in (0.3, 0.5, 0.8):
        noise.setValue(value)
    faces.settle()
    assert faces.terms.noise == 0.8
    faces.panel.bar.back.click()
    assert faces.terms.noise == 0.25
    assert noise.value() == 0.25


def test_the_difference_is_kept_as_a_direction(faces):
    faces.fill()
    bar, kept = faces.panel.bar, faces.studio.keepsakes
    faces.key(Qt.Key.Key_K)
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    faces.qtbot.keyClicks(bar.name, "rx1")
    faces.qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    direction = kept.directions[0]
    step = faces.z[:3].mean(0, dtype=float) - faces.z[3:6].mean(0, dtype=float)
    assert (direction.name, bar.name.isHidden()) == ("rx1", True)
    assert len(faces.terms) == 9
    np.testing.assert_allclose(direction.vector * direction.strength, step, rtol=1e-12)
    faces.key(Qt.Key.Key_K)
    faces.qtbot.keyClick(bar.name, Qt.Key.Key_Return)
    assert "give the direction a name" in faces.told[-1].lower()
    faces.qtbot.keyClick(bar.name, Qt.Key.Key_Escape)
    assert bar.name.isHidden()


def test_the_same_samples_on_both_sides_are_no_direction(faces):
    for slot in (0, 1):
        faces.panel.receive(slot, Parcel(faces.z[:2]))
    assert faces.panel.summing.keep("nothing") is None
    assert "no direction" in faces.told[-1]


def test_another_generator_keeps_what_fits_and_drops_what_does_not(faces, tiny):
    faces.fill()
    picked = np.stack(faces.terms.slots[0])
    faces.open(change(tiny, "seed", 5)[0])
    faces.settle()
    np.testing.assert_array_equal(np.stack(faces.terms.slots[0]), picked)
    faces.open(change(tiny, "noise.params.dim", 6)[0])
    assert len(faces.terms) == 0
    assert "another generator's" in faces.told[-1]
    assert faces.z.shape[1] == 6


def test_it_follows_training_while_visible(faces):
    faces.fill()
    tiles = faces.panel.equation.result
    before = pixels_of(tiles._pictures[0]).tobytes()
    faces.studio.explorer.live = True
    for _ in range(3):
        faces.session.post(Step())
    faces.until(lambda: pixels_of(tiles._pictures[0]).tobytes() != before)


def test_points_are_added_up_in_their_plane(desk):
    experiment, _ = change(files.preset("ring-8"), "players.*.network.hidden", [8])
    desk.session.start()
    desk.open(experiment)
    desk.fill()
    plane = desk.panel.equation.plane
    assert plane.isVisible()
    assert not desk.panel.equation.result.isVisible()
    assert plane.parcel([MIDDLE]).images is None
    assert plane.parcel([MIDDLE]).inputs.shape == (1, 8)
    middle = plane.places(9)[MIDDLE].center()
    assert plane.tile_at(middle) in range(9)


def test_a_bounded_prior_is_told(desk, tiny):
    uniform, _ = change(tiny, "noise.kind", "uniform")
    desk.session.start()
    desk.open(uniform)
    limit = desk.panel.summing.prior.limit
    for slot, sign in enumerate((1, -1, 1)):
        desk.panel.receive(slot, Parcel(np.full((1, desk.z.shape[1]), sign * 0.9 * limit, np.float32)))
    desk.settle()
    assert np.abs(desk.panel.equation.result.inputs).max() <= np.float32(limit)
    assert "outside the prior's" in desk.panel.reading.text()
    assert "EMA weights after step 0" in desk.panel.reading.text()
    pools, desk.panel.summing.remaking.seconds = [], 0.05
    desk.panel.summing.drawn.connect(lambda *_: pools.append(True))
    desk.studio.explorer.live = True
    desk.until(lambda: "Live weights after step 0" in desk.panel.reading.text() and pools)


@pytest.mark.parametrize("size", [(700, 480), (1100, 760), (480, 640), (360, 340)])
def test_its_parts_stand_beside_each_other_at_any_size(faces, size):
    faces.fill()
    faces.panel.resize(*size)
    equation = faces.panel.equation
    seen = [part for part in equation.parts if part.isVisible()]
    assert len(seen) == 5
    for index, part in enumerate(seen):
        assert equation.rect().contains(part.geometry())
        assert not any(part.geometry().intersects(other.geometry()) for other in seen[:index])
        assert all(part.rect().contains(place.toRect()) for place in part.places(part.total))


def test_undo_is_the_panels_own_while_it_has_the_focus(faces):
    panel, control = faces.panel, Qt.KeyboardModifier.ControlModifier
    faces.studio.undo_stack.push(QUndoCommand("something else"))
    window = QAction("Undo", panel)  # as the window's: looked for after the panel has had its say
    window.setShortcut("Ctrl+Z")
    window.triggered.connect(lambda *_: faces.studio.undo_stack.undo())
    panel.addAction(window)
    for holder in (panel, panel.pool, panel.slots[0]):
        panel.receive(0, Parcel(faces.z[:1]))
        faces.key(Qt.Key.Key_Z, control, on=holder)
        assert not len(faces.terms)
        faces.key(Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier, on=holder)
        assert len(faces.terms.slots[0]) == 1
        panel.summing.back()
    assert faces.studio.undo_stack.canUndo()


def test_names_of_slots_are_listed_in_words():
    assert [listed([*"ABC"]), listed([*"BC"]), listed(["C"])] == ["A, B and C", "B and C", "C"]
