"""What the window shows of a run whose store has flipped bits: what is whole, and a sentence about the rest."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtTest import QSignalSpy

from ganstudio.runs.about import About
from ganstudio.runs.folder import SCHEMA, STORE
from ganstudio.runs.store import Store
from ganstudio.ui.past_run import PastRun
from ganstudio.ui.widgets.strands_on_disk import read_strands

ABOUT = About(SCHEMA, "id", "Ring", "0.1", "2.14", 7, "cpu", 2, ("a", "b"), started=1.0, ended=2.0)


class OneRun(QObject):
    """Stands for all runs, of which one is open."""

    changed = Signal(object)
    open_changed = Signal()
    told = Signal(str, object)

    def __init__(self, folder):
        super().__init__()
        self.folder = folder


@pytest.fixture
def run(tmp_path):
    """The folder of a run whose first metrics and whose newest picture are damaged."""
    with closing(Store.create(tmp_path, ABOUT)) as store:
        store.append_rows(0, 0, np.ones((600, 2), np.float32))
        for step in (4, 9):
            store.add_snapshot(0, step, "samples", bytes(99))
    with closing(sqlite3.connect(tmp_path / STORE)) as connection, connection:
        connection.execute("UPDATE snapshots SET content = zeroblob(98) || x'01' WHERE step = 9")
        connection.execute("UPDATE metrics SET content = zeroblob(length(content)) WHERE first = 0")
    return tmp_path


def test_the_picture_before_stands_for_a_damaged_one(run, qtbot):
    runs = OneRun(run)
    past, told = PastRun(runs), QSignalSpy(runs.told)
    try:
        runs.open_changed.emit()
        qtbot.waitUntil(lambda: past.picture(9) == 9, timeout=20_000)
        past.ask_picture(9)
        qtbot.waitUntil(lambda: told.count() > 0, timeout=20_000)
        assert "the picture of step 9 is damaged" in told.at(0)[0]
        assert past.picture(9) == 4
        past.refresh()
        past.ask_picture(4)
        with qtbot.waitSignal(past.pictured, timeout=20_000):
            pass
        assert (past.picture(9), told.count()) == (4, 1)
        with closing(Store.open(run, write=True)) as store:
            store.add_snapshot(0, 9, "samples", bytes(98))
        past.refresh()
        qtbot.waitUntil(lambda: past.picture(9) == 9, timeout=20_000)  # another picture of that step
    finally:
        past.close()


def test_a_damaged_picture_that_none_precedes_is_not_said_to_have_a_stand_in(run, qtbot):
    with closing(sqlite3.connect(run / STORE)) as connection, connection:
        connection.execute("DELETE FROM snapshots WHERE step = 4")
    runs = OneRun(run)
    past, told = PastRun(runs), QSignalSpy(runs.told)
    try:
        runs.open_changed.emit()
        qtbot.waitUntil(lambda: past.picture(9) == 9, timeout=20_000)
        past.ask_picture(9)
        qtbot.waitUntil(lambda: told.count() > 0, timeout=20_000)
        assert told.at(0)[0].endswith("the picture of step 9 is damaged on the disk.")
        assert past.picture(9) is None
    finally:
        past.close()


def test_curves_that_are_compared_say_what_of_them_is_damaged(run):
    found = read_strands(run, None)
    assert f"{run / STORE}: the metrics of steps 1 … 512 are damaged" in found.left_out
    assert np.isnan(found.strands[0].history.rows()[:512]).all()
    assert (found.strands[0].history.rows()[512:] == 1).all()
