"""The duel in the window: begun, watched and ended with the keyboard alone, on images and on points."""

import numpy as np
import pytest
from dragging import Hand
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from whole_window import WAIT, phase

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.training.commands import Duel, EndDuel, Step
from ganstudio.training.contest import Contest, Contestant
from ganstudio.training.history import History
from ganstudio.ui import theme
from ganstudio.ui.settings import Settings
from ganstudio.ui.widgets import sample_drag
from ganstudio.ui.widgets.duel_half import common
from ganstudio.ui.widgets.duel_history import ForkAxis, Sides
from ganstudio.ui.widgets.duel_setup import fields, suggestion
from ganstudio.ui.widgets.grid_painting import tile_rect
from ganstudio.ui.window import start

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def ring():
    experiment = files.preset("ring-8")
    for path, value in [("batch_size", 32), ("players.*.network.params.hidden", [16])]:
        experiment, _ = change(experiment, path, value)
    return experiment


@pytest.fixture
def opened(make, qtbot):
    """Makes a window over an experiment that is ready, with the Duel panel called by its key."""

    def opened(experiment):
        window = make(experiment)
        qtbot.waitUntil(window.panels["duel"].setup.start.isEnabled, timeout=WAIT)
        qtbot.keyClick(window, Qt.Key.Key_V)
        assert window.perspectives.currentData() == "duel"
        return window, window.panels["duel"]

    return opened


def pin_on_both_sides(window, panel, qtbot) -> None:
    """A sample dropped on one side is shown by both, each as its own G makes it, also while the duel rests."""
    left, right = panel.arena.halves.values()
    troubles = []
    window.studio.trouble.connect(troubles.append)
    z = np.random.default_rng(0).normal(size=(2, 4)).astype(np.float32)

    def shown(tile: int, one: np.ndarray) -> bool:
        return all(half.inputs[tile].tobytes() == one.tobytes() for half in (left, right))

    place = tile_rect(left.grid.tiles, left.grid._viewport.target, 7).center().toPoint()
    assert Hand(Parcel(z[:1])).drop(left.grid, place)
    qtbot.waitUntil(lambda: shown(7, z[0]), timeout=WAIT)
    assert left.grid.marked == right.grid.marked == {7}
    right.grid.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(right.grid, Qt.Key.Key_Right)
    sample_drag.copy(Parcel(z[1:]))
    qtbot.keyClick(right.grid, Qt.Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: shown(1, z[1]), timeout=WAIT)
    qtbot.keyClick(right.grid, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: not shown(1, z[1]) and shown(7, z[0]), timeout=WAIT)
    assert troubles == []
    assert Hand(Parcel(np.zeros((1, 9), np.float32))).drop(right.histogram)
    assert troubles == ["G takes 4 numbers a sample; these samples are another G's, with 9."]


def test_a_duel_is_begun_watched_and_a_side_kept_by_keyboard(opened, qtbot, tiny):
    window, panel = opened(tiny)
    assert QApplication.focusWidget() is panel.setup.start
    panel.setup.steps.setValue(4)
    qtbot.keyClick(panel.setup.start, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.contest is not None, timeout=WAIT)
    arena = panel.arena
    assert "rests at step 0" in window.docks["samples"].windowTitle()
    assert window.docks["duel"].windowTitle() == "Duel"
    qtbot.waitUntil(lambda: panel.contest.left.step == 4 and phase(window, "paused")(), timeout=WAIT)
    # What was to be seen of both sides comes in, also while the duel rests.
    qtbot.waitUntil(lambda: all(one.grid.tiles is not None for one in arena.halves.values()), timeout=WAIT)
    qtbot.waitUntil(lambda: all(one.histogram.frame is not None for one in arena.halves.values()), timeout=WAIT)
    qtbot.waitUntil(lambda: arena.table.isVisible(), timeout=WAIT)
    pin_on_both_sides(window, panel, qtbot)
    assert arena.header.words.left == "saturating"
    assert arena.header.words.right == "non-saturating"
    assert arena.header.words.step == "step 4"
    qtbot.keyClick(panel, Qt.Key.Key_T)
    assert arena.plots["loss.generator"].isVisible()
    assert len(arena.plots["loss.generator"].plot.history) == 4
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: panel.contest.right.step == 8 and phase(window, "paused")(), timeout=WAIT)
    qtbot.keyClick(panel, Qt.Key.Key_Left, SHIFT)
    qtbot.waitUntil(lambda: panel.over, timeout=WAIT)
    assert Hand(Parcel(np.zeros((1, 4), np.float32))).drop(arena.halves["left"])
    assert "This duel is over" in window.banner.text
    assert window.studio.session.duel is None
    assert window.studio.status.step == 8
    assert window.studio.saturating
    assert arena.header.words.left_note.startswith("kept")
    assert "goes on with left (saturating)" in arena.sentence.text()
    assert window.docks["samples"].windowTitle() == "Samples"
    assert arena.again.isVisible()
    assert not arena.keepers["left"].isVisible()


def test_neither_is_kept_by_key_and_the_next_duel_is_about_another_field(opened, qtbot):
    window, panel = opened(ring())
    panel.setup.steps.setValue(0)
    qtbot.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    arena = panel.arena
    qtbot.waitUntil(lambda: panel.contest is not None and panel.contest.left.step > 3, timeout=WAIT)
    qtbot.waitUntil(lambda: all(one.plane.plane is not None for one in arena.halves.values()), timeout=WAIT)
    assert Hand(Parcel(np.zeros((1, 2), np.float32))).drop(arena.halves["right"].plane)
    assert "A duel over points" in window.banner.text
    window.studio.edit("batch_size", 16)
    qtbot.waitUntil(lambda: window.studio.session.duel.left.experiment.batch_size == 16, timeout=WAIT)
    qtbot.keyClick(panel, Qt.Key.Key_Down, SHIFT)
    qtbot.waitUntil(lambda: panel.over, timeout=WAIT)
    assert window.studio.status.step == 0
    assert window.studio.experiment.batch_size == 32  # the edit was the sides'
    assert {row.label for row in panel.verdict.rows} >= {"Modes of 8", "JSD", "Diversity"}
    qtbot.keyClick(window, Qt.Key.Key_V)
    assert panel.setup.isVisible()
    panel.setup.choose("players.generator.optimiser.params.lr")
    assert panel.setup.values["left"] != panel.setup.values["right"]
    qtbot.keyClick(panel, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: panel.contest is not None and not panel.over, timeout=WAIT)
    assert panel.contest.path == "players.generator.optimiser.params.lr"
    assert panel.arena.header.words.field.startswith("Generator: ")
    window.open_experiment(change(ring(), "seed", 5)[0])
    qtbot.waitUntil(lambda: panel.contest is None and phase(window, "ready")(), timeout=WAIT)
    assert panel.setup.isVisible()


def test_a_side_that_broke_down_is_shown_as_such(opened, qtbot):
    window, panel = opened(ring())
    window.studio.session.post(Duel(steps=3))
    qtbot.waitUntil(lambda: panel.contest is not None, timeout=WAIT)
    right = panel.contest.right
    panel.contest = Contest("objective.kind", 0, 3, panel.contest.left, Contestant("right", "b", 0, right.history,
                            right.experiment, "A loss was not finite."))  # fmt: skip
    panel.arena.show_contest(panel.contest)
    panel._judge()
    assert "broke down" in panel.arena.header.words.right_note
    assert panel.arena.header.words.left_note == "stands better"
    assert "A loss was not finite" in panel.arena.sentence.text()
    window.studio.session.post(EndDuel())
    qtbot.waitUntil(lambda: panel.over, timeout=WAIT)


def test_a_duel_that_the_close_cuts_short_is_told_of_once_at_the_next_opening(make, qtbot, monkeypatch):
    window = make(ring())
    window.studio.session.post(Duel())
    window.studio.session.post(Step())
    qtbot.waitUntil(lambda: (duel := window.studio.session.duel) is not None and duel.left.step == 1, timeout=WAIT)
    window.close()
    monkeypatch.setattr(window, "start_session", lambda: None)
    for told in (True, False):
        window.banner.say("")
        window.settings = Settings(window.settings.path)  # what the next window finds
        start(window)
        assert ("(Objective · Losses: Saturating (minimax) against Non-saturating)" in window.banner.text) == told
        assert ("after 1 step. Ring of 8 stands at step 0" in window.banner.text) == told


@pytest.mark.usefixtures("own_looks")
def test_the_setup_says_what_a_duel_is_and_what_cannot_be_fought_over(opened, tiny):
    window, panel = opened(tiny)
    setup = panel.setup
    assert "differ in one setting" in setup._what.text()
    for looks in ("light", "dark"):
        window.set_theme(looks)
        assert theme.colours().run_5 in panel.arena.keepers["left"].styleSheet()
        assert theme.colours().run_3 in panel.arena.keepers["right"].styleSheet()
    offered = fields(window.studio.experiment)
    assert {"objective.kind", "batch_size", "players.generator.updates", "noise.kind"} & set(offered)
    assert not {"seed", "steps", "data.kind", "title", "players.generator.network.kind"} & set(offered)
    for path, (_, field) in offered.items():
        setup.choose(path)
        assert setup.field.currentData() == path
        assert setup.start.isEnabled() or setup._note.text(), path
        assert field.live
    setup.choose("batch_size")
    setup._take("left", 0)
    assert "at least 1" in setup._note.text()
    assert not setup.start.isEnabled()
    setup._take("left", 32)
    setup._take("right", 32)
    assert setup._note.text() == "Choose two values that differ."
    setup._take("right", 8)
    assert setup.start.isEnabled()
    assert setup._note.text() == ""
    assert suggestion(offered["objective.kind"][1], "hinge") == ("saturating", "non-saturating")


def contest(left: History, right: History, fork: int, failure: str = "") -> Contest:
    sides = (Contestant(name, name, len(one), one, None, "") for name, one in (("left", left), ("right", right)))
    one, other = sides
    if failure:
        other = Contestant("right", "right", len(right), right, None, failure)
    return Contest("lr", fork, 0, one, other)


def history(*values: float) -> History:
    found = History(("v",))
    found.append(np.array(values, np.float32)[:, None])
    return found


def test_both_sides_are_one_history_whose_trunk_parts_at_the_fork():
    left, right = history(1, 1, 1, 5, 5, 5), history(1, 1, 1, 9, 9)
    sides = Sides(contest(left, right, 3), "v")
    assert len(sides) == 5
    found = sides.buckets(["before", "left", "right"], 0, 10, 1)
    np.testing.assert_array_equal(found.x, [1, 2, 3, 4, 5])
    nan = np.nan
    np.testing.assert_array_equal(found.mean, [[1, 1, 1, nan, nan], [nan, nan, 1, 5, 5], [nan, nan, 1, 9, 9]])
    assert (sides.recent("left"), sides.recent("right")) == (5, 9)
    sides.see(contest(left, right, 3, "broke down"))
    assert len(sides) == 6
    revision = sides.revision
    right.truncate(3)
    sides.see(contest(left, right, 3, "broke down"))
    assert sides.revision > revision
    found = sides.buckets(["left", "right"], 0, 10, 1)
    np.testing.assert_array_equal(found.mean, [[nan, nan, 1, 5, 5, 5], [nan, nan, 1, nan, nan, nan]])


def test_the_axis_shows_the_duel_however_late_it_began_and_moves_by_leaps():
    axis = ForkAxis(100_000)
    first = axis.state
    axis.room_for_steps(100_050)
    assert axis.state == first
    assert axis.low < 100_000 < 100_100 <= axis.high < 100_300
    axis.room_for_steps(100_500)
    assert axis.high >= 100_500


def test_histograms_of_both_sides_come_over_one_axis_and_keep_their_counts():
    from ganstudio.probes.histogram import BINS, HistogramFrame

    def frame(low, high, kind="logit"):
        counts = np.arange(BINS, dtype=np.float32)
        edges = np.linspace(low, high, BINS + 1)
        return HistogramFrame(1, "left", kind, edges, counts, counts, (0, 0), None, np.empty((2, 0, BINS)), np.empty(0))

    one, other = common(frame(-1, 1), frame(-4, 2))
    for found in (one, other):
        bin_width = found.edges[1] - found.edges[0]
        assert found.edges[0] == pytest.approx(-4, abs=bin_width)
        assert found.edges[-1] == pytest.approx(2, abs=bin_width)
        assert len(found.real) == len(found.edges) - 1
        assert found.real.sum() == np.arange(BINS).sum()
    assert common(frame(0, 1, "logit"), frame(0, 9, "output"))[1].edges[-1] == 9
