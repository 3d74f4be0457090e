"""One run close up: its picture, tags and note, and the tree of its branches."""

from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QImage, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.catalogue import Entry
from ganstudio.runs.folder import STORE
from ganstudio.runs.store import Store
from ganstudio.ui.run_reader import thumbnail
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.amounts import duration, size
from ganstudio.ui.widgets.branch_tree import LANE, BranchTree
from ganstudio.ui.widgets.run_tree import RunTree

PICTURE = 136
LANES = 4
"""Branches that are seen without scrolling."""
SAVE_MS = 1500
"""A note is saved so long after the last letter, and when it is left."""
LONGEST_TITLE = 60
OLD = "This run is of an older version of the program: it can be tagged once it has been trained on."


@dataclass(frozen=True)
class Details:
    """What is read of a run when it is chosen."""

    image: QImage
    tree: RunTree | None
    sentence: str = ""
    """Why there is no tree."""


def read_details(entry: Entry) -> Details:
    """On the reader's thread: the picture, and the tree out of the store."""
    image = thumbnail(entry.thumbnail, 2 * PICTURE)
    if not (entry.folder / STORE).is_file():
        return Details(image, None, "" if entry.damaged else OLD)
    try:
        with closing(Store.open(entry.folder)) as store:
            return Details(image, RunTree.of(store))
    except StudioError as error:
        return Details(image, None, str(error))


class NoteEdit(QPlainTextEdit):
    """A few lines that say when they are left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class RunDetail(QWidget):
    """Shows one run, or says that none is chosen."""

    described = Signal(object, str, object)
    """A person has changed a run: its folder, ``tags`` or ``note``, and the new value."""
    titled = Signal(object, int, str)
    """A person has given a branch of the run in this folder a title, empty to take it away."""
    wanted = Signal(object)
    """A person wants to go on from this ``Checkpoint``."""

    def __init__(self) -> None:
        super().__init__()
        self.entry: Entry | None = None
        self._titling: tuple[Path, int, str] | None = None  # the branch whose title is being edited, and its title
        self._sentence = ""
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName("Newest samples of the run")
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tags = QLineEdit()
        self.tags.setPlaceholderText("tags, with commas between")
        self.tags.setAccessibleName("Tags of the run")
        self.tags.setToolTip("Words of your own, with commas between: the search finds them (F2)")
        self.tags.editingFinished.connect(self._save_tags)
        self.note = NoteEdit()
        self.note.setPlaceholderText("A note")
        self.note.setAccessibleName("Note on the run")
        self.note.setToolTip("What you want to remember about this run; it is saved as you write")
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 12)
        self._later = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._later.timeout.connect(self.save)
        self.note.textChanged.connect(self._later.start)
        self.note.left.connect(self.save)
        self.tree = BranchTree()
        self.scroll = QScrollArea()
        self.scroll.setWidget(self.tree)
        self.scroll.setWidgetResizable(True)
        self.scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.branch = QLineEdit()
        self.branch.setMaxLength(LONGEST_TITLE)
        self.branch.setAccessibleName("Title of the chosen branch")
        self.branch.setToolTip("What the branch of the chosen checkpoint is called; empty: by its number (Shift+F2)")
        self.branch.editingFinished.connect(self._save_title)
        self.go_on = QPushButton()
        self.go_on.setAccessibleName("Continue from the chosen checkpoint")
        self.go_on.clicked.connect(lambda: self.wanted.emit(self.tree.choice))
        self.tree.chosen.connect(lambda _: self._offer())
        self.tree.wanted.connect(self.wanted)
        words = QVBoxLayout()
        words.setSpacing(4)
        for widget in (self.facts, self.tags):
            words.addWidget(widget)
        words.addWidget(self.note, 1)
        upper = QHBoxLayout()
        upper.setSpacing(10)
        upper.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        upper.addLayout(words, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.branch, 1)
        foot.addWidget(self.go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        layout.addLayout(upper)
        layout.addWidget(self.scroll, 1)
        layout.addLayout(foot)
        self.show_entry(None)

    def sizeHint(self) -> QSize:
        return QSize(600, PICTURE + 130)

    def show_entry(self, entry: Entry | None) -> None:
        """Show a run's words; its picture and tree follow with ``show_details``."""
        same = entry is not None and self.entry is not None and entry.folder == self.entry.folder
        if not same:
            self.save()
            self.picture.clear()
            self.tree.show_tree(None)
            self._sentence = ""
        self.entry = entry
        self._say()
        for widget, text in (
            (self.tags, ", ".join(entry.tags) if entry else ""),
            (self.note, entry.note if entry else ""),
        ):
            widget.setEnabled(entry is not None and not entry.damaged and (entry.folder / STORE).is_file())
            if not (same and widget.hasFocus()):
                self._write(widget, text)
        self._offer()

    def _say(self) -> None:
        self.facts.setText("<br>".join(filter(None, (_facts(self.entry), escape(self._sentence)))))

    def _write(self, widget: QLineEdit | QPlainTextEdit, text: str) -> None:
        if isinstance(widget, QLineEdit):
            widget.setText(text)
        elif widget.toPlainText() != text:
            widget.blockSignals(True)
            widget.setPlainText(text)
            widget.blockSignals(False)

    def show_details(self, folder: Path, details: Details) -> None:
        """Picture and tree, where they are still wanted."""
        if self.entry is None or self.entry.folder != folder:
            return
        pixels = QPixmap.fromImage(details.image)
        if pixels.isNull():
            self.picture.setText("no samples yet")
        else:
            ratio = self.devicePixelRatioF()
            pixels = pixels.scaled(
                QSize(round(PICTURE * ratio), round(PICTURE * ratio)),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            pixels.setDevicePixelRatio(ratio)
            self.picture.setPixmap(pixels)
        self.tree.show_tree(details.tree)
        self._offer_title()
        self.scroll.setMinimumHeight(min(self.tree.sizeHint().height(), LANE * (LANES + 1)))
        self._sentence = "" if self.entry.damaged else details.sentence
        self._say()

    def _offer(self) -> None:
        choice = self.tree.choice
        self.go_on.setEnabled(choice is not None)
        self.go_on.setText(f"Continue from step {choice.step:,}" if choice is not None else "Continue from here")
        tip = (
            "Go back to the chosen checkpoint; what is trained from there on is a branch of its own (Enter in the tree)"
        )
        self.go_on.setToolTip(f"{self.tree.words(choice)}. {tip}" if choice is not None else tip)
        self._offer_title()

    def _offer_title(self) -> None:
        """Let the chosen checkpoint's branch be titled, unless somebody is writing there."""
        tree, choice, before = self.tree.tree, self.tree.choice, self._titling
        found = None
        if self.entry is not None and tree is not None and choice is not None:
            title = next((one.title for one in tree.branches if one.id == choice.branch), "")
            found = self.entry.folder, choice.branch, title
        writing = self.branch.hasFocus() and found is not None and before is not None and found[:2] == before[:2]
        self._titling = found
        self.branch.setEnabled(found is not None)
        self.branch.setPlaceholderText(f"title of branch {found[1]}" if found is not None else "")
        if not writing:
            self.branch.setText(found[2] if found is not None else "")

    def save(self) -> None:
        """Save a note that has been changed."""
        self._later.stop()
        if self.entry is not None and self.note.isEnabled() and self.note.toPlainText() != self.entry.note:
            self.described.emit(self.entry.folder, "note", self.note.toPlainText())

    def _save_tags(self) -> None:
        tags = tuple(dict.fromkeys(filter(None, (one.strip().lstrip("#") for one in self.tags.text().split(",")))))
        if self.entry is not None and self.tags.isEnabled() and tags != self.entry.tags:
            self.described.emit(self.entry.folder, "tags", tags)

    def _save_title(self) -> None:
        if self._titling is not None and self.branch.text().strip() != self._titling[2]:
            folder, branch, _ = self._titling
            self._titling = folder, branch, self.branch.text().strip()
            self.titled.emit(*self._titling)

    def restyle(self) -> None:
        """Follow the theme."""
        self.picture.setStyleSheet(f"background: {colours().surface}; color: {colours().muted}; border-radius: 5px;")
        self._say()
        self.tree.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.restyle()
        super().changeEvent(event)


def _facts(entry: Entry | None) -> str:
    if entry is None:
        return "Choose a run to see its samples, its note and its branches."
    title = f"<b>{escape(entry.title or entry.name)}</b>"
    if entry.damaged:
        return f"{title}<br>{escape(entry.damaged)}"
    preset = f", from the preset {escape(entry.preset)}" if entry.preset else ""
    began = f", begun {entry.started.astimezone():%Y-%m-%d %H:%M}" if entry.started else ""
    device = escape(entry.device.upper())
    return (
        f"{title}{preset}<br>"
        f"{entry.steps:,} steps in {duration(entry.seconds)} on {device}, seed {entry.seed}{began}<br>"
        f"<span style='color: {colours().muted}'>{escape(str(entry.folder))} · {size(entry.size)}</span>"
    )
