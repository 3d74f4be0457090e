"""A field in a form: label, mark, editor, reset; and under them what is wrong, or what waits."""

from functools import cache
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QSpacerItem, QToolButton, QWidget

from ganstudio.experiment.fields import Field
from ganstudio.ui.icons import icon
from ganstudio.ui.theme import colours
from ganstudio.ui.widgets.editors import ChoiceEdit, editor
from ganstudio.ui.widgets.numbers import shown

LABEL_LETTERS = 14
"""Width of the label's column, in letters: rows of all sections line up."""
EDITOR_LETTERS = 60
"""Width of an editor at the most, in letters: beyond it the eye loses the way from label to reset."""
ICON = QSize(13, 13)


_icon = cache(icon)
"""Drawn once for all rows."""


class FieldRow(QWidget):
    """One field. It shows what it is given, and tells what a person wants; it knows no experiment."""

    committed = Signal(str, object)
    """The field's path and what was typed or chosen."""
    reset_asked = Signal(str)
    """The field's path."""

    def __init__(self, field: Field):
        super().__init__()
        self.field = field
        self.sentence = ""
        """What was wrong with the last edit, or what waits; empty when all is well."""
        self._refused = self._waiting = False
        self._value: Any = None
        self.editor = editor(field)
        self.editor.committed.connect(lambda value: self.committed.emit(field.path, value))
        self.label = QLabel(field.title)
        self.label.setBuddy(self.editor)
        self.label.setFixedWidth(self.fontMetrics().horizontalAdvance("n" * LABEL_LETTERS))
        self.mark = QLabel()
        self.mark.setFixedSize(ICON)
        self.reset = QToolButton()
        self.reset.setAutoRaise(True)
        self.reset.setIconSize(ICON)
        self.reset.setFixedSize(22, 22)
        self.reset.clicked.connect(lambda: self.reset_asked.emit(field.path))
        self._note: QLabel | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 1, 0, 1)
        self._grid.setHorizontalSpacing(4)
        self._grid.setVerticalSpacing(2)
        for column, widget in enumerate((self.label, self.mark, self.editor, self.reset)):
            self._grid.addWidget(widget, 0, column)
        self.editor.setMaximumWidth(self.fontMetrics().horizontalAdvance("n" * EDITOR_LETTERS))
        self._grid.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding), 0, 4)  # what an editor at its widest leaves
        self._grid.setColumnStretch(2, 1)
        self._explain()
        self.restyle()

    def _explain(self) -> None:
        field = self.field
        acts = "Acts at the next step." if field.live else "Acts on restart."
        facts = [field.description]
        if field.unit:
            facts.append(f"Unit: {field.unit}.")
        if field.allowed and field.editor in ("integer", "number", "integers", "numbers"):
            facts.append(f"Range: {field.allowed}.")
        self._tip = "\n".join([*facts, acts, f"Name in files and on the command line: {field.path}"])
        for widget in (self.label, self.editor):
            widget.setToolTip(self._tip)
        for widget in (self.editor, *self.editor.findChildren(QLineEdit)):
            widget.setAccessibleName(field.title)
            widget.setAccessibleDescription(f"{field.description} {acts}")
        self.mark.setToolTip("" if field.live else "Acts on restart")
        self.mark.setAccessibleName(self.mark.toolTip())
        self.reset.setAccessibleName(f"Reset {field.title}")

    def show_value(self, value: Any, reset: Any, running: Any = None, waiting: bool = False) -> None:
        """Show the field's value, offer the return to ``reset``, and say what runs meanwhile when it waits."""
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.editor.show_value(value)  # only then: something else may be half typed there
        if isinstance(self.editor, ChoiceEdit):
            chosen = next((one.description for one in self.field.choices if one.value == value), "")
            self.editor.setToolTip(f"{chosen}\n\n{self._tip}" if chosen else self._tip)
        self.reset.setEnabled(value != reset)
        back = f"Back to {self._words(reset)}" if value != reset else "As it was when the experiment was opened"
        self.reset.setToolTip(back)
        until = f": {self._words(running)} until then" if running is not None and running != value else ""
        self._say(f"Waits for a restart{until}." if waiting else "", waiting=waiting)

    def refuse(self, sentence: str) -> None:
        """Say under the field why an edit was refused. The value shown is the one in force."""
        self.editor.show_value(self._value)
        self._say(sentence, refused=True, waiting=self._waiting)

    def _words(self, value: Any) -> str:
        titles = {choice.value: choice.title for choice in self.field.choices}
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)
        if isinstance(value, bool):
            return "on" if value else "off"
        return titles.get(value) or shown(value) or "nothing"

    def _say(self, sentence: str, *, refused: bool = False, waiting: bool = False) -> None:
        if (sentence, refused, waiting) == (self.sentence, self._refused, self._waiting):
            return
        self.sentence, self._refused, self._waiting = sentence, refused, waiting
        if self._note is None:
            self._note = QLabel()
            self._note.setWordWrap(True)
            self._note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._note.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._grid.addWidget(self._note, 1, 0, 1, 5)
        self._note.setText(sentence.replace(".", ".\u200b"))  # dotted paths may break at their dots
        self._note.setVisible(bool(sentence))
        self.restyle()

    def restyle(self) -> None:
        """Take the theme's colours."""
        shades = colours()
        if not self.field.live:
            self.mark.setPixmap(_icon("later", shades.warning if self._waiting else shades.muted).pixmap(ICON))
        self.reset.setIcon(_icon("reset", shades.accent))
        if self._note is not None:
            self._note.setStyleSheet(f"color: {shades.danger if self._refused else shades.warning}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not (self._refused or self._waiting):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours().danger if self._refused else colours().warning), 2))
        painter.drawRoundedRect(QRectF(self.editor.geometry()).adjusted(-1, -1, 1, 1), 3, 3)
