"""The Label panel: by mouse and by keys, the direction and what it is worth, a classifier's opinion, a slider of it."""

import numpy as np
import pytest
from desk import Desk
from dragging import Hand
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.metrics.judges import FACES
from ganstudio.training.commands import Step
from ganstudio.ui import labelling as model
from ganstudio.ui.panels.label import LabelPanel
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.label_tiles import SIGNS

LEFT, RIGHT, SHIFT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.KeyboardModifier.ShiftModifier


class LabelDesk(Desk):
    """The panel over a session that works."""

    def open(self, experiment) -> None:
        """Open an experiment and wait for samples to be labelled."""
        super().open(experiment)
        self.until(lambda: self.grid.inputs is not None)

    @property
    def labelling(self):
        return self.panel.labelling

    @property
    def labels(self):
        return self.panel.labelling.labels

    @property
    def grid(self):
        return self.panel.grid

    def click(self, tile: int, button=LEFT, keys=Qt.KeyboardModifier.NoModifier) -> None:
        at = self.grid.places(self.grid.total)[tile].center().toPoint()
        self.qtbot.mouseClick(self.grid, button, keys, at)

    def label(self, have: list[int], have_not: list[int]) -> None:
        for tile in have:
            self.click(tile)
        for tile in have_not:
            self.click(tile, RIGHT)

    def settle(self) -> None:
        """Wait for the accuracy, and for the strip."""
        self.until(lambda: self.labelling.found is not None and self.labelling.found.accuracy is not None)
        self.until(lambda: len(self.panel.strip.values))


@pytest.fixture
def desk(qtbot):
    found = LabelDesk(qtbot, LabelPanel)
    yield found
    found.close()


@pytest.fixture
def open_desk(desk, tiny):
    desk.session.start()
    with desk.qtbot.waitActive(desk.panel):
        desk.panel.show()
    desk.open(tiny)
    return desk


def test_it_says_what_it_waits_for_and_then_shows_samples_and_what_to_do(desk, tiny):
    desk.panel.show()
    assert desk.grid.sentence == "Loading PyTorch…"
    desk.session.start()
    desk.until(lambda: desk.grid.sentence.startswith("Choose a preset"))
    desk.open(tiny)
    assert desk.grid.total >= 24
    assert "right-click" in desk.panel.verdict.reading.text()
    assert not desk.panel.verdict.keep.isEnabled()


def test_clicks_say_what_has_it_and_what_has_not_and_take_it_back(open_desk):
    desk = open_desk
    desk.click(0)
    desk.click(1, RIGHT)
    desk.click(2, LEFT, SHIFT)
    assert desk.grid.labels == {0: True, 1: False, 2: False}
    desk.click(0)
    desk.click(1)
    desk.click(2, RIGHT)
    assert desk.grid.labels == {1: True}
    assert [side.words for side in desk.panel.sides] == ["1 has it", "0 have not"]
    assert "2 more that have it and 3 more that have not" in desk.panel.verdict.reading.text()


def test_keys_do_all_that_the_mouse_does(open_desk):
    desk, keys = open_desk, open_desk.qtbot.keyClick
    desk.panel.setFocus()
    desk.grid.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Minus, Qt.Key.Key_Right, Qt.Key.Key_Plus):
        keys(desk.grid, key)
    assert desk.grid.labels == {0: True, 1: False, 2: True}
    keys(desk.grid, Qt.Key.Key_Left)
    assert desk.grid.accessibleDescription().endswith(", has it not")
    keys(desk.grid, Qt.Key.Key_Right)
    keys(desk.grid, Qt.Key.Key_Delete)
    assert desk.grid.labels == {0: True, 1: False}
    keys(desk.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.labels) == 3
    keys(desk.grid, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert len(desk.labels) == 2
    keys(desk.grid, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    keys(desk.grid, Qt.Key.Key_E)
    assert desk.sent[-1].tobytes() == desk.grid.inputs[2].tobytes()
    keys(desk.grid, Qt.Key.Key_Delete, SHIFT)
    assert len(desk.labels) == 0


def test_three_of_each_give_a_direction_its_accuracy_and_a_film_strip(open_desk):
    desk = open_desk
    desk.label([0, 1, 2], [3, 4])
    assert desk.labelling.found is None
    desk.click(5, RIGHT)
    desk.settle()
    found = desk.labelling.found
    assert (found.have, found.have_not, found.folds) == (3, 3, 6)
    words = desk.panel.verdict
    assert words.accuracy.text() == f"{found.accuracy:.0%} ± {found.error:.0%}".replace("%", " %")
    assert "leave-one-out of 6" in words.reading.text()
    z = np.stack([desk.labelling.at(sigmas) for sigmas in model.COORDINATES]).astype(np.float64)
    np.testing.assert_allclose(z @ found.vector, model.COORDINATES, atol=1e-5)
    desk.panel.strip.chosen.emit(2.0)
    assert desk.sent[-1] @ found.vector == pytest.approx(2.0, abs=1e-5)
    desk.click(5, RIGHT)
    assert desk.labelling.found is None
    assert not len(desk.panel.strip.values)


def test_the_strip_shows_the_sample_in_directions(open_desk):
    desk = open_desk
    desk.label([0, 1, 2], [3, 4, 5])
    desk.settle()
    strips = []
    desk.labelling.strip_drawn.connect(lambda z, _: strips.append(z))
    z = np.array([0.5, -1, 2, 0], np.float32)
    desk.studio.show_sample(z)
    desk.until(lambda: strips)
    np.testing.assert_allclose(np.linalg.matrix_rank(strips[-1] - z, tol=1e-5), 1)
    assert desk.labelling.coordinate == pytest.approx(desk.labelling.found.vector @ z)


def test_labels_stay_with_their_samples_when_others_are_drawn(open_desk):
    desk = open_desk
    before = desk.grid.inputs.copy()
    desk.label([0], [1])
    desk.panel.bar.draw.click()
    desk.until(lambda: not np.array_equal(desk.grid.inputs, before))
    assert desk.grid.labels == {}
    desk.until(lambda: desk.panel.sides[1].total == 1)
    np.testing.assert_array_equal(desk.panel.sides[0].inputs, before[:1])
    desk.panel.sides[1].removed.emit(0)
    assert desk.labels.count(False) == 0


def test_a_kept_direction_is_a_named_one_and_can_be_undone(open_desk):
    desk = open_desk
    desk.label([0, 1, 2], [3, 4, 5])
    desk.settle()
    desk.qtbot.keyClick(desk.grid, Qt.Key.Key_K)
    assert QApplication.focusWidget() is desk.panel.verdict.name
    desk.panel.verdict.name.setText("moustache")
    desk.qtbot.keyClick(desk.panel.verdict.name, Qt.Key.Key_Return)
    (kept,) = desk.studio.keepsakes.directions
    found = desk.labelling.found
    assert (kept.name, kept.accuracy, kept.strength) == ("moustache", found.accuracy, found.strength)
    np.testing.assert_array_equal(kept.vector, found.vector)
    assert kept.source == "3 samples with and 3 without, labelled by hand"
    assert "moustache" in desk.told[-1]
    desk.studio.undo_stack.undo()
    assert desk.studio.keepsakes.directions == []
    assert len(desk.labels) == 6


def test_a_direction_without_a_name_asks_for_one(open_desk):
    desk = open_desk
    desk.label([0, 1, 2], [3, 4, 5])
    desk.settle()
    desk.panel.verdict.keep.click()
    assert QApplication.focusWidget() is desk.panel.verdict.name
    assert desk.studio.keepsakes.directions == []


def test_a_double_click_explores_and_labels_nothing(open_desk):
    desk = open_desk
    at = desk.grid.places(desk.grid.total)[3].center().toPoint()
    desk.qtbot.mouseClick(desk.grid, LEFT, pos=at)
    desk.qtbot.mouseDClick(desk.grid, LEFT, pos=at)
    assert len(desk.labels) == 0
    assert desk.sent[-1].tobytes() == desk.grid.inputs[3].tobytes()


def test_samples_are_dropped_and_pasted_onto_either_side(open_desk):
    desk = open_desk
    have, have_not = desk.panel.sides
    z = np.random.default_rng(3).normal(size=(4, 4)).astype(np.float32)
    assert Hand(Parcel(z[:3])).drop(have_not)
    sample_drag.copy(Parcel(z[3:]))
    desk.qtbot.keyClick(desk.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [desk.labels.of(one) for one in z] == [False, False, False, True]
    have_not.setFocus()
    desk.qtbot.keyClick(have_not, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.labels.of(z[3]) is False
    have.dropped.emit(Parcel(np.zeros((1, 9), np.float32)))
    assert "another generator's" in desk.told[-1]
    have.dropped.emit(Parcel(images=np.zeros((1, 8, 8, 3), np.uint8)))
    assert "no z" in desk.told[-1]
    desk.until(lambda: have_not.total == 4)
    parcel = have_not.parcel([0])
    assert parcel.inputs.tobytes() == z[3].tobytes()


def test_a_classifier_labels_what_it_is_sure_of_and_is_named(open_desk, monkeypatch):
    from ganstudio.metrics import judges

    def judge(images):  # an untrained G draws no glasses
        bright = images.mean((1, 2, 3))
        return (bright > bright.median()).float()[:, None].expand(-1, len(FACES)) * 0.98 + 0.01

    own = judges.Judge("a judge of brightness", FACES, judge)
    monkeypatch.setitem(judges.JUDGES, "pixel-faces", own)
    desk = open_desk
    assert [desk.panel.bar.judge.itemText(i) for i in range(1, 7)] == list(FACES)
    desk.click(0)
    before = desk.labels
    desk.panel.bar.judge.activated.emit(1)
    assert desk.panel.bar.cancel.isVisible()
    desk.until(lambda: desk.labelling.judging is None)
    assert len(desk.labels) == 300
    assert desk.panel.verdict.name.text() == "glasses"
    desk.settle()
    assert "labelled by a judge of brightness: its opinion" in desk.panel.verdict.reading.text()
    assert set(desk.grid.labels) == set(range(desk.grid.total))
    desk.panel.bar.back.click()
    assert desk.labels is before


def test_a_classifier_can_be_let_go(open_desk):
    desk = open_desk
    desk.panel.bar.judge.activated.emit(1)
    desk.panel.bar.cancel.click()
    assert not desk.panel.bar.cancel.isVisible()
    desk.qtbot.wait(50)
    assert len(desk.labels) == 0


def test_another_generator_begins_without_labels(open_desk, tiny):
    desk = open_desk
    desk.label([0, 1, 2], [3, 4, 5])
    desk.settle()
    desk.open(change(tiny, "noise.params.dim", 7)[0])
    desk.until(lambda: desk.grid.inputs.shape[1] == 7)
    assert len(desk.labels) == 0
    assert "another generator" in desk.told[-1]
    assert not len(desk.panel.strip.values)


def test_it_follows_training_while_it_is_seen_and_rests_when_hidden(open_desk, monkeypatch):
    desk, pages = open_desk, []
    desk.labelling.remaking.seconds = 0.05
    desk.labelling.page_drawn.connect(lambda _, samples: pages.append(samples.tobytes()))
    for width in (560, 900):
        desk.panel.resize(width, 400)
        QApplication.processEvents()
        assert desk.panel.bar.status.text() in ("EMA weights after step 0", "EMA, step 0"), width
    first = len(pages)
    for _ in range(3):
        desk.session.post(Step())
    desk.until(lambda: len(pages) > first)
    desk.until(lambda: desk.panel.bar.status.words == "EMA weights after step 3")
    desk.studio.explorer.live = True
    desk.until(lambda: desk.panel.bar.status.words == "live weights after step 3")
    desk.panel.hide()
    asked = []
    monkeypatch.setattr(desk.studio.explorer, "ask", lambda *a: asked.append(a))
    desk.labelling.draw()
    desk.studio.show_sample(np.zeros(4, np.float32))
    assert asked == []


def test_points_can_be_labelled_too(desk):
    experiment = change(files.preset("ring-8"), "players.*.network.params.hidden", [8])[0]
    desk.session.start()
    desk.panel.show()
    desk.open(experiment)
    assert not desk.panel.bar.judge.isVisible()
    desk.label([0, 1, 2], [3, 4, 5])
    desk.until(lambda: desk.labelling.found is not None and desk.labelling.found.accuracy is not None)
    assert desk.panel.verdict.keep.isEnabled()
    desk.panel.bar.clear.click()
    assert [side.total for side in desk.panel.sides] == [0, 0]


def test_every_control_has_a_tooltip_and_an_accessible_name(open_desk):
    controls = [
        one
        for kind in (QAbstractButton, QComboBox, QLineEdit)
        for one in open_desk.panel.findChildren(kind)
        if one.isVisible()
    ]
    assert len(controls) >= 7
    assert not [one for one in controls if not one.accessibleName() or not one.toolTip()]
    assert set(SIGNS.values()) == {"+", "−"}
