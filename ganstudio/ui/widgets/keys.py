"""The sheet of all keys (F1)."""

from collections.abc import Iterable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ganstudio.ui.theme import colours

COLUMNS = 3
HEADING = 2
"""Rows that a heading is worth."""
WIDTH, HEIGHT = 1200, 680
"""At the most, in pixels: the sheet fits a screen of 1280×720."""

Block = tuple[str, dict[str, str]]
"""A heading and what each key under it does."""
CONTROLS: Block = ("Controls", {"Tab · Shift+Tab": "To the next · last control", "Enter": "Press it, or open its list"})


class KeySheet(QDialog):
    """The menus' keys, and those of each panel, in columns of about the same height; a field finds some of them."""

    def __init__(self, menus: dict[str, list[QAction]], panels: dict[str, dict[str, str]], parent: QWidget):
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAccessibleName("All keys")
        everywhere = [(menu, _keys(actions)) for menu, actions in menus.items()]
        self._blocks = [block for block in (*everywhere, CONTROLS, *_inside(panels)) if block[1]]
        self.find = QLineEdit()
        self.find.setPlaceholderText("Find a key, a panel, or what is done")
        self.find.setAccessibleName("Find among the keys")
        self.find.setClearButtonEnabled(True)
        self.find.textChanged.connect(self._show)
        self.columns = [QLabel() for _ in range(COLUMNS)]
        sheet = QWidget()
        beside = QHBoxLayout(sheet)
        beside.setSpacing(24)
        for label in self.columns:
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            beside.addWidget(label, 1)
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.find)
        layout.addWidget(scroll)
        layout.addWidget(close)
        self.resize(WIDTH, HEIGHT)
        self._show("")

    @property
    def text(self) -> str:
        """All that stands on the sheet, as HTML."""
        return "".join(label.text() for label in self.columns)

    def _show(self, wanted: str) -> None:
        """Show the keys that have to do with what is looked for, word by word."""
        words = wanted.casefold().split()
        found = []
        for heading, keys in self._blocks:
            some = {key: what for key, what in keys.items() if _has(f"{heading} {key} {what}", words)}
            if some:
                found.append((heading, some))
        columns = _columns(found)
        for label, column in zip(self.columns, columns + [[]] * (COLUMNS - len(columns)), strict=True):
            label.setText("".join(map(_table, column)))


def _has(text: str, words: list[str]) -> bool:
    return all(word in text.casefold() for word in words)


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
        words = escape(key).replace(" ", "&nbsp;") if len(key) < 22 else escape(key)
        rows.append(f"<tr><td style='padding-right: 14px'><b>{words}</b></td><td width='100%'>{escape(what)}</td></tr>")
    return f"<table>{''.join(rows)}</table>"
