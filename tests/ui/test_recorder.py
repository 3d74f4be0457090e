"""Films of the window: every step that was asked for is in them, and the window stays alive meanwhile."""

import threading

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel
from whole_window import phase, trained

from ganstudio.experiment.errors import StudioError
from ganstudio.ui import recorder as recording
from ganstudio.ui.camera import Subject, _widget, photograph
from ganstudio.ui.recorder import Recorder, Take, steps_of
from ganstudio.ui.widgets.record_dialog import Choices, RecordDialog


class Strip(QLabel):
    """A widget as bright as the step that it shows, and the past that turns it to a step."""

    def __init__(self):
        super().__init__()
        self.setFixedSize(40, 30)
        self.setAutoFillBackground(True)
        self.visited: list[int | None] = []
        self.position: int | None = None
        self.shown = True
        self._paint(200)

    def go_to(self, step: int) -> None:
        self.visited.append(step)
        self.position = step
        self._paint(step)

    def go_live(self) -> None:
        self.visited.append(None)
        self.position = None
        self._paint(200)

    def _paint(self, grey: int) -> None:
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(grey, grey, grey))
        self.setPalette(palette)


@pytest.fixture
def strip(qtbot):
    strip = Strip()
    qtbot.addWidget(strip)
    strip.show()
    return strip


@pytest.fixture
def subject(strip) -> Subject:
    return _widget("strip", "The strip", strip)


@pytest.fixture
def recorder(strip):
    recorder = Recorder(lambda: 7, strip)
    recorder.said = []
    recorder.ended.connect(lambda done, sentence: recorder.said.append((done, sentence)))
    yield recorder
    recorder.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "film"]


def brightness(path) -> list[int]:
    """Of each picture's middle."""
    film = Image.open(path)
    found = []
    for index in range(film.n_frames):
        film.seek(index)
        found.append(film.convert("L").getpixel((20, 10)))
    return found


def ended(recorder, qtbot) -> tuple[bool, str]:
    qtbot.waitUntil(lambda: bool(recorder.said), timeout=20_000)
    assert not recorder.recording
    return recorder.said[-1]


def test_the_past_is_filmed_step_by_step_and_left_again(recorder, subject, strip, qtbot, tmp_path):
    steps = steps_of(0, 180, 10)
    recorder.record(Take(subject, tmp_path / "film.gif", 10.0, steps=steps, caption=False))
    done, sentence = ended(recorder, qtbot)
    assert done
    assert "10 pictures in film.gif" in sentence
    assert brightness(tmp_path / "film.gif") == list(steps)
    assert strip.visited == [*steps, None]


def test_it_returns_to_the_step_that_was_shown_before(recorder, subject, strip, qtbot, tmp_path):
    strip.go_to(33)
    recorder.record(Take(subject, tmp_path / "film.gif", 10.0, steps=(1, 2)))
    ended(recorder, qtbot)
    assert strip.position == 33


def test_it_waits_until_a_step_is_shown_but_not_for_ever(recorder, subject, strip, qtbot, tmp_path, monkeypatch):
    strip.shown = False
    recorder.record(Take(subject, tmp_path / "film.gif", 10.0, steps=(50, 60), caption=False))
    qtbot.wait(100)
    assert strip.visited == [50]
    monkeypatch.setattr(recording, "PATIENCE", 0.0)
    assert ended(recorder, qtbot)[0]
    assert brightness(tmp_path / "film.gif") == [50, 60]


def test_what_happens_now_is_filmed_until_somebody_finishes(recorder, subject, strip, qtbot, tmp_path):
    recorder.record(Take(subject, tmp_path / "film.gif", 10.0, every=0.01, caption=False))
    counts: list[int] = []
    recorder.progressed.connect(lambda taken, total: counts.append(taken))
    qtbot.waitUntil(lambda: len(counts) >= 2, timeout=10_000)
    strip._paint(90)
    qtbot.waitUntil(lambda: len(counts) >= 5, timeout=10_000)
    recorder.finish()
    done, sentence = ended(recorder, qtbot)
    assert done
    assert f"{counts[-1]} pictures" in sentence
    assert brightness(tmp_path / "film.gif") == [200, 90]  # pictures that are alike are one, shown longer
    assert strip.visited == []


def test_the_window_lives_while_it_records(recorder, subject, qtbot, tmp_path):
    ticks: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(recorder._taken))
    timer.start(1)
    recorder.record(Take(subject, tmp_path / "film.gif", 10.0, steps=steps_of(0, 100, 30)))
    ended(recorder, qtbot)
    timer.stop()
    assert len({taken for taken in ticks if 0 < taken < 30}) > 10


def test_giving_up_leaves_no_file(recorder, subject, qtbot, tmp_path):
    recorder.record(Take(subject, tmp_path / "film.gif", 10.0, steps=steps_of(0, 100, 1000)))
    qtbot.wait(50)
    recorder.cancel()
    assert ended(recorder, qtbot) == (False, "")
    assert not list(tmp_path.iterdir())


def test_a_window_that_closes_waits_until_the_file_is_gone(recorder, subject, qtbot, tmp_path):
    recorder.record(Take(subject, tmp_path / "film.webp", 10.0, steps=steps_of(0, 100, 1000)))
    qtbot.wait(50)
    recorder.close()
    assert not recorder.recording
    assert not list(tmp_path.iterdir())


def test_a_disk_that_fails_later_is_told_in_a_sentence(recorder, subject, qtbot, tmp_path):
    (tmp_path / "place").mkdir()
    recorder.record(Take(subject, tmp_path / "place" / "film.gif", 10.0, every=0.01))
    qtbot.wait(30)
    for file in (tmp_path / "place").iterdir():
        file.unlink()
    (tmp_path / "place").rmdir()
    recorder.finish()
    done, sentence = ended(recorder, qtbot)
    assert not done
    assert "cannot be written" in sentence


@pytest.mark.parametrize("name", ["film.avi", "nowhere/film.gif"])
def test_what_cannot_become_a_film_is_refused_at_once(recorder, subject, tmp_path, name):
    with pytest.raises(StudioError):
        recorder.record(Take(subject, tmp_path / name, 10.0))
    assert not recorder.recording


def test_without_a_past_there_is_none_to_record(subject, tmp_path):
    with pytest.raises(StudioError, match="no past"):
        Recorder(lambda: 0).record(Take(subject, tmp_path / "film.gif", 10.0, steps=(1, 2)))


def test_a_slow_start_gives_the_first_steps_more_pictures():
    even, slow = steps_of(100, 1100, 11), steps_of(100, 1100, 11, "slow-start")
    assert even == tuple(range(100, 1101, 100))
    assert (slow[0], slow[-1]) == (100, 1100)
    gaps = np.diff(slow)
    assert (np.diff(gaps) > 0).all()
    assert gaps[0] < 100 < gaps[-1]


def test_pictures_are_as_high_as_asked_and_carry_the_step(subject):
    plain, large = photograph(subject), photograph(subject, 90)
    assert plain.shape == (30, 40, 3)
    assert large.shape == (90, 120, 3)
    assert (plain == 200).all()
    captioned = photograph(subject, 90, "step 12")
    assert captioned.shape[0] > 90
    assert (captioned[:90] == 200).all()
    assert len(np.unique(captioned[90:])) > 2


# the dialog


@pytest.fixture
def dialog(recorder, subject, qtbot, tmp_path):
    dialog = RecordDialog(recorder, [subject], (20, 200), tmp_path, Choices(seconds=1.0, fps=10, suffix=".gif"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_dialog_says_what_will_come_of_it_and_makes_it(dialog, recorder, qtbot, tmp_path):
    assert dialog.summary.text() == "10 pictures of 40 × 30, one every 20 steps."
    dialog.caption.setChecked(False)
    qtbot.mouseClick(dialog.record, Qt.MouseButton.LeftButton)
    assert not dialog.fields.isEnabled()
    assert dialog.finish.isVisible()
    ended(recorder, qtbot)
    assert "10 pictures" in dialog.summary.text()
    assert dialog.open.isVisible()
    assert dialog.fields.isEnabled()
    assert brightness(tmp_path / "film.gif") == [*range(20, 201, 20)]


def test_the_dialog_shows_the_fields_that_count(dialog):
    assert dialog.seconds.isVisible()
    assert not dialog.every.isVisible()
    dialog.live.click()
    assert not dialog.seconds.isVisible()
    assert dialog.every.isVisible()
    assert "5.0 × as fast" in dialog.summary.text()
    assert dialog.take().steps == ()


def test_format_and_ending_follow_each_other(dialog, tmp_path):
    dialog.format.setCurrentIndex(dialog.format.findData(".mp4"))
    dialog.format.activated.emit(dialog.format.currentIndex())
    assert dialog.take().path == tmp_path / "film.mp4"
    dialog.path.clear()
    for letter in str(tmp_path / "other.webp"):
        dialog.path.insert(letter)
    dialog.path.textEdited.emit(dialog.path.text())
    assert dialog.format.currentData() == ".webp"


def test_what_is_wrong_stands_in_the_dialog(dialog, recorder):
    dialog.path.setText("/nowhere/film.gif")
    dialog.record.click()
    assert "no such folder" in dialog.summary.text()
    assert not recorder.recording
    dialog.first.setValue(200)
    dialog.record.click()
    assert "after the first" in dialog.summary.text()


def test_escape_gives_the_film_up_before_the_dialog(dialog, recorder, qtbot, tmp_path):
    dialog.seconds.setValue(100.0)
    dialog.record.click()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not ended(recorder, qtbot)[0]
    assert dialog.isVisible()
    assert "no film" in dialog.summary.text()
    assert not list(tmp_path.iterdir())


def test_a_real_window_is_filmed_and_its_choices_are_remembered(make, qtbot, tmp_path):
    window = trained(make, qtbot, 12)
    window.studio.pause()
    qtbot.waitUntil(phase(window, "paused"), timeout=20_000)
    window.settings.set("films", str(tmp_path))
    window.actions_by_name["record"].trigger()
    dialog = window.recording.dialog
    names = list(dialog.subjects)
    assert names[0] == "samples"
    assert names[-1] == "window"
    assert "panel-losses" in names
    dialog.what.setCurrentIndex(dialog.what.findData("window"))
    dialog.seconds.setValue(0.5)
    dialog.record.click()
    qtbot.waitUntil(lambda: not window.recording.recorder.recording, timeout=60_000)
    film = Image.open(tmp_path / "film.webp")
    assert film.n_frames >= 2
    assert film.size[0] == window.width()
    assert window.timeline.position is None
    dialog.close()
    window.recording.open()
    assert window.recording.dialog is not dialog
    assert window.recording.dialog.choices.subject == "window"
    assert window.recording.dialog.choices.seconds == 0.5
    window.close()
    assert not window.recording.dialog.isVisible()
