"""A panel that fails rests and says so; training and the other panels go on."""

import sys

from whole_window import WAIT, phase, trained

from ganstudio.ui.failing import tell_of_failures
from ganstudio.ui.panels.losses import LossesPanel
from ganstudio.ui.panels.samples import SamplesPanel


def test_a_panel_that_fails_rests_until_another_run_is_opened(make, qtbot, monkeypatch):
    window = trained(make, qtbot)
    window.show_perspective("train")
    told = []
    window.studio.event.connect(told.append)
    panel, other = window.panels["losses"], window.panels["samples"]
    with monkeypatch.context() as broken:
        broken.setattr(LossesPanel, "show_history", lambda self, history: 1 / 0)
        qtbot.waitUntil(lambda: panel in window.bridge.failed, timeout=WAIT)
        seen, step = [], window.studio.status.step
        broken.setattr(SamplesPanel, "show_frame", lambda self, frame: seen.append(frame.step))
        qtbot.waitUntil(lambda: bool(seen) and seen[-1] > step, timeout=WAIT)
    warned = [event for event in told if event.kind == "warned"]
    assert len(warned) == 1
    assert "Losses panel failed" in warned[0].sentence
    assert "ZeroDivisionError" in warned[0].data["traceback"]
    assert "Losses panel failed" in window.banner.text
    assert other not in window.bridge.failed
    assert window.studio.status.phase == "running"
    window.restart()
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    qtbot.waitUntil(lambda: panel not in window.bridge.failed, timeout=WAIT)


def test_what_fails_elsewhere_in_the_window_is_told_once(studio, monkeypatch):
    printed, told = [], []
    studio.event.connect(told.append)
    monkeypatch.setattr(sys, "excepthook", lambda *what: printed.append(what))
    tell_of_failures(studio)
    for _ in range(3):
        try:
            raise ValueError("in painting")
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)
    assert len(printed) == 3
    assert [event.kind for event in told] == ["warned"]
    assert "in painting" in told[0].sentence
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert len(told) == 1
