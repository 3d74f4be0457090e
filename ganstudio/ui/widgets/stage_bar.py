"""What stands along the lower edge of the stage: which panels are shown, the scenes, and what the keys do."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ganstudio.ui.theme import colours, tool_buttons

NONE = "Nothing beside it"
MARGIN = 16
"""Pixels at its left and right."""


class StageBar(QFrame):
    """Two lists of panels, buttons over the window's actions, and a line of key hints. It holds no state."""

    chosen = Signal(list)
    """Names of the panels that a person wants to see, one or two."""

    def __init__(self, window: QWidget, actions: Sequence[QAction], hints: Mapping[str, str]):
        super().__init__(window)
        self.setObjectName("stage-bar")
        self.setAccessibleName("Stage")
        self.left, self.right = QComboBox(), QComboBox()
        self.left.setAccessibleName("Panel on the stage")
        self.left.setToolTip("The panel that is shown")
        self.right.setAccessibleName("Panel beside it")
        self.right.setToolTip("A second panel at its right, or nothing")
        row = self._row = QHBoxLayout()
        row.setSpacing(8)
        for box in (self.left, self.right):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            box.activated.connect(self._choose)
            row.addWidget(box)
        row.addStretch(1)
        self._buttons = []
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            row.addWidget(button)
            self._buttons.append(button)
        self.hints = QLabel()
        self.hints.setWordWrap(True)
        self.hints.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hints = hints
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, 8, MARGIN, 8)
        layout.addLayout(row)
        layout.addWidget(self.hints)
        self.hide()

    def offer(self, panels: Mapping[str, str]) -> None:
        """Which panels may be chosen: title by name."""
        self.left.clear()
        self.right.clear()
        self.right.addItem(NONE, "")
        for name, title in panels.items():
            self.left.addItem(title, name)
            self.right.addItem(title, name)

    def show_panels(self, names: Sequence[str]) -> None:
        """Which panels are on the stage."""
        self.left.setCurrentIndex(self.left.findData(names[0]))
        self.right.setCurrentIndex(max(0, self.right.findData(names[1] if len(names) > 1 else "")))

    def _choose(self) -> None:
        names = [self.left.currentData(), self.right.currentData()]
        self.chosen.emit([name for name in dict.fromkeys(names) if name])

    def restyle(self) -> None:
        """Follow a change of theme or type size."""
        self.setStyleSheet(
            f"#stage-bar {{ background: {colours().surface_raised}; border-top: 2px solid {colours().accent}; }}"
            + tool_buttons("3px 10px")
        )
        keys = (
            f"<b style='color: {colours().accent}'>{_whole(key)}</b>&nbsp;{_whole(what)}"
            for key, what in self._hints.items()
        )
        self.hints.setText(" &nbsp; ·&nbsp;&nbsp; ".join(keys))
        side = round(1.3 * self.fontMetrics().height())
        for button in self._buttons:
            button.setIconSize(QSize(side, side))

    def place(self) -> None:
        """Along the lower edge of the window: buttons without words, and keys in several lines, where it is narrow."""
        width, height = self.window().width(), self.window().height()
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in self._buttons:
                button.setToolButtonStyle(style)
            self._row.invalidate()
            if self._row.sizeHint().width() <= width - 2 * MARGIN:
                break
        own = self.heightForWidth(width)
        self.setGeometry(0, height - own, width, own)


def _whole(words: str) -> str:
    """Words that stay on one line."""
    return words.replace(" ", "&nbsp;")
