"""Runs in the whole window: a run goes back to a checkpoint and on from there, and is opened again from the table."""

from PySide6.QtCore import Qt
from whole_window import WAIT, drop, phase

from ganstudio.runs.archive import zip_run


def test_a_run_is_rewound_branched_compared_and_opened_again(make, qtbot, tiny, tmp_path):
    window = make(tiny)
    studio, runs, compare = window.studio, window.panels["runs"], window.panels["compare"]
    window.show_perspective("runs")
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    events = []
    studio.event.connect(lambda event: events.append(event.kind))
    studio.train()
    qtbot.waitUntil(lambda: studio.status.step >= 5, timeout=WAIT)
    studio.stop()
    qtbot.waitUntil(phase(window, "stopped"), timeout=WAIT)
    end = studio.status.step
    qtbot.waitUntil(lambda: runs.table.runs.open_run is not None and end in _checkpoints(runs), timeout=WAIT)
    folder = studio.runs.folder

    # back to the beginning, and on: a branch
    tree = runs.detail.tree
    tree.setFocus()
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert runs.detail.go_on.text() == "Continue from step 0"
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "rewound" in events, timeout=WAIT)
    assert studio.status.step == 0
    studio.step()
    qtbot.waitUntil(lambda: "branched" in events and len(compare.comparing.strands) == 2, timeout=WAIT)
    studio.save_run()
    qtbot.waitUntil(lambda: len(tree.tree.branches) == 2, timeout=WAIT)

    # another one is opened, then this one again, out of the table; the open one cannot be thrown away
    assert not runs.actions_by_name["delete"].isEnabled()
    window.open_experiment(tiny)
    qtbot.waitUntil(lambda: studio.runs.folder is None, timeout=WAIT)
    runs.table.choose(folder)
    assert runs.actions_by_name["delete"].isEnabled()
    runs.actions_by_name["open"].trigger()
    qtbot.waitUntil(lambda: studio.runs.folder == folder, timeout=WAIT)
    assert studio.status.step == 1
    assert not window.banner.text

    # and a copy comes in as a zip file
    zip_run(folder, tmp_path / "carried.zip")
    drop(window, tmp_path / "carried.zip")
    qtbot.waitUntil(lambda: studio.runs.folder == folder.parent / "carried", timeout=WAIT)


def _checkpoints(runs) -> list[int]:
    tree = runs.detail.tree.tree
    return [one.step for one in tree.checkpoints] if tree is not None else []
