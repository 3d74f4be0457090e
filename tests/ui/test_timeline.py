"""The timeline in the whole window: dragged, played and left while training goes on."""

from bisect import bisect_right
from collections.abc import Iterator

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from whole_window import WAIT, phase

from ganstudio.training import worker
from ganstudio.training.commands import Pause
from ganstudio.training.trainer import Trainer
from ganstudio.ui import timeline
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.past import COMPUTING, NOTHING, visible
from ganstudio.ui.settings import Settings
from ganstudio.ui.timeline_marks import Mark
from ganstudio.ui.window import make_window

CURVES = ("losses", "scores")


def shown_by(window: MainWindow, monkeypatch) -> dict[str, list[int]]:
    """From now on the steps of the frames that each panel is given to show."""
    found: dict[str, list[int]] = {}
    for name, panel in window.panels.items():
        if panel.probe:
            steps = found[name] = []

            def show(frame, steps=steps, original=panel.show_frame):
                steps.append(frame.step)
                original(frame)

            monkeypatch.setattr(panel, "show_frame", show)
    return found


def framed(window: MainWindow) -> list[str]:
    """The visible panels that show frames."""
    return [panel.name for panel in visible(window.panels.values()) if panel.probe]


def recorded(window: MainWindow, least: int):
    reel = window.bridge.past.reel
    return lambda: min((len(reel.steps(name)) for name in framed(window)), default=0) >= least


@pytest.fixture(scope="module")
def window(qapp, tiny, tmp_path_factory) -> Iterator[MainWindow]:
    """One window for all tests of this file that can share it."""
    home = tmp_path_factory.mktemp("timeline")
    window = make_window(Settings(home / "settings.json"), out=home / "runs", threads=1)
    window.show()
    window.open_experiment(tiny)
    window.start_session()
    window.bridge.past.run.ask("nobody", "samples", {}, 0)  # its thread belongs to all tests, not to the first to ask
    yield window
    if window.isVisible():
        window.close()


@pytest.fixture
def training(window, qtbot) -> MainWindow:
    """The window while it trains, with something to look back at."""
    qtbot.waitUntil(phase(window, "ready", "paused", "running"), timeout=WAIT)
    window.timeline.go_live()
    window.studio.train()
    qtbot.waitUntil(recorded(window, 5), timeout=WAIT)
    return window


def expected(window: MainWindow, name: str, step: int) -> int:
    kept = window.bridge.past.reel.steps(name)
    return kept[bisect_right(kept, step) - 1]


def test_drag_and_every_panel_shows_that_step_until_live(training, qtbot, monkeypatch):
    window, shown = training, shown_by(training, monkeypatch)
    track, reel, names = window.timeline_bar.track, window.bridge.past.reel, framed(training)
    assert set(names) >= {"samples", "histogram"}
    window.timeline_bar.show_run()

    monkeypatch.setattr(window.bridge.past.run, "checkpoint", lambda step: None)  # what was recorded is enough
    begun = max(reel.steps(name)[0] for name in names)
    middle, target = track.rect().center(), QPoint(round(track.place((begun + track.length) / 2)), 20)
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(track, target)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=target)
    step = window.timeline.position
    assert begun < step < window.timeline.length
    assert window.timeline.shown
    assert {name: shown[name][-1] for name in names} == {name: expected(window, name, step) for name in names}
    for name in CURVES:
        assert [plot.cursor for plot in window.panels[name].plots] == [step] * len(window.panels[name].plots)
        assert any(f"step {step:,}" in line for line, _ in window.panels[name].plots[0].reading(step))
    assert window.timeline_bar.band.text().startswith(f"PAST: step {step:,} of ")
    assert "training goes on" in window.timeline_bar.band.text()

    # What is new is kept, not shown.
    before, newest = {name: len(shown[name]) for name in names}, reel.latest("samples")[0]
    qtbot.waitUntil(lambda: reel.latest("samples")[0] > newest, timeout=WAIT)
    assert {name: len(shown[name]) for name in names} == before

    qtbot.keyClick(track, Qt.Key.Key_Escape)
    assert window.timeline.position is None
    assert {name: shown[name][-1] for name in names} == {name: reel.latest(name)[0] for name in names}
    assert window.panels["losses"].plots[0].cursor is None
    assert window.timeline_bar.band.text().startswith("Live: step ")
    seen = len(shown["samples"])
    qtbot.waitUntil(lambda: len(shown["samples"]) > seen, timeout=WAIT)


def test_a_low_window_keeps_the_row_of_words_for_the_past(training, qtbot):
    window, size = training, training.size()
    band = window.timeline_bar.band
    assert band.isVisible()
    window.resize(1280, 720)
    qtbot.waitUntil(lambda: not band.isVisible(), timeout=WAIT)
    window.timeline.go_to(2)
    assert band.isVisible()
    window.timeline.go_live()
    assert not band.isVisible()
    window.resize(size)
    qtbot.waitUntil(band.isVisible, timeout=WAIT)


def test_keys_step_through_what_was_recorded(training, qtbot):
    window, line = training, training.timeline
    window.studio.pause()
    qtbot.waitUntil(phase(window, "paused"), timeout=WAIT)
    window.bridge.look()
    kept = window.bridge.past.kept_steps()
    control = Qt.KeyboardModifier.ControlModifier

    qtbot.keyClick(window, Qt.Key.Key_Left, control)
    here = line.position
    assert here == max(step for step in kept if step < line.length)
    qtbot.keyClick(window, Qt.Key.Key_Left, control)
    assert line.position == kept[kept.index(here) - 1]
    qtbot.keyClick(window, Qt.Key.Key_Right, control)
    assert line.position == here
    qtbot.keyClick(window, Qt.Key.Key_Home, control)
    assert line.position == 0
    track = window.timeline_bar.track
    qtbot.keyClick(track, Qt.Key.Key_Right)
    qtbot.keyClick(track, Qt.Key.Key_Right)
    qtbot.keyClick(track, Qt.Key.Key_Left)
    assert line.position == 1
    qtbot.keyClick(window, Qt.Key.Key_End, control)
    assert line.position is None
    line.go_to(2)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert line.position is None
    line.go_to(2)
    assert window.timeline_bar.band.text().startswith("PAST: step 2 of ")
    assert "goes on" not in window.timeline_bar.band.text()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(phase(window, "running"), timeout=WAIT)  # Space trains, as ever
    assert line.position == 2
    line.go_to(10**9)  # the right end is the present
    assert line.position is None


def test_a_panel_that_was_hidden_says_that_nothing_was_recorded(training, qtbot, monkeypatch):
    window, past = training, training.bridge.past
    assert past.reel.steps("players") == []
    step = past.reel.steps("samples")[1] + 1
    window.timeline.go_to(step)
    note = past._note(window.panels["samples"])
    assert note.text() == f"step {expected(window, 'samples', step):,}"

    monkeypatch.setattr(past.run, "checkpoint", lambda step: None)
    window.show_perspective("inspect")
    qtbot.waitUntil(lambda: window.panels["players"] in visible(window.panels.values()), timeout=WAIT)
    window.bridge.look()
    cover = past._note(window.panels["players"])
    assert cover.isVisible()
    assert cover.text() == NOTHING
    assert cover.geometry() == window.panels["players"].rect()
    window.timeline.go_live()
    assert not cover.isVisible()
    assert not note.isVisible()
    window.show_perspective("train")


def test_what_was_not_recorded_is_computed_from_the_nearest_checkpoint(training, qtbot, monkeypatch):
    window, past = training, training.bridge.past
    qtbot.waitUntil(lambda: bool(past.run.kept.checkpoints), timeout=WAIT)
    assert past.run.checkpoint(0).step == 0
    shown = shown_by(window, monkeypatch)
    monkeypatch.setattr(past.reel, "at_or_before", lambda key, step: None)
    past._computed.clear()  # the tests before may have asked for this step too
    window.timeline.go_to(0)
    assert not window.timeline.shown
    notes = {name: past._note(window.panels[name]) for name in framed(window)}
    assert notes["histogram"].text() == COMPUTING.format(step=0)
    qtbot.waitUntil(lambda: window.timeline.shown, timeout=WAIT)
    assert {note.text() for note in notes.values()} == {"step 0"}
    assert {shown[name][-1] for name in notes} == {0}
    # Other options ask for other frames.
    asked = len(shown["histogram"])
    window.studio.ask_again(window.panels["histogram"])
    qtbot.waitUntil(lambda: len(shown["histogram"]) > asked, timeout=WAIT)

    # Between two checkpoints the run has kept pictures of its samples.
    picture = next(step for step, _ in past.run.kept.pictures if past.run.checkpoint(step).step < step)
    window.timeline.go_to(picture)
    qtbot.waitUntil(lambda: notes["samples"].text().startswith(f"step {picture:,}, as"), timeout=WAIT)
    assert notes["samples"].grab().toImage().size() == notes["samples"].size()
    window.timeline.go_live()


def test_the_past_plays_to_the_present(training, qtbot, monkeypatch):
    window, line, clock = training, training.timeline, Clocked(20.0)
    window.studio.pause()
    qtbot.waitUntil(phase(window, "paused"), timeout=WAIT)
    window.bridge.look()
    monkeypatch.setattr(timeline, "PLAY_MS", 10**6)  # the test ticks
    monkeypatch.setattr(timeline, "perf_counter", clock.now)
    line.go_to(line.length // 2)
    places: list[int | None] = []

    def play_on(seconds: float) -> None:
        clock.at += seconds
        line._tick()
        places.append(line.position)

    # The whole run in ten seconds, from where the window looks, until it is back in the present.
    window.actions_by_name["timeline-play"].trigger()
    assert line.playing
    assert window.actions_by_name["timeline-play"].text() == "Pause the past"
    for _ in range(5):
        play_on(1.1)
    tenth = 0.11 * line.length
    assert places[:4] == [int(line.length // 2 + count * tenth) for count in (1, 2, 3, 4)]
    assert places[4] is None
    assert not line.playing

    # At a speed the past passes as training did, so many times faster, from the beginning.
    monkeypatch.setattr(line, "clock", lambda: clock)
    monkeypatch.setattr(line, "speed", 4.0)
    line.toggle_play()
    assert line.position == 0
    play_on(0.25)
    assert line.position == 20
    line.toggle_play()
    assert not line.playing
    assert line.position == 20


class Clocked:
    """A run that trained at so many steps a second, and a clock that stands still."""

    def __init__(self, pace: float):
        self.pace, self.at = pace, 0.0

    def now(self) -> float:
        return self.at

    def seconds_at(self, steps: float) -> float:
        return steps / self.pace

    def steps_at(self, seconds: float) -> float:
        return seconds * self.pace


def test_another_run_has_another_past(training, qtbot, tiny):
    window = training
    window.studio.edit("lr", 0.0005)
    qtbot.waitUntil(lambda: "edit" in {mark.kind for mark in window.timeline.marks}, timeout=WAIT)
    window.timeline.go_to(2)
    window.open_experiment(tiny)
    qtbot.waitUntil(lambda: "edit" not in {mark.kind for mark in window.timeline.marks}, timeout=WAIT)
    assert window.timeline.position is None
    assert max(window.bridge.past.kept_steps(), default=0) == 0
    assert not window.actions_by_name["timeline-live"].isEnabled()


def test_notes_and_continuing_from_a_checkpoint(training, qtbot):
    window, line = training, training.timeline
    qtbot.waitUntil(lambda: line.length > 20, timeout=WAIT)
    line.go_to(12)
    line.note("It begins to learn.", 12)
    qtbot.waitUntil(lambda: Mark("note", 12, "It begins to learn.") in line.marks, timeout=WAIT)
    window.studio.pause()
    qtbot.waitUntil(lambda: line.past.run.checkpoint(10**6).step == line.length > 12, timeout=WAIT)
    line.note("And now?")
    qtbot.waitUntil(lambda: "And now?" in {mark.sentence for mark in line.marks}, timeout=WAIT)

    cannot = window.actions_by_name["timeline-continue"]
    line.go_live()
    assert not cannot.isEnabled()
    line.go_to(10)
    assert line.checkpoint.step == 0
    assert "step 0" in cannot.toolTip()
    window.actions_by_name["timeline-continue"].trigger()
    qtbot.waitUntil(lambda: line.length == 0, timeout=WAIT)
    qtbot.waitUntil(lambda: line.position is None, timeout=WAIT)
    assert max(line.past.reel.steps("samples"), default=0) == 0
    window.studio.train()
    qtbot.waitUntil(lambda: "branch" in {mark.kind for mark in line.marks} and line.length > 5, timeout=WAIT)
    window.studio.pause()
    qtbot.waitUntil(lambda: line.past.run.kept.branch == 1, timeout=WAIT)


def test_looking_back_changes_nothing_of_training(window, qtbot, tiny):
    """Law 1: dragged about all the time, the run ends with the same weights as alone."""
    steps = 120
    window.timeline.go_live()
    window.open_experiment(tiny)
    qtbot.waitUntil(lambda: window.studio.session.idle and phase(window, "ready")(), timeout=WAIT)
    window.studio.session.post(Pause(at=steps))
    window.studio.train()
    looked = 0
    while window.studio.status.phase != "paused":
        if looked % 5 == 4:
            window.timeline.go_live()
        elif window.timeline.length:
            window.timeline.go_to((looked * 37) % window.timeline.length)
        looked += 1
        qtbot.wait(5)
    assert looked > 5
    window.close()
    torch.set_num_threads(1)  # as in the window: sums depend on their number
    alone = Trainer(tiny, worker.device("auto"))
    for _ in range(steps):
        alone.step()
    assert window.studio.session.weights_sha256() == alone.weights_sha256()
