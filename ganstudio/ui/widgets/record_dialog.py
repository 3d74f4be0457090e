"""Asks what to record and how, and shows how far it is (Ctrl+Shift+R)."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment.errors import StudioError
from ganstudio.ui.camera import Subject
from ganstudio.ui.recorder import Pace, Recorder, Take, steps_of
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.controls import choice, select

FORMATS = (
    ("WebP: small, for the web", ".webp"),
    ("GIF: plays everywhere, large", ".gif"),
    ("MP4: for slides and players", ".mp4"),
    ("PNG: one sheet of 16 pictures", ".png"),
)
HEIGHTS = (("As on screen", 0), ("480 pixels high", 480), ("720 pixels high", 720), ("1080 pixels high", 1080))
PACES = (("Even steps", "even"), ("Slow start: where most happens", "slow-start"))


@dataclass(frozen=True)
class Choices:
    """What a person chose last."""

    subject: str = "samples"
    suffix: str = ".webp"
    height: int = 0
    pace: Pace = "even"
    seconds: float = 8.0
    fps: int = 15
    every: float = 0.5
    caption: bool = True


class RecordDialog(QDialog):
    """What, from which steps, how long, how large, into which file; then a bar, and the way to the film.

    The window below stays alive; the film is given up when the dialog is closed.
    """

    def __init__(
        self,
        recorder: Recorder,
        subjects: list[Subject],
        span: tuple[int, int],
        place: Path,
        chosen: Choices,
        parent: QWidget | None = None,
    ):
        """``span`` is the first and the last step of the past; the same twice when there is none."""
        super().__init__(parent)
        self.recorder, self.subjects = recorder, {one.name: one for one in subjects}
        self.setWindowTitle("Record a film")
        self.setAccessibleName("Record a film")
        self.setModal(False)
        self._written: Path | None = None
        self._build(span, place, chosen)
        recorder.progressed.connect(self._progress)
        recorder.ended.connect(self._ended)
        self._show_state()

    # building

    def _build(self, span: tuple[int, int], place: Path, chosen: Choices) -> None:
        titles = [(one.title, one.name) for one in self.subjects.values()]
        self.what = choice("What", "What each picture of the film shows", titles, self._summarise)
        select(self.what, chosen.subject)
        self.past = QRadioButton("The past")
        self.past.setToolTip("Play the steps so far again, one a picture")
        self.live = QRadioButton("From now on")
        self.live.setToolTip("Take pictures while it trains, until you finish")
        self._when = QButtonGroup(self)
        for button in (self.past, self.live):
            self._when.addButton(button)
        has_past = self.recorder.past is not None and span[1] > span[0]
        self.past.setEnabled(has_past)
        (self.past if has_past else self.live).setChecked(True)
        self.first, self.last = _whole("From step", (0, span[1]), span[0]), _whole("To step", (0, span[1]), span[1])
        self.seconds = _number("Length", "Seconds that the film lasts", chosen.seconds, 0.5, 600.0, " s")
        self.pace = choice("Pace", "How the steps are spread over the film", PACES, self._summarise)
        select(self.pace, chosen.pace)
        self.every = _number(
            "One picture every", "Seconds of training between two pictures", chosen.every, 0.05, 3600, " s"
        )
        self.fps = _whole("Pictures a second", (1, 60), chosen.fps)
        self.tall = choice(
            "Size", "Height of each picture; words are drawn anew, so they stay sharp", HEIGHTS, self._summarise
        )
        select(self.tall, chosen.height)
        self.caption = QCheckBox("Write the step below each picture")
        self.caption.setChecked(chosen.caption)
        self.format = choice("Format", "What kind of file", FORMATS, self._rename)
        select(self.format, chosen.suffix)
        self.path = QLineEdit(str(place / f"film{chosen.suffix}"))
        self.path.setAccessibleName("File")
        self.path.setToolTip("Where the film is written; its ending says what kind of file it is")
        self.path.textEdited.connect(self._follow_suffix)
        browse = QPushButton("Browse…")
        browse.setToolTip("Choose where the film is written")
        browse.clicked.connect(self._browse)
        self.past.toggled.connect(self._summarise)
        for box in (self.first, self.last, self.seconds, self.every, self.fps):
            box.valueChanged.connect(self._summarise)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setVerticalSpacing(8)
        self.form.addRow("What", self.what)
        self.form.addRow("When", _beside(self.past, self.live))
        self._steps_row = _beside(self.first, QLabel("to"), self.last)
        self.form.addRow("Steps", self._steps_row)
        self.form.addRow("Pace", self.pace)
        self.form.addRow("Length", self.seconds)
        self.form.addRow("One picture every", self.every)
        self.form.addRow("Pictures a second", self.fps)
        self.form.addRow("Size", self.tall)
        self.form.addRow("", self.caption)
        self.form.addRow("Format", self.format)
        self.form.addRow("File", _beside(self.path, browse))
        self.fields = QWidget()
        self.fields.setLayout(self.form)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the film")
        self.record = QPushButton("Record")
        self.record.setDefault(True)
        self.record.clicked.connect(self._record)
        self.finish = QPushButton("Finish")
        self.finish.setToolTip("Take no more pictures, and keep the film of those there are")
        self.finish.clicked.connect(self.recorder.finish)
        self.cancel = QPushButton("Give up")
        self.cancel.setToolTip("End without a film")
        self.cancel.clicked.connect(self.recorder.cancel)
        self.open = QPushButton("Show the film")
        self.open.setToolTip("Open it with what plays such files here")
        self.open.clicked.connect(self._open)
        self.leave = QPushButton("Close")
        self.leave.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (self.open, self.cancel, self.finish, self.record, self.leave):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(10)
        layout.addWidget(self.fields)
        layout.addWidget(self.summary)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)

    def sizeHint(self) -> QSize:
        return QSize(max(520, super().sizeHint().width()), super().sizeHint().height())

    # what is chosen

    @property
    def choices(self) -> Choices:
        """What stands in the fields, to be remembered."""
        return Choices(
            self.what.currentData(),
            self.format.currentData(),
            self.tall.currentData(),
            self.pace.currentData(),
            self.seconds.value(),
            self.fps.value(),
            self.every.value(),
            self.caption.isChecked(),
        )

    def take(self) -> Take:
        """What stands in the fields. Raises ``StudioError`` where they do not go together."""
        chosen, steps = self.choices, ()
        if self.past.isChecked():
            if self.first.value() >= self.last.value():
                raise StudioError("the last step must lie after the first", "Steps")
            count = max(2, round(chosen.seconds * chosen.fps))
            steps = steps_of(self.first.value(), self.last.value(), count, chosen.pace)
        path = Path(self.path.text().strip()).expanduser()
        return Take(
            self.subjects[chosen.subject], path, float(chosen.fps), chosen.height, chosen.caption, steps, chosen.every
        )

    def _summarise(self, *_: object) -> None:
        """Say what will come of it, and show only the fields that count."""
        past = self.past.isChecked()
        for widget in (self._steps_row, self.pace, self.seconds):
            self.form.setRowVisible(widget, past)
        self.form.setRowVisible(self.every, not past)
        chosen = self.choices
        size = self.subjects[chosen.subject].size()
        height = chosen.height or size.height()
        width = round(size.width() * height / max(1, size.height()))
        if past:
            count = max(2, round(chosen.seconds * chosen.fps))
            way = (self.last.value() - self.first.value()) / max(1, count - 1)
            words = f"{count:,} pictures of {width} × {height}"
            words += f", one every {way:,.0f} steps" if way >= 1.5 and chosen.pace == "even" else ""
        else:
            faster = chosen.every * chosen.fps
            words = f"Pictures of {width} × {height}"
            words += f", played {faster:,.1f} × as fast as it trains" if round(faster, 1) != 1 else ", played as it was"
        self._say(f"{words}.")

    def _rename(self) -> None:
        self.path.setText(str(Path(self.path.text()).with_suffix(self.format.currentData())))

    def _follow_suffix(self, text: str) -> None:
        select(self.format, Path(text).suffix.lower())

    def _browse(self) -> None:
        kinds = ";;".join(f"{words.split(':')[0]} (*{suffix})" for words, suffix in FORMATS)
        chosen = next(kind for kind in kinds.split(";;") if f"*{self.format.currentData()})" in kind)
        name, _ = QFileDialog.getSaveFileName(self, "Record a film", self.path.text(), kinds, chosen)
        if name:
            path = Path(name)
            self.path.setText(name if path.suffix else f"{name}{self.format.currentData()}")
            self._follow_suffix(self.path.text())

    # recording

    def _record(self) -> None:
        try:
            take = self.take()
            self.recorder.record(take)
        except StudioError as error:
            self.open.hide()
            self._say(str(error), wrong=True)
            return
        self._written = take.path
        self.bar.setRange(0, len(take.steps))
        self.bar.setValue(0)
        self._say("Recording…")
        self._show_state()
        self.finish.setFocus()

    def _progress(self, taken: int, total: int) -> None:
        self.bar.setValue(taken)
        self._say(f"Picture {taken:,} of {total:,}" if total else f"{taken:,} pictures so far")

    def _ended(self, done: bool, sentence: str) -> None:
        self._show_state()
        self.open.setVisible(done)
        self._say(sentence or "Given up; there is no film.", wrong=not done and bool(sentence))
        (self.open if done else self.record).setFocus()

    def _show_state(self) -> None:
        busy = self.recorder.recording
        self.fields.setEnabled(not busy)
        self.bar.setVisible(busy)
        for button in (self.finish, self.cancel):
            button.setVisible(busy)
        for button in (self.record, self.leave):
            button.setVisible(not busy)
        self.open.setVisible(False)
        if not busy:
            self._summarise()
        self.adjustSize()

    def _say(self, sentence: str, wrong: bool = False) -> None:
        self.summary.setText(sentence)
        self.summary.setStyleSheet(f"color: {colours().danger if wrong else colours().text};")

    def _open(self) -> None:
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter presses the button that has the keyboard, Escape leaves what is being made first.
        if event.key() == Qt.Key.Key_Escape and self.recorder.recording:
            self.recorder.cancel()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.recorder.cancel()
        super().closeEvent(event)


def _beside(*widgets: QWidget) -> QWidget:
    found = QWidget()
    layout = QHBoxLayout(found)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 0 if isinstance(widget, QLabel | QPushButton | QRadioButton) else 1)
    if isinstance(widgets[-1], QRadioButton):
        layout.addStretch(1)
    return found


def _whole(name: str, span: tuple[int, int], value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(*span)
    box.setGroupSeparatorShown(True)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setToolTip(f"{name}: {span[0]:,} to {span[1]:,}")
    return box


def _number(name: str, tip: str, value: float, least: float, most: float, unit: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setRange(least, most)
    box.setDecimals(2 if least < 0.1 else 1)
    box.setSingleStep(0.5)
    box.setSuffix(unit)
    box.setValue(value)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
