"""The slim row of controls above a panel's picture. Each has a tooltip and an accessible name."""

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget


def row(*widgets: QWidget | None) -> QHBoxLayout:
    """Widgets side by side; None takes what room is left."""
    layout = QHBoxLayout()
    layout.setContentsMargins(8, 6, 8, 6)
    layout.setSpacing(6)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        else:
            layout.addWidget(widget)
    return layout


def choice(name: str, tip: str, items: Iterable[tuple[str, Any]], chosen: Callable[[], object]) -> QComboBox:
    """A list of (words, value); ``chosen`` is called when a person picks another."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    for words, value in items:
        box.addItem(words, value)
    box.activated.connect(lambda _: chosen())
    return box


def button(words: str, name: str, tip: str, pressed: Callable[[], object]) -> QToolButton:
    """A button with words on it."""
    found = QToolButton()
    found.setText(words)
    found.setAccessibleName(name)
    found.setToolTip(tip)
    found.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    found.clicked.connect(lambda _: pressed())
    return found


def select(box: QComboBox, value: Any) -> None:
    """Show this value in a list; one that the list does not have is ignored."""
    index = box.findData(value)
    if index >= 0:
        box.setCurrentIndex(index)
