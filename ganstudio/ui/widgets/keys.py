"""The sheet of all keys (F1)."""

from collections.abc import Iterable
from html import escape

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QScrollArea, QVBoxLayout, QWidget

from ganstudio.ui.theme import colours

COLUMNS = 3
HEADING = 2
"""Rows that a heading is worth."""

Block = tuple[str, dict[str, str]]
"""A heading and what each key under it does."""
CONTROLS: Block = ("Controls", {"Tab · Shift+Tab": "To the next · last control", "Enter": "Press it, or open its list"})


class KeySheet(QDialog):
    """The menus' keys, and those of each panel, in columns of about the same height."""

    def __init__(self, menus: dict[str, list[QAction]], panels: dict[str, dict[str, str]], parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("All keys")
        everywhere = [(menu, _keys(actions)) for menu, actions in menus.items()]
        inside = _inside(panels)
        columns = _columns([block for block in (*everywhere, CONTROLS, *inside) if block[1]])
        cells = "".join(f"<td style='padding-right: 28px'>{''.join(map(_table, column))}</td>" for column in columns)
        self.label = QLabel(f"<table><tr>{cells}</tr></table>")
        self.label.setMargin(12)
        scroll = QScrollArea()
        scroll.setWidget(self.label)
        scroll.setWidgetResizable(True)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll)
        layout.addWidget(close)
        hint = self.label.sizeHint()
        self.resize(min(1240, hint.width() + 60), min(680, hint.height() + 80))


def _keys(actions: Iterable[QAction]) -> dict[str, str]:
    found = {}
    for action in actions:
        keys = " or ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())
        if keys:
            # The text of a switch says how it stands, this says what it switches.
            found[keys] = (action.whatsThis() or action.text()).replace("&", "")
    return found


def _inside(panels: dict[str, dict[str, str]]) -> list[Block]:
    """Panels with the same keys share a heading."""
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for title, keys in panels.items():
        alike.setdefault(tuple(keys.items()), []).append(title)
    return [(f"In {' and '.join(titles)}", dict(keys)) for keys, titles in alike.items()]


def _columns(blocks: list[Block]) -> list[list[Block]]:
    """In reading order, each column as high as its share of what is left."""
    left = sum(HEADING + len(keys) for _, keys in blocks)
    columns: list[list[Block]] = [[]]
    height = 0
    for block in blocks:
        rows = HEADING + len(block[1])
        share = left / (COLUMNS - len(columns) + 1)
        if height and height + rows / 2 > share and len(columns) < COLUMNS:
            columns.append([])
            left, height = left - height, 0
        columns[-1].append(block)
        height += rows
    return columns


def _table(block: Block) -> str:
    heading, keys = block
    rows = [
        f"<tr><td colspan=2><h4 style='color: {colours().accent}; margin-bottom: 2px'>{escape(heading)}</h4></td></tr>"
    ]
    for key, what in keys.items():
        rows.append(f"<tr><td style='padding-right: 14px'><b>{escape(key)}</b></td><td>{escape(what)}</td></tr>")
    return f"<table>{''.join(rows)}</table>"
