"""Choosing what a duel is about: a live field, and the value of it on either side."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.fields import Field, sections
from ganstudio.experiment.paths import value_or_none
from ganstudio.ui.theme import ON_ACCENT, colours
from ganstudio.ui.widgets.duel_history import LEFT, RIGHT
from ganstudio.ui.widgets.editors import editor
from ganstudio.ui.widgets.numbers import stepped

WHAT = (
    "A duel forks this run into two that differ in one setting alone, and trains them side by side: "
    "the same weights to begin with, the same batches, the same noise."
)
CLASSIC = ("objective.kind", "saturating", "non-saturating")
"""The duel of the textbooks."""
EDITORS = ("integer", "number", "switch", "choice")
"""Fields of other kinds are nothing to choose two values of at a glance."""
LEFT_OUT = ("steps", "checkpoints", "title", "description")
"""Live fields that no step depends on."""
STEPS, MOST_STEPS = 500, 1_000_000
FAR = 3
"""How many presses of an arrow key the right value of a number lies from the left one."""


def fields(experiment: Experiment) -> dict[str, tuple[str, Field]]:
    """What a duel may be about, by path: its words with those of its section, and the field."""
    found = {}
    for section in sections(experiment):
        for field in section.fields:
            known = value_or_none(experiment, field.path) is not None
            if field.live and known and field.editor in EDITORS and field.path.split(".")[0] not in LEFT_OUT:
                found[field.path] = f"{section.title}: {field.title}", field
    return found


def suggestion(field: Field, value: Any) -> tuple[Any, Any]:
    """Two values to begin with: the one in force, and another that is likely to make a difference."""
    if field.path == CLASSIC[0]:
        return CLASSIC[1:]
    if field.editor == "switch":
        return False, True
    if field.editor == "choice":
        return value, next((one.value for one in field.choices if one.value != value), value)
    for steps in (FAR, -FAR, 1, -1):
        other = stepped(value, steps, field)
        if other != value:
            return value, other
    return value, value


class DuelSetup(QWidget):
    """Says what a duel is, and starts one."""

    started = Signal(str, object, object, int)
    """Path, left value, right value, and after how many steps the duel rests; 0: when somebody ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {"left": None, "right": None}
        self._experiment: Experiment | None = None
        self._fields: dict[str, tuple[str, Field]] = {}
        self._title, self._what, self._note = QLabel("The duel"), QLabel(WHAT), QLabel()
        for label in (self._title, self._what, self._note):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self.field = QComboBox()
        self.field.setAccessibleName("What the sides differ in")
        self.field.setToolTip("The one setting in which the two sides differ; any that acts at the next step")
        self.field.setMaxVisibleItems(24)
        self.field.activated.connect(lambda _: self._choose())
        self.steps = QSpinBox()
        self.steps.setRange(0, MOST_STEPS)
        self.steps.setSingleStep(100)
        self.steps.setValue(STEPS)
        self.steps.setSpecialValueText("until you end it")
        self.steps.setSuffix(" steps")
        self.steps.setAccessibleName("Steps")
        self.steps.setToolTip("Steps after which both sides rest and the verdict is shown; 0: until you end it")
        self.start = QPushButton("Start the duel")
        self.start.setObjectName("start-duel")
        self.start.setToolTip("Fork this run and train both sides (Ctrl+Return)")
        self.start.setCursor(Qt.CursorShape.PointingHandCursor)
        self.start.clicked.connect(lambda _: self._start())
        self._sides = {name: _SideBox(name) for name in ("left", "right")}
        for name, box in self._sides.items():
            box.committed.connect(lambda value, name=name: self._take(name, value))
        self._lay_out()
        self.restyle()
        self.show_experiment(None)

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(16)
        for box in self._sides.values():
            sides.addWidget(box, 1)
        about = QGridLayout()
        about.setHorizontalSpacing(12)
        about.addWidget(QLabel("They differ in"), 0, 0)
        about.addWidget(self.field, 0, 1)
        about.addWidget(QLabel("They rest after"), 1, 0)
        about.addWidget(self.steps, 1, 1)
        about.setColumnStretch(1, 1)
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addStretch(1)
        for widget in (self._title, self._what):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addLayout(sides)
        column.addLayout(about)
        column.addWidget(self.start)
        column.addWidget(self._note)
        column.addStretch(2)
        self._middle = QWidget()
        self._middle.setMaximumWidth(820)
        self._middle.setLayout(column)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(self._middle, 100)
        row.addStretch(1)

    def show_experiment(self, experiment: Experiment | None, note: str = "") -> None:
        """Offer an experiment's fields; without one say why there are none."""
        self._experiment = experiment
        found = fields(experiment) if experiment is not None else {}
        if list(found) != list(self._fields):
            path = self.field.currentData() or CLASSIC[0]
            self.field.clear()
            for one, (words, _) in found.items():
                self.field.addItem(words, one)
            index = self.field.findData(path)
            self.field.setCurrentIndex(max(0, index if index >= 0 else self.field.findData(CLASSIC[0])))
            self._fields = found
            self._choose()
        self._fields = found
        self._note.setText(note)
        for widget in (self.field, self.steps, *self._sides.values()):
            widget.setEnabled(bool(found))
        self._see()

    def choose(self, path: str) -> None:
        """Let the duel be about this field."""
        index = self.field.findData(path)
        if index >= 0:
            self.field.setCurrentIndex(index)
            self._choose()

    def _choose(self) -> None:
        """Another field: fitting editors, and two values to begin with."""
        entry = self._fields.get(self.field.currentData())
        if entry is None or self._experiment is None:
            return
        field = entry[1]
        left, right = suggestion(field, value_or_none(self._experiment, field.path))
        for name, value in (("left", left), ("right", right)):
            self.values[name] = value
            self._sides[name].edit(field, value)
        self._see()

    def _take(self, name: str, value: Any) -> None:
        self.values[name] = value
        self._sides[name].show_value(value)
        self._see()

    def _see(self) -> None:
        """Only two values that may be, and that differ, can be fought over."""
        if self._fields:
            wrong = self._wrong()
            self._note.setText(wrong)
            self.start.setEnabled(not wrong)
        else:
            self.start.setEnabled(False)

    def _wrong(self) -> str:
        """Why there can be no such duel; empty when there can."""
        if self.values["left"] == self.values["right"]:
            return "Choose two values that differ."
        assert self._experiment is not None
        try:
            for value in self.values.values():
                change(self._experiment, self.field.currentData(), value)
        except StudioError as error:
            return f"{str(error)[:1].upper()}{str(error)[1:]}."
        return ""

    def _start(self) -> None:
        if self.start.isEnabled():
            self.started.emit(self.field.currentData(), self.values["left"], self.values["right"], self.steps.value())

    def begin(self) -> None:
        """Start, with what is being typed."""
        self.start.setFocus()
        self._start()

    def restyle(self) -> None:
        """Take the theme's colours."""
        c = colours()
        self._title.setStyleSheet(f"font-size: 34px; font-weight: bold; color: {c.text};")
        self._what.setStyleSheet(f"font-size: 18px; color: {c.text};")
        self._note.setStyleSheet(f"font-size: 15px; color: {c.warning};")
        self._middle.setStyleSheet(
            "QComboBox, QAbstractSpinBox, QCheckBox, QLabel { font-size: 16px; min-height: 28px; }"
        )
        self.start.setStyleSheet(
            f"QPushButton {{ font-size: 20px; font-weight: bold; padding: 10px 28px; border-radius: 6px;"
            f" background: {c.accent}; color: {ON_ACCENT}; border: 2px solid {c.accent}; }}"
            f"QPushButton:focus, QPushButton:hover {{ border-color: {c.text}; }}"
            f"QPushButton:disabled {{ background: {c.surface_raised}; color: {c.muted}; border-color: {c.grid}; }}"
        )
        for box in self._sides.values():
            box.restyle()


class _SideBox(QFrame):
    """One side's name in its colour, and an editor of the field."""

    committed = Signal(object)

    def __init__(self, name: str):
        super().__init__()
        self.setObjectName(f"setup-{name}")
        self._name, self._colour = name, LEFT if name == "left" else RIGHT
        self._label = QLabel(name.capitalize())
        self._editor: Any = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(14, 10, 14, 14)
        self._column.addWidget(self._label)

    def edit(self, field: Field, value: Any) -> None:
        """Edit this field."""
        if self._editor is not None:
            self._column.removeWidget(self._editor)
            self._editor.deleteLater()
        self._editor = editor(field)
        self._editor.setToolTip(f"{field.description}\n{field.allowed}".strip())
        self._editor.setAccessibleName(f"{self._name.capitalize()}: {field.title}")
        self._editor.committed.connect(self.committed)
        self._column.addWidget(self._editor)
        self.show_value(value)

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self._editor.show_value(value)

    def restyle(self) -> None:
        """Take the theme's colours."""
        c = colours()
        hue = getattr(c, self._colour)
        self.setStyleSheet(
            f"#setup-{self._name} {{ background: {c.surface}; border: 1px solid {c.grid};"
            f" border-top: 5px solid {hue}; border-radius: 4px; }}"
        )
        self._label.setStyleSheet(f"font-size: 20px; font-weight: bold; color: {hue};")
