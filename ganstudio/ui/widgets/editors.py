"""One editor for each type of field. All show a value, and say what a person has made of it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from ganstudio.experiment.fields import Field
from ganstudio.ui.widgets.numbers import parsed, shown, stepped

NARROW = 72
"""Pixels that an editor needs at the least."""


class NumberEdit(QAbstractSpinBox):
    """A number, typed as one likes (``2e-4``) or stepped with arrows and the keys ↑ ↓, PgUp and PgDn for ten."""

    committed = Signal(object)
    """What was typed: a number, or the text that is none."""

    def __init__(self, field: Field):
        super().__init__()
        self.field = field
        self._value: Any = 0
        self._unit = QLabel(field.unit, self.lineEdit())
        self._unit.setEnabled(False)
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lineEdit().setAcceptDrops(False)
        self.editingFinished.connect(self._commit)

    def show_value(self, value: Any) -> None:
        """Show a value; what is being typed is replaced."""
        self._value = value
        self.lineEdit().setText(shown(value))
        self.lineEdit().setCursorPosition(0)

    def _commit(self) -> None:
        text = self.lineEdit().text()
        if text != shown(self._value):
            self.committed.emit(parsed(text, self.field.editor == "integer"))

    def stepBy(self, steps: int) -> None:
        start = parsed(self.lineEdit().text(), self.field.editor == "integer")
        if isinstance(start, str):
            start = self._value
        if isinstance(start, int | float):
            self.lineEdit().setText(shown(stepped(start, steps, self.field)))
            self.lineEdit().selectAll()
            self._commit()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        return QAbstractSpinBox.StepEnabledFlag.StepUpEnabled | QAbstractSpinBox.StepEnabledFlag.StepDownEnabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        # Everything may be typed; the experiment says what it allows when the person is done.
        return QValidator.State.Acceptable, text, position

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.show_value(self._value)
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls, the value stays

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        edit, width = self.lineEdit(), self._unit.sizeHint().width()
        fits = bool(self.field.unit) and edit.width() > width + NARROW
        self._unit.setVisible(fits)
        edit.setTextMargins(0, 0, width + 4 if fits else 0, 0)
        self._unit.setGeometry(edit.width() - width - 4, 0, width, edit.height())


class ChoiceEdit(QComboBox):
    """One of a few values."""

    committed = Signal(object)

    def __init__(self, field: Field):
        super().__init__()
        for index, choice in enumerate(field.choices):
            self.addItem(choice.title, choice.value)
            self.setItemData(index, choice.description, Qt.ItemDataRole.ToolTipRole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setMinimumWidth(NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.activated.connect(lambda index: self.committed.emit(self.itemData(index)))

    def show_value(self, value: Any) -> None:
        """Show a value; one that is not offered stands there greyed."""
        self.setPlaceholderText(str(value))
        self.setCurrentIndex(self.findData(value))

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        # A title too long for the box ends in three dots, not in half a letter.
        super().initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width() - 2
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)

    def showPopup(self) -> None:
        # As wide as its longest entry, whatever the box's own width.
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0) + 28)
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class SwitchEdit(QCheckBox):
    """On or off."""

    committed = Signal(object)

    def __init__(self, field: Field):
        super().__init__()
        self.clicked.connect(lambda on: self.committed.emit(on))

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self.setChecked(bool(value))


class TextEdit(QLineEdit):
    """A line of text."""

    committed = Signal(object)

    def __init__(self, field: Field):
        super().__init__()
        self._value = ""
        self.setMinimumWidth(NARROW)
        self.setAcceptDrops(False)
        self.editingFinished.connect(self._commit)

    def show_value(self, value: Any) -> None:
        """Show a value, its beginning first."""
        self._value = self.written(value)
        self.setText(self._value)
        self.setCursorPosition(0)

    def written(self, value: Any) -> str:
        """A value as text."""
        return str(value)

    def read(self, text: str) -> Any:
        """The value of a text."""
        return text

    def _commit(self) -> None:
        if self.text() != self._value:
            self.committed.emit(self.read(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._value)
        super().keyPressEvent(event)


class NumbersEdit(TextEdit):
    """Several numbers, separated by commas or spaces."""

    def __init__(self, field: Field):
        super().__init__(field)
        self._type = int if field.editor == "integers" else float

    def written(self, value: Any) -> str:
        return ", ".join(shown(one) for one in value) if isinstance(value, list) else str(value)

    def read(self, text: str) -> Any:
        try:
            return [self._type(one) for one in text.strip().strip("[]()").replace(",", " ").split()]
        except ValueError:
            return text


class PathEdit(QWidget):
    """The path of a folder or a file, typed or chosen."""

    committed = Signal(object)

    def __init__(self, field: Field):
        super().__init__()
        self._folder = field.editor == "folder"
        self._title = field.description
        self._text = TextEdit(field)
        self._text.setPlaceholderText("Choose a folder…" if self._folder else "Choose a file…")
        self._text.committed.connect(self.committed)
        browse = QToolButton()
        browse.setText("…")
        browse.setToolTip(f"Choose a {'folder' if self._folder else 'file'}")
        browse.setAccessibleName(browse.toolTip())
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._text, 1)
        row.addWidget(browse)
        self.setFocusProxy(self._text)

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self._text.show_value(value)

    def _browse(self) -> None:
        start = str(Path(self._text.text()).expanduser().parent) if self._text.text() else ""
        if self._folder:
            chosen = QFileDialog.getExistingDirectory(self, self._title, start)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, self._title, start)
        if chosen:
            self.committed.emit(chosen)


EDITORS = {
    "integer": NumberEdit,
    "number": NumberEdit,
    "switch": SwitchEdit,
    "choice": ChoiceEdit,
    "text": TextEdit,
    "integers": NumbersEdit,
    "numbers": NumbersEdit,
    "folder": PathEdit,
    "file": PathEdit,
}


def editor(field: Field) -> NumberEdit | SwitchEdit | ChoiceEdit | TextEdit | PathEdit:
    """The editor that fits a field."""
    return EDITORS[field.editor](field)
