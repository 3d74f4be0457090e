"""The Runs panel: what lies on disk as a table, and what a person does with it."""

import os
import shutil
from contextlib import closing
from threading import current_thread, main_thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from run_folders import add_branch, make_run
from whole_window import WAIT

from ganstudio.experiment.edits import change
from ganstudio.runs import catalogue
from ganstudio.runs.archive import zip_run
from ganstudio.runs.folder import SAMPLES, STORE
from ganstudio.runs.housekeeping import TRASH
from ganstudio.runs.store import Store
from ganstudio.training.commands import Open, Rewind, Train
from ganstudio.training.events import Event
from ganstudio.training.session import Session
from ganstudio.ui.panels.runs import RunsPanel
from ganstudio.ui.run_export import CHOICES
from ganstudio.ui.studio import Studio
from ganstudio.ui.widgets import symbols
from ganstudio.ui.widgets.branch_tree import LANE
from ganstudio.ui.widgets.run_model import COLUMNS, RUN


@pytest.fixture(scope="module")
def written(tmp_path_factory, tiny):
    """Two whole runs, one of them with a branch, and a damaged one."""
    place = tmp_path_factory.mktemp("runs")
    faces = make_run(place, "faces", tiny, steps=40, tags=("talk",), note="Settles late.", ended=1_700_000_500.0)
    add_branch(faces, 0, 20, 30, 2.0)
    other, _ = change(tiny, "title", "Other")
    make_run(place, "other", other, steps=90, value=0.5, preset="ring-8")
    damaged = make_run(place, "damaged", tiny)
    (damaged / STORE).write_bytes(b"no store")
    return place


@pytest.fixture
def place(written, tmp_path):
    """The same runs for each test, to do with as it likes."""
    return shutil.copytree(written, tmp_path / "runs")


@pytest.fixture
def posted():
    return []


@pytest.fixture
def panel(qtbot, place, posted, monkeypatch):
    """Over a session that only takes down what it is told."""
    session = Session(probes=dict)
    monkeypatch.setattr(session, "post", posted.append)
    studio = Studio(session)
    studio.runs.place = place
    panel = RunsPanel(studio)
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    qtbot.waitUntil(lambda: panel.table.runs.rowCount() == len(list(place.glob("[!.]*"))), timeout=WAIT)
    yield panel
    panel.close()


def titles(panel) -> list[str]:
    return [panel.table.found.index(row, RUN).data() for row in range(panel.table.found.rowCount())]


def cell(panel, name: str, column: str) -> str:
    row = panel.table.runs.row_of(panel.runs.place / name)
    return panel.table.runs.index(row, [one.title for one in COLUMNS].index(column)).data()


def open_as(panel, folder) -> None:
    """What the session tells once a run is open."""
    panel.studio.run = folder
    panel.studio.event.emit(Event("opened", 0))


def choose(panel, qtbot, name: str) -> None:
    panel.table.choose(panel.runs.place / name)
    qtbot.waitUntil(lambda: panel.detail.tree.tree is not None, timeout=WAIT)


def press(panel, qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.table.setFocus()
    qtbot.keyClick(panel.table, key, modifier)


def test_each_run_is_a_row_with_its_numbers(panel):
    assert sorted(titles(panel)) == ["Other", "Tiny", "damaged"]
    assert [cell(panel, "other", name) for name in ("Steps", "Trained", "Loss G")] == ["90", "9.0 s", "0.5"]
    assert cell(panel, "faces", "Branches") == "2"
    assert cell(panel, "faces", "Tags") == "talk"
    assert not panel.table.runs.picture(panel.runs.place / "faces").isNull()
    assert panel.count.text() == "3 runs"


def test_a_damaged_run_says_so_in_its_row(panel, qtbot):
    panel.table.choose(panel.runs.place / "damaged")
    qtbot.waitUntil(lambda: not panel.detail.picture.pixmap().isNull(), timeout=WAIT)
    assert panel.detail.facts.text().count("store.sqlite") == 1
    assert not panel.detail.tags.isEnabled()
    assert not panel.actions_by_name["compare"].isEnabled()
    assert panel.actions_by_name["delete"].isEnabled()


def test_runs_are_sorted_by_a_column_and_found_by_words(panel):
    panel.table.sortByColumn([one.title for one in COLUMNS].index("Steps"), Qt.SortOrder.DescendingOrder)
    assert titles(panel)[:2] == ["Other", "Tiny"]
    panel.search.setText("tiny LATE")
    assert titles(panel) == ["Tiny"]
    assert panel.count.text() == "1 of 3 runs"
    panel.search.setText("nowhere")
    assert panel.pages.currentWidget() is panel.empty
    panel.search.clear()
    assert len(titles(panel)) == 3


def columns(panel) -> list[str]:
    header = panel.table.horizontalHeader()
    return [one.title for index, one in enumerate(COLUMNS) if not header.isSectionHidden(index)]


def test_columns_and_rows_follow_the_type_as_on_the_stage(panel):
    table, header = panel.table, panel.table.horizontalHeader()
    panel.resize(3000, 600)
    font = table.font()
    for factor in (1, 2.2, 1):
        larger = QFont(font)
        larger.setPointSizeF(factor * font.pointSizeF())
        table.setFont(larger)
        header.setFont(larger)
        QApplication.processEvents()
        shown = [index for index in range(len(COLUMNS)) if not header.isSectionHidden(index)]
        assert len(shown) > 4
        for index in shown[1:]:
            words = header.fontMetrics().horizontalAdvance(symbols.plain(COLUMNS[index].title))
            assert header.sectionSize(index) >= words + 8
        assert table.rowHeight(0) >= 2 * table.fontMetrics().height()
        assert table.horizontalScrollBar().maximum() == 0


def test_columns_that_matter_less_give_way_where_there_is_no_room(panel, qtbot):
    table, header = panel.table, panel.table.horizontalHeader()
    few = columns(panel)
    assert {"Run", "Saved", "Steps"} <= set(few)
    assert "Note" not in few
    assert table.horizontalScrollBar().maximum() == 0
    assert header.length() == table.viewport().width()
    table.want("Note", True)
    assert "Note" in columns(panel)
    assert table.horizontalScrollBar().maximum() == 0
    table.want("Steps", False)
    assert panel.save_state()["table"]["first"] == ["Note"]
    panel.resize(2400, 600)
    assert columns(panel) == [one.title for one in COLUMNS if one.title != "Steps"]
    table.want("Steps", True)
    assert columns(panel) == [one.title for one in COLUMNS]
    panel.resize(320, 600)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0, timeout=WAIT)
    assert columns(panel) == ["Run", "Steps"]


def test_without_runs_it_says_where_they_will_be(qtbot, tmp_path):
    studio = Studio(Session(probes=dict))
    studio.runs.place = tmp_path / "runs"
    panel = RunsPanel(studio)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: str(tmp_path / "runs") in panel.empty.text(), timeout=WAIT)
    assert panel.pages.currentWidget() is panel.empty
    panel.close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_named(qtbot, tmp_path):
    studio = Studio(Session(probes=dict))
    studio.runs.place = tmp_path
    tmp_path.chmod(0)
    panel = RunsPanel(studio)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "cannot be read" in panel.empty.text(), timeout=WAIT)
    tmp_path.chmod(0o700)
    panel.close()


def test_the_tree_shows_every_branch_and_its_checkpoints(panel, qtbot):
    choose(panel, qtbot, "faces")
    tree = panel.detail.tree
    assert [(one.branch, one.step) for one in tree.tree.checkpoints] == [(0, 0), (0, 40), (1, 50)]
    assert (tree.choice.branch, tree.choice.step) == (1, 50), "the newest of the current branch, until somebody chooses"
    assert tree.height() >= 2 * LANE
    qtbot.mouseClick(tree, Qt.MouseButton.LeftButton, pos=tree.place(tree.tree.checkpoints[0]).toPoint())
    assert tree.choice.step == 0
    qtbot.keyClick(tree, Qt.Key.Key_Right)
    assert (tree.choice.branch, tree.choice.step) == (0, 40)
    qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert tree.choice.branch == 1
    assert "branch 1" in tree.accessibleDescription()


def test_continuing_in_the_open_run_rewinds_it(panel, qtbot, posted):
    choose(panel, qtbot, "faces")
    open_as(panel, panel.runs.place / "faces")
    panel.detail.go_on.click()
    assert posted == [Rewind(branch=1, step=50)]


def test_continuing_in_another_run_opens_it_first(panel, qtbot, posted):
    opened = []

    def open_path(folder):
        opened.append(folder)
        panel.studio.run = folder

    panel.studio.path_chosen.connect(open_path)
    choose(panel, qtbot, "faces")
    panel.detail.go_on.click()
    assert opened == [panel.runs.place / "faces"]
    assert posted == [], "not before it is open"
    open_as(panel, opened[0])
    assert posted == [Rewind(branch=1, step=50)]


def test_what_was_to_follow_is_dropped_when_the_run_cannot_be_opened(panel, qtbot, posted):
    panel.studio.path_chosen.connect(lambda folder: setattr(panel.studio, "run", folder))
    choose(panel, qtbot, "other")
    panel.actions_by_name["resume"].trigger()
    panel.studio.event.emit(Event("refused", 0, "No.", {"command": Open(), "field": ""}))
    open_as(panel, panel.runs.place / "other")
    assert posted == []
    panel.runs.resume(panel.runs.place / "other")
    assert posted == [Train()]


def test_enter_opens_and_delete_brings_to_the_trash(panel, qtbot):
    opened, told = [], []
    panel.studio.path_chosen.connect(opened.append)
    panel.runs.told.connect(lambda words, ways: told.append((words, ways)))
    choose(panel, qtbot, "other")
    press(panel, qtbot, Qt.Key.Key_Return)
    assert opened == [panel.runs.place / "other"]
    press(panel, qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: sorted(titles(panel)) == ["Tiny", "damaged"], timeout=WAIT)
    assert (panel.runs.place / TRASH / "other" / STORE).is_file()
    words, ways = told[0]
    assert "other" in words
    ways["Undo"]()
    qtbot.waitUntil(lambda: "Other" in titles(panel), timeout=WAIT)
    assert (panel.runs.place / "other" / STORE).is_file()


def test_the_open_run_is_never_thrown_away(panel, qtbot):
    said = []
    panel.studio.trouble.connect(said.append)
    open_as(panel, panel.runs.place / "faces")
    choose(panel, qtbot, "faces")
    assert not panel.actions_by_name["delete"].isEnabled()
    panel.runs.throw_away([panel.runs.place / "faces"])
    assert "open" in said[0]
    assert (panel.runs.place / "faces").is_dir()


def test_a_copy_is_a_row_of_its_own(panel, qtbot):
    choose(panel, qtbot, "other")
    press(panel, qtbot, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: {"Other", "Other (copy)"} <= set(titles(panel)), timeout=WAIT)


def test_tags_and_note_are_kept_in_the_run(panel, qtbot):
    choose(panel, qtbot, "other")
    panel.detail.tags.setText("lecture 3, #best, best,")
    panel.detail.tags.editingFinished.emit()
    qtbot.waitUntil(lambda: cell(panel, "other", "Tags") == "lecture 3, best", timeout=WAIT)
    panel.detail.note.setPlainText("The first that works.")
    panel.table.choose(panel.runs.place / "faces")  # leaving it saves it
    qtbot.waitUntil(lambda: cell(panel, "other", "Note") == "The first that works.", timeout=WAIT)
    with closing(Store.open(panel.runs.place / "other")) as store:
        about = store.about()
    assert (about.tags, about.note) == (("lecture 3", "best"), "The first that works.")


def test_a_branch_gets_a_title_and_loses_it_again(panel, qtbot):
    choose(panel, qtbot, "faces")
    detail, tree = panel.detail, panel.detail.tree
    assert detail.branch.placeholderText() == "title of branch 1"
    press(panel, qtbot, Qt.Key.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    assert detail.branch.hasFocus()
    qtbot.keyClicks(detail.branch, " softer ")
    qtbot.keyClick(detail.branch, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: tree.tree.name(1) == "softer", timeout=WAIT)
    assert "of softer" in tree.accessibleDescription()
    qtbot.keyClick(detail.branch, Qt.Key.Key_Return)  # nothing new: nothing is written
    tree.choose(tree.tree.checkpoints[0])
    assert (detail.branch.text(), detail.branch.placeholderText()) == ("", "title of branch 0")
    tree.choose(tree.tree.checkpoints[2])
    detail.branch.clear()
    detail.branch.editingFinished.emit()
    qtbot.waitUntil(lambda: tree.tree.name(1) == "branch 1", timeout=WAIT)
    panel.table.choose(panel.runs.place / "damaged")
    assert not detail.branch.isEnabled()


def test_a_save_renews_the_row_but_not_while_nobody_looks(panel, qtbot, tiny):
    folder = panel.runs.place / "other"
    with closing(Store.open(folder, write=True)) as store:
        store.update_about(steps=91)
    panel.studio.event.emit(Event("saved", 91, "Saved.", {"path": str(folder)}))
    qtbot.waitUntil(lambda: cell(panel, "other", "Steps") == "91", timeout=WAIT)
    panel.hide()
    make_run(panel.runs.place, "third", tiny)
    panel.studio.event.emit(Event("saved", 5, "Saved.", {"path": str(panel.runs.place / "third")}))
    qtbot.wait(50)
    assert panel.table.runs.row_of(panel.runs.place / "third") < 0
    panel.show()
    qtbot.waitUntil(lambda: panel.table.runs.row_of(panel.runs.place / "third") >= 0, timeout=WAIT)


def test_the_chosen_runs_are_compared(panel, qtbot):
    wanted = []
    panel.runs.compare_wanted.connect(wanted.append)
    panel.table.selectAll()
    press(panel, qtbot, Qt.Key.Key_C)
    assert {folder.name for folder in wanted[0]} == {"faces", "other"}


@pytest.mark.parametrize("what", ["csv", "samples", "zip"])
def test_what_is_exported_is_written_beside_the_window(panel, qtbot, tmp_path_factory, what):
    one = next(one for one in CHOICES if one.what == what)
    path = tmp_path_factory.mktemp("out") / f"run{one.suffix}"
    entry = panel.table.runs.entry(panel.table.runs.row_of(panel.runs.place / "other"))
    with qtbot.waitSignal(panel.studio.message, check_params_cb=lambda words: words == f"Saved {path}.", timeout=WAIT):
        panel.export.write(one, entry, path)
    assert path.stat().st_size


def test_an_export_that_fails_is_one_sentence(panel, qtbot, tmp_path_factory):
    one = next(one for one in CHOICES if one.what == "samples")
    entry = panel.table.runs.entry(panel.table.runs.row_of(panel.runs.place / "other"))
    (entry.folder / SAMPLES).unlink()
    with qtbot.waitSignal(panel.studio.trouble, timeout=WAIT) as trouble:
        panel.export.write(one, entry, tmp_path_factory.mktemp("out") / "run.png")
    assert "no picture" in trouble.args[0]


def test_an_archive_is_unpacked_and_opened(panel, qtbot, tmp_path_factory):
    file = tmp_path_factory.mktemp("out") / "carried.zip"
    zip_run(panel.runs.place / "other", file)
    with qtbot.waitSignal(panel.studio.path_chosen, timeout=WAIT) as chosen:
        panel.runs.unzip(file)
    assert chosen.args[0].parent == panel.runs.place
    qtbot.waitUntil(lambda: titles(panel).count("Other") == 2, timeout=WAIT)
    file.write_bytes(b"nothing")
    with qtbot.waitSignal(panel.studio.trouble, timeout=WAIT) as trouble:
        panel.runs.unzip(file)
    assert "carried.zip" in trouble.args[0]


def test_hundreds_of_runs_do_not_hold_the_window(qtbot, tmp_path, tiny, monkeypatch):
    """The window's thread takes rows; another reads them."""
    readers = set()
    monkeypatch.setattr(catalogue, "is_run", lambda folder: True)
    monkeypatch.setattr(
        catalogue, "read", lambda folder: readers.add(current_thread()) or catalogue.Entry(folder, title=folder.name)
    )
    for number in range(500):
        (tmp_path / f"{number:03}").mkdir()
    studio = Studio(Session(probes=dict))
    studio.runs.place = tmp_path
    panel = RunsPanel(studio)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: panel.table.runs.rowCount() == 500, timeout=WAIT)
    assert main_thread() not in readers
    readers.clear()
    panel.hide()
    panel.show()
    qtbot.wait(50)
    assert not readers, "what has not changed is not read again"
    panel.close()


def test_choices_come_back(panel, qtbot):
    panel.table.load({"hidden": ["Size", "Run"], "sorted": "Steps", "descending": True})
    state = panel.save_state()
    assert state["table"] == {"hidden": ["Size"], "first": [], "sorted": "Steps", "descending": True}
    panel.load_state({"table": {"hidden": 3, "sorted": "nothing"}})
    assert panel.save_state() == state
