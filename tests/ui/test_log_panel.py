"""The log: every event once, in order, to be filtered, opened and copied."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from ganstudio.training.events import Event
from ganstudio.training.session import Session
from ganstudio.ui.panels.log import FILTERS, LogPanel
from ganstudio.ui.studio import Studio
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.event_list import MOST

TRACEBACK = 'Traceback (most recent call last):\n  File "step.py", line 3\nValueError: no'


@pytest.fixture
def panel(qtbot):
    panel = LogPanel(Studio(Session(probes=dict)))
    qtbot.addWidget(panel)
    panel.resize(620, 320)
    panel.show()
    return panel


def tell(panel: LogPanel, kind: str, step: int = 0, sentence: str = "A sentence.", **data: object) -> None:
    panel.studio.event.emit(Event(kind, step, sentence, data))


def shown(panel: LogPanel) -> list[list[str]]:
    """Step, kind and sentence of each row that is not hidden."""
    items = [panel.events.topLevelItem(i) for i in range(panel.events.topLevelItemCount())]
    return [[item.text(column) for column in (1, 2, 3)] for item in items if not item.isHidden()]


def test_events_stand_in_order_with_step_kind_and_sentence(panel):
    tell(panel, "opened", 0, "DCGAN is ready.")
    tell(panel, "edited", 12_345, "lr: 0.1 → 0.2, in force from step 12,346.")
    assert shown(panel) == [
        ["0", "opened", "DCGAN is ready."],
        ["12,345", "edited", "lr: 0.1 → 0.2, in force from step 12,346."],
    ]
    clock = panel.events.topLevelItem(0).text(0)
    assert time.strptime(clock, "%H:%M:%S")


def test_a_run_brings_its_events_along(panel):
    tell(panel, "opened", 50, "Ready.", earlier=[Event("edited", 20, "lr: 1 → 2.", time=1e9), Event("saved", 50)])
    assert [row[1] for row in shown(panel)] == ["edited", "saved", "opened"]
    assert panel.events.topLevelItem(0).text(0).startswith("2001-09-0"), "of another day, with its date"


def test_the_past_shows_what_had_happened_by_then(panel):
    for step in (0, 10, 20):
        tell(panel, "paused", step)
    panel.show_past(10)
    tell(panel, "paused", 30)
    assert [row[0] for row in shown(panel)] == ["0", "10"]
    panel.filter.setCurrentText("Edits")
    panel.filter.setCurrentText("Training")
    assert [row[0] for row in shown(panel)] == ["0", "10"]
    panel.show_past(None)
    assert [row[0] for row in shown(panel)] == ["0", "10", "20", "30"]


def test_the_progress_of_one_piece_of_work_is_one_row(panel):
    for share in (0.0, 0.5, 1.0):
        tell(panel, "loading", 0, "Reading MNIST", share=share)
    tell(panel, "loading", 0, "Reading faces", share=0.1)
    assert [row[2] for row in shown(panel)] == ["Reading MNIST 100%", "Reading faces 10%"]


def test_errors_stand_out_and_open_to_their_traceback(panel):
    tell(panel, "failed", 7, "A step failed.", traceback=TRACEBACK)
    tell(panel, "started")
    failed, started = panel.events.topLevelItem(0), panel.events.topLevelItem(1)
    assert failed.foreground(3).color().name() == colours().danger
    assert started.foreground(3).color().name() == colours().text
    assert [failed.child(i).text(0) for i in range(failed.childCount())] == TRACEBACK.splitlines()
    assert not failed.isExpanded()
    assert started.childCount() == 0


@pytest.mark.parametrize("name", list(FILTERS))
def test_a_filter_shows_its_kinds_also_of_later_events(panel, name):
    kinds = ["opened", "edited", "refused", "failed", "saved", "loading"]
    for kind in kinds[:3]:
        tell(panel, kind)
    panel.filter.setCurrentText(name)
    for kind in kinds[3:]:
        tell(panel, kind, path="a-run")
    wanted = FILTERS[name]
    assert [row[1] for row in shown(panel)] == [kind for kind in kinds if wanted is None or kind in wanted]
    panel.filter.setCurrentText("All events")
    assert [row[1] for row in shown(panel)] == kinds


def test_copy_all_takes_what_is_shown_with_tracebacks(panel, qtbot):
    tell(panel, "started", 3, "Training from step 3.")
    tell(panel, "failed", 7, "A step failed.", traceback=TRACEBACK)
    said = []
    panel.studio.message.connect(said.append)
    panel.copy_all()
    text = QGuiApplication.clipboard().text()
    assert "step 3  started: Training from step 3." in text
    assert "ValueError: no" in text
    assert said
    panel.filter.setCurrentText("Problems")
    panel.copy_all()
    assert "Training" not in QGuiApplication.clipboard().text()


def test_the_chosen_rows_are_copied(panel, qtbot):
    for step in range(3):
        tell(panel, "stepped", step, f"Stepped {step}.")
    panel.events.topLevelItem(1).setSelected(True)
    qtbot.keyClick(panel.events, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    text = QGuiApplication.clipboard().text()
    assert "Stepped 1." in text
    assert "Stepped 0." not in text
    panel.events.clearSelection()
    panel.events.copy()
    assert QGuiApplication.clipboard().text().count("Stepped") == 3


def test_the_list_follows_unless_somebody_reads_further_up(panel, qtbot):
    bar = panel.events.verticalScrollBar()
    for step in range(200):
        tell(panel, "stepped", step)
    qtbot.waitUntil(lambda: 0 < bar.maximum() == bar.value())
    bar.setValue(20)
    for step in range(50):
        tell(panel, "stepped", step)
    qtbot.wait(150)
    assert bar.value() == 20


def test_long_sentences_can_be_scrolled_to(panel, qtbot):
    tell(panel, "failed", 1, "A very long sentence. " * 40)
    qtbot.waitUntil(lambda: panel.events.horizontalScrollBar().maximum() > 0)


def test_the_log_is_bounded_and_cheap(panel):
    start = time.process_time()
    for step in range(MOST + 1000):
        tell(panel, "edited", step, f"lr {step}")
    seconds = time.process_time() - start
    assert panel.events.topLevelItemCount() <= MOST
    assert shown(panel)[-1][2] == f"lr {MOST + 999}"
    assert seconds / (MOST + 1000) < 0.002


def test_the_filter_is_remembered_and_nonsense_ignored(panel):
    panel.load_state({"filter": "Problems"})
    assert panel.save_state() == {"filter": "Problems"}
    panel.load_state({"filter": "no such"})
    panel.load_state({})
    assert panel.save_state() == {"filter": "Problems"}


def test_the_colours_follow_the_theme(panel):
    tell(panel, "failed", 1, "no", traceback=TRACEBACK)
    panel.restyle()
    assert panel.events.topLevelItem(0).foreground(0).color().name() == colours().danger
