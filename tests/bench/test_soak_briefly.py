"""A short soak in the real window: ``ganstudio bench soak`` has the long form."""

import sys
import threading

import pytest
from PySide6.QtCore import qWarning

from ganstudio.bench import soak
from ganstudio.bench.soak import Look
from ganstudio.experiment.errors import StudioError


def test_two_thousand_steps_with_every_panel_leak_nothing(qapp):
    with soak.complaints() as wrong:
        looks = soak.long_run(2000, 5)
    assert wrong == []
    assert looks[-1].step >= 2000
    figures = {one.name: one for one in soak.figures_of(looks)}
    assert figures["threads that stay, more than after a tenth"].met
    assert figures["open files that stay, more than after a tenth"].met
    assert figures["memory after 2,000 steps over memory after half of them"].value < 1.2
    assert sum(look.frames for look in looks) > 5


def test_nine_cycles_of_a_restless_person(qapp):
    with soak.complaints() as wrong:
        assert soak.cycles(9, seed=3, per_window=5) == 9 * soak.PER_CYCLE
    assert wrong == []


def test_leaks_and_slower_frames_would_be_seen():
    def look(index: int, **more: float) -> Look:
        values = {"bytes": 100, "threads": 3, "files": 9, "frames": 10, "seconds": 0.1}
        return Look(index, **{**values, **more})

    calm = soak.figures_of([look(index) for index in range(20)])
    assert all(one.met is not False for one in calm)
    leaking = [
        look(index, bytes=100 + index, threads=3 + index, files=9 + index, seconds=0.1 + index / 50)
        for index in range(20)
    ]
    assert [one.met for one in soak.figures_of(leaking)][:4] == [False] * 4


def test_what_nobody_catches_is_collected():
    before = sys.excepthook, threading.excepthook
    with soak.complaints() as wrong:
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        qWarning("something is odd")
        sys.excepthook(ValueError, ValueError("in a slot"), None)
    assert len(wrong) == 3
    assert "ZeroDivisionError" in wrong[0]
    assert wrong[1] == "Qt: something is odd"
    assert (sys.excepthook, threading.excepthook) == before


def test_soak_measures_no_preset():
    with pytest.raises(StudioError, match="no preset"):
        soak.measure("ring-8")
