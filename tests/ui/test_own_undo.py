"""Ctrl+Z belongs to the panel with the focus, and to the window everywhere else."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QLineEdit, QMainWindow, QPushButton, QSlider, QVBoxLayout, QWidget

from ganstudio.ui.own_undo import OwnUndo

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot):
    """A window with an undo of its own, a panel with another, and a field beside it."""
    found = QMainWindow()
    found.calls = []
    for name, keys in (("undo", "Ctrl+Z"), ("redo", "Ctrl+Shift+Z")):
        action = QAction(name, found)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _, name=name: found.calls.append(f"window {name}"))
        found.addAction(action)
    middle, found.panel, found.beside = QWidget(), QWidget(), QPushButton()
    row = QVBoxLayout(middle)
    row.addWidget(found.panel)
    row.addWidget(found.beside)
    column = QVBoxLayout(found.panel)
    found.parts = {kind: kind() for kind in (QSlider, QPushButton, QComboBox, QLineEdit)}
    found.parts[QComboBox].addItems(["zebra", "yak"])
    found.strip = QPushButton()
    for part in (*found.parts.values(), found.strip):
        column.addWidget(part)
    holder = QWidget()
    column.addWidget(holder)
    QVBoxLayout(holder).addWidget(found.strip)
    OwnUndo(found.panel, lambda: found.calls.append("undo"), lambda: found.calls.append("redo"), others=(holder,))
    found.setCentralWidget(middle)
    qtbot.addWidget(found)
    with qtbot.waitActive(found):
        found.show()
    return found


@pytest.mark.parametrize("kind", [QSlider, QPushButton, QComboBox])
def test_in_the_panel_the_keys_are_its_own_whatever_has_the_focus(window, qtbot, kind):
    part = window.parts[kind]
    part.setFocus()
    qtbot.keyClick(part, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(part, Qt.Key.Key_Z, CTRL | SHIFT)
    assert window.calls == ["undo", "redo"]
    assert window.parts[QComboBox].currentText() == "zebra"


def test_elsewhere_they_are_the_windows(window, qtbot):
    for part in (window.beside, window.strip):
        part.setFocus()
        qtbot.keyClick(part, Qt.Key.Key_Z, CTRL)
        qtbot.keyClick(part, Qt.Key.Key_Z, CTRL | SHIFT)
    assert window.calls == ["window undo", "window redo"] * 2


def test_a_field_undoes_what_was_typed(window, qtbot):
    field = window.parts[QLineEdit]
    field.setFocus()
    qtbot.keyClicks(field, "1-8")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert field.text() != "1-8"
    assert not window.calls
