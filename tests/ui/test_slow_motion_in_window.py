"""Slow motion from the window: the studio's pace, its switch, and what the status bar says."""

from PySide6.QtTest import QSignalSpy

from ganstudio.training.commands import Pace
from ganstudio.training.status import Status
from ganstudio.ui.actions import ACTIONS
from ganstudio.ui.studio import SLOW
from ganstudio.ui.widgets.status_bar import StudioStatusBar


def test_the_switch_goes_to_the_last_slow_pace_and_back(studio, settle):
    changes = QSignalSpy(studio.pace_changed)
    studio.toggle_slow()
    assert studio.pace == SLOW
    studio.set_pace(2.0)
    studio.toggle_slow()
    studio.toggle_slow()
    settle(studio)
    assert studio.pace == 2.0
    assert [changes.at(i)[0] for i in range(changes.count())] == [SLOW, 2.0, 0.0, 2.0]
    assert studio.status.pace == 2.0
    studio.set_pace(0)
    settle(studio)


def test_a_pace_that_somebody_else_asks_for_is_followed(studio, settle):
    studio.session.post(Pace(steps_per_s=4))
    settle(studio)
    assert (studio.pace, studio.slow_pace) == (4, 4)
    studio.session.post(Pace())
    settle(studio)
    assert (studio.pace, studio.slow_pace) == (0, 4)


def test_the_status_bar_says_slow_motion(qtbot):
    bar = StudioStatusBar()
    qtbot.addWidget(bar)
    bar.show_status(Status(phase="running", steps_per_s=0.3, pace=0.25), 0.0)
    assert bar.labels["speed"].text() == "slow motion: ¼ step/s"
    bar.show_status(Status(phase="running", steps_per_s=12.0), 0.0)
    assert bar.labels["speed"].text().startswith("12.0 steps/s")


def test_its_key_is_nobody_elses():
    keys = [key for action in ACTIONS for key in action.keys]
    assert keys.count(",") == 1
