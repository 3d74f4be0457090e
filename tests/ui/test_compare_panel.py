"""Compare: several runs and branches in one plot, and what differs between them."""

import csv
import shutil

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage
from run_folders import METRICS, add_branch, make_run, metric_rows
from whole_window import WAIT

from ganstudio.experiment.edits import change
from ganstudio.runs.folder import STORE
from ganstudio.training.events import Event
from ganstudio.training.history import History
from ganstudio.ui.comparing import MOST
from ganstudio.ui.panels.compare import ComparePanel
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.difference_table import field_words


@pytest.fixture(scope="module")
def written(tmp_path_factory, tiny):
    place = tmp_path_factory.mktemp("runs")
    faces = make_run(place, "faces", tiny, steps=40)
    add_branch(faces, 0, 20, 30, 2.0)
    other, _ = change(tiny, "batch_size", 32)
    other, _ = change(other, "players.generator.optimiser.params.lr", 3e-4)
    make_run(place, "other", change(other, "title", "Other")[0], steps=90, value=0.5)
    return place


@pytest.fixture
def place(written, tmp_path):
    return shutil.copytree(written, tmp_path / "runs")


@pytest.fixture
def panel(qtbot, studio, place):
    """Over a session with the tiny experiment open, saved nowhere."""
    panel = ComparePanel(studio)
    qtbot.addWidget(panel)
    panel.resize(700, 600)
    panel.show()
    yield panel
    panel.close()


def labels(panel) -> list[str]:
    return [panel.entries[one.key].button.describes.label for one in panel.comparing.strands]


def add(panel, qtbot, *folders) -> None:
    count = len(panel.comparing.strands) + len(folders)
    panel.comparing.add(folders)
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == count, timeout=WAIT)


def open_as(panel, qtbot, folder, count: int) -> None:
    """The session's run is the one in this folder."""
    panel.studio.runs.folder = folder
    panel.studio.runs.open_changed.emit()
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == count, timeout=WAIT)


def drag(kind, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    place = QPointF(5, 5) if kind is QDropEvent else QPointF(5, 5).toPoint()
    event = kind(place, Qt.DropAction.CopyAction, data, buttons, keys)
    return event, data


def pixels(panel, key: str) -> int:
    """How many of the plot's pixels have a strand's hue."""
    hue = QColor(getattr(colours(), f"run_{panel.comparing.hue(key)}"))
    image = panel.plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    found = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)
    return int((np.abs(found - [hue.blue(), hue.green(), hue.red()]).sum(2) < 30).sum())


def test_the_open_run_is_there_at_once(panel):
    panel.show_history(panel.studio.session.history)
    assert labels(panel) == ["1  Tiny"]


def test_the_branches_of_the_open_run_are_there_at_once(panel, qtbot, place):
    open_as(panel, qtbot, place / "faces", 2)
    assert labels(panel) == ["1  branch 0", "2  branch 1"]
    ends = [panel.plot.strands.end(one.key) for one in panel.comparing.strands]
    assert ends == [40, 50]


def test_a_run_is_added_from_the_table_and_drawn_in_its_own_hue(panel, qtbot, place):
    panel.studio.runs.compare_wanted.emit([place / "faces", place / "other"])
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == 3, timeout=WAIT)
    hues = {panel.comparing.hue(one.key) for one in panel.comparing.strands}
    assert len(hues) == 3
    key = next(one.key for one in panel.comparing.strands if one.folder == place / "other")
    shown = pixels(panel, key)
    panel.entries[key].button.click()
    assert shown > 200 > pixels(panel, key)


def test_runs_are_dropped_here_and_nothing_else_is(panel, qtbot, place, tmp_path):
    event, _data = drag(QDragEnterEvent, tmp_path)
    event.ignore()
    panel.dragEnterEvent(event)
    assert not event.isAccepted()
    event, _data = drag(QDropEvent, place / "other", tmp_path)
    panel.dropEvent(event)
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == 2, timeout=WAIT)
    assert panel.comparing.strands[-1].title == "Other"


def test_one_that_is_taken_away_is_offered_again(panel, qtbot, place):
    add(panel, qtbot, place / "faces")
    key = panel.comparing.strands[-1].key
    entry = panel.entries[key]
    entry.button.setFocus()
    qtbot.keyClick(entry, Qt.Key.Key_Delete)
    assert key not in {one.key for one in panel.comparing.strands}
    add(panel, qtbot, place / "faces")
    assert panel.comparing.strands[-1].branch == 1, "the current one"
    words = [words for words, _ in panel.comparing.offers()]
    assert words == ["Tiny · branch 0"]
    panel.comparing.offers()[0][1]()
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == 3, timeout=WAIT)
    assert panel.comparing.offers() == []


def test_what_differs_is_said_field_by_field(panel, qtbot, place):
    add(panel, qtbot, place / "other", place / "faces")
    table = panel.table
    cells = {
        table.item(row, 0).text(): [table.item(row, column).text() for column in range(1, table.columnCount())]
        for row in range(table.rowCount())
    }
    assert cells == {"batch size": ["8", "32", "8"], "G optimiser lr": ["0.001", "0.0003", "0.001"]}
    headings = [table.horizontalHeaderItem(column) for column in range(1, 4)]
    assert [item.text() for item in headings] == ["1", "2", "3"]
    for item, one in zip(headings, panel.comparing.strands, strict=True):
        assert item.foreground().color().name() == getattr(colours(), f"run_{panel.comparing.hue(one.key)}")


def test_alike_experiments_do_not_differ(panel, qtbot, place):
    add(panel, qtbot, place / "faces")
    assert panel.table.rowCount() == 0
    assert "same experiment" in panel.table.horizontalHeaderItem(0).text()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("players.generator.optimiser.params.lr", "G optimiser lr"),
        ("players.discriminator.network.kind", "D network"),
        ("objective.kind", "objective"),
        ("regularisers.r1.gamma", "regularisers r1 gamma"),
        ("batch_size", "batch size"),
    ],
)
def test_fields_are_named_in_words(path, words):
    assert field_words(path) == words


def test_over_time_curves_have_the_length_of_their_training(panel, qtbot, place):
    add(panel, qtbot, place / "faces", place / "other")
    panel.across.setCurrentIndex(1)
    panel.across.activated.emit(1)
    strands = panel.plot.strands
    seconds = {one.folder.name: strands.end(one.key) / 100 for one in strands.strands.values()}
    assert seconds == {"faces": 5.0, "other": 9.0}, "ten steps a second, without what was taken back"
    assert panel.plot.x.unit == "seconds"
    assert panel.plot.reading(250)[0][0] == "2.5 s"


def test_the_open_run_grows_beside_a_longer_one(panel, qtbot, place, monkeypatch):
    add(panel, qtbot, place / "other")
    history = History(METRICS)
    monkeypatch.setattr(type(panel.studio.session), "history", property(lambda _: history))
    history.append(metric_rows(30, 0.8))
    panel.show_history(history)
    live = panel.comparing.strands[0]
    assert live.history is history
    panel._painted_at = 0.0
    before = pixels(panel, live.key)
    history.append(metric_rows(40, 0.8))
    panel.show_history(history)
    qtbot.waitUntil(lambda: pixels(panel, live.key) > 1.4 * before, timeout=WAIT)


def test_a_run_that_went_back_keeps_what_it_had_until_it_branches(panel, qtbot, place, monkeypatch):
    history = History(METRICS)
    history.append(metric_rows(10, 3.0))
    monkeypatch.setattr(type(panel.studio.session), "history", property(lambda _: history))
    open_as(panel, qtbot, place / "faces", 2)
    panel.studio.event.emit(Event("rewound", 10, data={"branch": 0, "step": 10, "experiment": panel.studio.experiment}))
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == 2, timeout=WAIT)
    assert [len(one.history) for one in panel.comparing.strands] == [40, 50]
    panel.studio.event.emit(Event("branched", 10, data={"branch": 2, "parent": 0, "step": 10}))
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == 3, timeout=WAIT)
    assert panel.comparing.strands[-1].history is history


def test_a_damaged_run_is_one_sentence(panel, qtbot, place):
    (place / "other" / STORE).write_bytes(b"no store")
    with qtbot.waitSignal(panel.studio.trouble, timeout=WAIT) as trouble:
        panel.comparing.add([place / "other"])
    assert STORE in trouble.args[0]
    assert len(panel.comparing.strands) == 1


def test_there_are_never_more_than_can_be_told_apart(panel, qtbot, place):
    copies = [shutil.copytree(place / "other", place / f"copy-{number}") for number in range(MOST + 1)]
    said = []
    panel.studio.message.connect(said.append)
    panel.comparing.add(copies)
    qtbot.waitUntil(lambda: bool(said), timeout=WAIT)
    qtbot.waitUntil(lambda: len(panel.comparing.strands) == MOST, timeout=WAIT)
    assert sorted(panel.comparing.hue(one.key) for one in panel.comparing.strands) == list(range(1, MOST + 1))
    assert "copy-0" in labels(panel)[1], "titles alike are told apart by their folders"


def test_every_step_is_saved_as_csv_and_the_picture_as_png(panel, qtbot, place, tmp_path):
    add(panel, qtbot, place / "other")
    panel.comparing.remove(panel.comparing.strands[0].key)
    with qtbot.waitSignal(panel.saved, timeout=WAIT):
        panel.save(tmp_path / "curves.csv")
    with open(tmp_path / "curves.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert lines[0] == ["run", "branch", "step", "seconds", "loss.generator"]
    assert len(lines) == 91
    assert lines[30] == ["other", "0", "30", "3", "0.5"]
    with qtbot.waitSignal(panel.saved, timeout=WAIT):
        panel.save(tmp_path / "curves.png")
    assert QImage(str(tmp_path / "curves.png")).width() == 2 * panel.plot.width()
    with qtbot.waitSignal(panel.unsaved, timeout=WAIT) as refused:
        panel.save(tmp_path / "nowhere" / "curves.csv")
    assert "curves.csv" in refused.args[0]


def test_choices_come_back(panel):
    panel.load_state({"values": 3, "metric": "score.fake", "timed": True, "smoothing": 7})
    state = panel.save_state()
    assert (state["metric"], state["timed"], state["smoothing"]) == ("score.fake", True, 7)
    panel.load_state({"metric": "nothing", "timed": "yes"})
    assert panel.save_state() == state
